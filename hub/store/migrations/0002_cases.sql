-- Cases: what a service item's run leaves behind (hub/store/case_rows.h says what each column is). `state`, `result`,
-- `body`, `basis`, `detail` and `assignee` are sealed by the caller; `subject_hash`, `assignee_hash`, `biz_key` and `v`
-- are keyed hashes. Steps and calls are clustered by their case, wide as they are: a transition closes one and opens the
-- next in the same page.
ALTER TABLE shard_ctl ADD COLUMN case_no I8 NOT NULL DEFAULT 0;
DROP INDEX audit_once;
CREATE UNIQUE INDEX audit_once ON audit(shard,exchange_id,kind,rev);

CREATE TABLE item(item TEXT NOT NULL, version I4 NOT NULL, digest BYTES NOT NULL, status I4 NOT NULL, yaml TEXT NOT NULL, created_ms I8 NOT NULL, PRIMARY KEY(item,version)) REF;

CREATE TABLE cases(shard I4 NOT NULL, case_id I8 NOT NULL, number TEXT NOT NULL, item TEXT NOT NULL, version I4 NOT NULL, status I4 NOT NULL, phase TEXT NOT NULL, priority I4 NOT NULL, subject_hash TEXT NOT NULL, owner TEXT NOT NULL, hall TEXT NOT NULL, external_number TEXT NOT NULL, hops I4 NOT NULL, no_return I4 NOT NULL, parent I8 NOT NULL, is_open I4 NOT NULL, created_ms I8 NOT NULL, updated_ms I8 NOT NULL, yellow_ms I8 NOT NULL, orange_ms I8 NOT NULL, due_ms I8 NOT NULL, closed_ms I8 NOT NULL, rev I8 NOT NULL, state BYTES NOT NULL, PRIMARY KEY(shard,case_id)) DIST;
CREATE INDEX cases_owner ON cases(owner,is_open,due_ms,case_id,hall,item,status,orange_ms,yellow_ms);
CREATE INDEX cases_hall ON cases(hall,is_open,due_ms,case_id,owner,item,status,orange_ms,yellow_ms) WHERE hall<>'';
CREATE INDEX cases_status ON cases(status,is_open,due_ms,case_id,item,orange_ms,yellow_ms);
CREATE INDEX cases_due ON cases(is_open,due_ms,case_id,item,status,orange_ms,yellow_ms);
CREATE INDEX cases_subject ON cases(subject_hash,case_id) WHERE subject_hash<>'';
CREATE INDEX cases_number ON cases(number,case_id) WHERE number<>'';
CREATE INDEX cases_external ON cases(external_number,case_id) WHERE external_number<>'';
CREATE TABLE case_key(shard I4 NOT NULL, scope TEXT NOT NULL, biz_key TEXT NOT NULL, case_id I8 NOT NULL, created_ms I8 NOT NULL, PRIMARY KEY(shard,scope,biz_key)) NARROW;

CREATE TABLE step(shard I4 NOT NULL, case_id I8 NOT NULL, step_no I4 NOT NULL, step_id TEXT NOT NULL, kind I4 NOT NULL, status I4 NOT NULL, attempt I4 NOT NULL, member TEXT NOT NULL, role TEXT NOT NULL, assignee_hash TEXT NOT NULL, assignee BYTES NOT NULL, work I4 NOT NULL, due_ms I8 NOT NULL, sla_used_ms I8 NOT NULL, started_ms I8 NOT NULL, ended_ms I8 NOT NULL, undo_of I4 NOT NULL, result BYTES NOT NULL, PRIMARY KEY(shard,case_id,step_no)) NARROW;
CREATE INDEX step_work ON step(member,due_ms,case_id,step_no,role,assignee_hash,work) WHERE work=1;

CREATE TABLE timer(shard I4 NOT NULL, due_ms I8 NOT NULL, case_id I8 NOT NULL, step_no I4 NOT NULL, kind I4 NOT NULL, calendar TEXT NOT NULL, calendar_version I4 NOT NULL, basis BYTES NOT NULL, PRIMARY KEY(shard,due_ms,case_id,step_no,kind)) NARROW;

CREATE TABLE case_outbox(shard I4 NOT NULL, op_key TEXT NOT NULL, seq I8 NOT NULL, dest TEXT NOT NULL, case_id I8 NOT NULL, step_no I4 NOT NULL, state I4 NOT NULL, attempt I4 NOT NULL, next_ms I8 NOT NULL, expire_ms I8 NOT NULL, body BYTES NOT NULL, PRIMARY KEY(shard,op_key)) NARROW;
CREATE TABLE case_inbox(shard I4 NOT NULL, src TEXT NOT NULL, msg_id TEXT NOT NULL, digest BYTES NOT NULL, case_id I8 NOT NULL, rev I8 NOT NULL, recv_ms I8 NOT NULL, body BYTES NOT NULL, PRIMARY KEY(shard,src,msg_id)) NARROW;

CREATE TABLE joint(shard I4 NOT NULL, case_id I8 NOT NULL, grp TEXT NOT NULL, decision I4 NOT NULL, decided_rev I8 NOT NULL, deadline_ms I8 NOT NULL, PRIMARY KEY(shard,case_id,grp)) NARROW;
CREATE TABLE branch(shard I4 NOT NULL, case_id I8 NOT NULL, grp TEXT NOT NULL, part TEXT NOT NULL, phase I4 NOT NULL, hold_until_ms I8 NOT NULL, detail BYTES NOT NULL, PRIMARY KEY(shard,case_id,grp,part)) NARROW;

CREATE TABLE incident(shard I4 NOT NULL, case_id I8 NOT NULL, n I4 NOT NULL, code TEXT NOT NULL, severity I4 NOT NULL, is_open I4 NOT NULL, owner TEXT NOT NULL, opened_ms I8 NOT NULL, closed_ms I8 NOT NULL, detail BYTES NOT NULL, PRIMARY KEY(shard,case_id,n)) DIST;
CREATE INDEX incident_open ON incident(opened_ms,case_id,n,owner) WHERE is_open=1;

CREATE TABLE attr(shard I4 NOT NULL, k TEXT NOT NULL, v TEXT NOT NULL, case_id I8 NOT NULL, PRIMARY KEY(k,v,case_id,shard)) NARROW;
CREATE INDEX attr_case ON attr(case_id);
