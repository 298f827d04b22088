-- Exchanges, their work, consents, sealed records, audit and the log.
-- Dialect words (hub/store/README.md): I4 I8 BYTES are types; each table ends in DIST (colocated by shard), NARROW (the
-- same, and clustered by its key where the database can), REF (replicated reference data) or LOG (in one place).
CREATE TABLE hub_meta(k TEXT NOT NULL, v TEXT NOT NULL, PRIMARY KEY(k)) REF;
CREATE TABLE shard_ctl(shard I4 NOT NULL, epoch I8 NOT NULL, owner TEXT NOT NULL, head_seq I8 NOT NULL, head_hash BYTES NOT NULL, case_seq I8 NOT NULL, last_ms I8 NOT NULL, PRIMARY KEY(shard)) NARROW;

CREATE TABLE exchange(shard I4 NOT NULL, exchange_id TEXT NOT NULL, requester TEXT NOT NULL, request_id TEXT NOT NULL, content_hash BYTES NOT NULL, kind I4 NOT NULL, resource TEXT NOT NULL, purpose TEXT NOT NULL, state I4 NOT NULL, delivery I4 NOT NULL, is_open I4 NOT NULL, deadline_ms I8 NOT NULL, created_ms I8 NOT NULL, updated_ms I8 NOT NULL, rev I8 NOT NULL, request BYTES NOT NULL, detail BYTES NOT NULL, PRIMARY KEY(shard,exchange_id)) DIST;
CREATE UNIQUE INDEX exchange_request ON exchange(shard,requester,request_id);
CREATE INDEX exchange_open ON exchange(exchange_id) WHERE is_open=1;

CREATE TABLE outbox(shard I4 NOT NULL, seq I8 NOT NULL, n I4 NOT NULL, dest TEXT NOT NULL, op_key TEXT NOT NULL, case_id I8 NOT NULL, step_no I4 NOT NULL, state I4 NOT NULL, attempt I4 NOT NULL, next_ms I8 NOT NULL, expire_ms I8, body BYTES NOT NULL, exchange_id TEXT NOT NULL, kind I4 NOT NULL, PRIMARY KEY(shard,seq,n)) DIST;
CREATE UNIQUE INDEX outbox_op ON outbox(op_key,shard);
CREATE INDEX outbox_exchange ON outbox(shard,exchange_id);

CREATE TABLE inbox(shard I4 NOT NULL, src TEXT NOT NULL, msg_id TEXT NOT NULL, case_id I8 NOT NULL, recv_ms I8 NOT NULL, state I4 NOT NULL, digest BYTES NOT NULL, seq I8, body BYTES, exchange_id TEXT NOT NULL, PRIMARY KEY(shard,src,msg_id)) NARROW;

CREATE TABLE consent(shard I4 NOT NULL, member TEXT NOT NULL, consent_id TEXT NOT NULL, resource TEXT NOT NULL, purpose TEXT NOT NULL, receiver TEXT NOT NULL, given_ms I8 NOT NULL, valid_until_ms I8 NOT NULL, channel TEXT NOT NULL, evidence_sha256 TEXT NOT NULL, subject_hash TEXT NOT NULL, withdrawn_ms I8 NOT NULL, PRIMARY KEY(shard,member,consent_id)) NARROW;
CREATE INDEX consent_subject ON consent(subject_hash);
CREATE TABLE journal_head(shard I4 NOT NULL, member TEXT NOT NULL, number I8 NOT NULL, hash BYTES NOT NULL, seen_ms I8 NOT NULL, PRIMARY KEY(shard,member)) NARROW;

CREATE TABLE record(shard I4 NOT NULL, exchange_id TEXT NOT NULL, name TEXT NOT NULL, wrapped_key BYTES NOT NULL, wrapping_key_id TEXT NOT NULL, commitments BYTES NOT NULL, created_ms I8 NOT NULL, PRIMARY KEY(shard,exchange_id,name)) NARROW;
CREATE TABLE record_group(shard I4 NOT NULL, exchange_id TEXT NOT NULL, name TEXT NOT NULL, n I4 NOT NULL, key_ids TEXT NOT NULL, sealed BYTES NOT NULL, PRIMARY KEY(shard,exchange_id,name,n)) DIST;
CREATE TABLE record_subject(shard I4 NOT NULL, key_id TEXT NOT NULL, exchange_id TEXT NOT NULL, PRIMARY KEY(key_id,exchange_id,shard)) NARROW;
CREATE TABLE subject_key(shard I4 NOT NULL, key_id TEXT NOT NULL, subject_hash TEXT, wrapped BYTES NOT NULL, wrapping_key_id TEXT NOT NULL, created_ms I8 NOT NULL, erased_ms I8 NOT NULL, PRIMARY KEY(shard,key_id)) NARROW;
CREATE UNIQUE INDEX subject_key_subject ON subject_key(shard,subject_hash);

CREATE TABLE audit(shard I4 NOT NULL, seq I8 NOT NULL, epoch I8 NOT NULL, ts_ms I8 NOT NULL, case_id I8 NOT NULL, rev I8 NOT NULL, kind I4 NOT NULL, actor TEXT NOT NULL, body BYTES NOT NULL, leaf BYTES NOT NULL, exchange_id TEXT NOT NULL, PRIMARY KEY(shard,seq)) DIST;
CREATE UNIQUE INDEX audit_once ON audit(shard,exchange_id,kind);
CREATE TABLE log_pending(shard I4 NOT NULL, seq I8 NOT NULL, PRIMARY KEY(shard,seq)) NARROW;

CREATE TABLE log_entry(idx I8 NOT NULL, shard I4 NOT NULL, seq I8 NOT NULL, leaf_hash BYTES NOT NULL, PRIMARY KEY(idx)) LOG;
CREATE UNIQUE INDEX log_entry_place ON log_entry(shard,seq);
CREATE TABLE log_tile(level I4 NOT NULL, idx I8 NOT NULL, width I4 NOT NULL, hashes BYTES NOT NULL, PRIMARY KEY(level,idx)) LOG;
CREATE TABLE log_head(id I4 NOT NULL, size I8 NOT NULL, root BYTES NOT NULL, frontier BYTES NOT NULL, PRIMARY KEY(id)) LOG;
CREATE TABLE log_checkpoint(size I8 NOT NULL, root BYTES NOT NULL, note TEXT NOT NULL, signed_ms I8 NOT NULL, PRIMARY KEY(size)) LOG;
CREATE TABLE log_cosig(size I8 NOT NULL, witness TEXT NOT NULL, line TEXT NOT NULL, time_s I8 NOT NULL, PRIMARY KEY(size,witness)) LOG;
