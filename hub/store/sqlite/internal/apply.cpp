#include "hub/store/sqlite/internal/apply.h"

#include "hub/store/sqlite/internal/changes.h"
#include "hub/store/sqlite/internal/sql.h"

namespace tongban::store::sqlite {
Result<Done> ApplyTo::operator()(const PutExchange& put) {
    const ExchangeRow& row = put.row;
    const auto here = belongs(row.exchange_id, shard);
    if (!here) return here;
    return exactly_one(change(database,
                              "INSERT INTO exchange VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,1,?,?)",
                              shard,
                              Text{row.exchange_id},
                              Text{row.requester},
                              Text{row.request_id},
                              row.content_hash,
                              row.kind,
                              Text{row.resource},
                              Text{row.purpose},
                              row.state,
                              row.delivery,
                              row.open ? 1 : 0,
                              row.deadline_ms,
                              row.created_ms,
                              row.updated_ms,
                              Bytes{row.request},
                              Bytes{row.detail}),
                       "exchange",
                       "this request is already there");
}

Result<Done> ApplyTo::operator()(const UpdateExchange& update) {
    return exactly_one(
        change(
            database,
            "UPDATE exchange SET state=?,is_open=?,deadline_ms=?,updated_ms=?,detail=?,rev=rev+1 "
            "WHERE shard=? AND exchange_id=? AND rev=?",
            update.state,
            update.open ? 1 : 0,
            update.deadline_ms,
            update.updated_ms,
            Bytes{update.detail},
            shard,
            Text{update.exchange_id},
            update.rev),
        "exchange",
        "the exchange has moved on");
}

Result<Done> ApplyTo::operator()(const PutJob& put) {
    const JobRow& row = put.row;
    const std::int64_t seq = ++fence.case_seq;
    const auto done = exactly_one(change(database,
                                         "INSERT INTO outbox VALUES(?,?,0,?,?,0,0,?,?,?,?,?,?,?)",
                                         shard,
                                         seq,
                                         Text{row.dest},
                                         Text{row.op_key},
                                         static_cast<std::int32_t>(row.state),
                                         row.attempt,
                                         row.next_ms,
                                         row.expire_ms,
                                         Bytes{row.body},
                                         Text{row.exchange_id},
                                         row.kind),
                                  "outbox",
                                  "this job is already there");
    if (done) committed.job_seqs.push_back(seq);
    return done;
}

Result<Done> ApplyTo::operator()(const UpdateJob& update) {
    return exactly_one(
        change(database,
               "UPDATE outbox SET state=?,attempt=?,next_ms=? WHERE op_key=? AND shard=?",
               static_cast<std::int32_t>(update.state),
               update.attempt,
               update.next_ms,
               Text{update.op_key},
               shard),
        "outbox",
        "no such job");
}

Result<Done> ApplyTo::operator()(const DropJob& drop) {
    return exactly_one(
        change(database, "DELETE FROM outbox WHERE op_key=? AND shard=?", Text{drop.op_key}, shard),
        "outbox",
        "no such job");
}

Result<Done> ApplyTo::operator()(const DropJobsOf& drop) {
    return any_number(change(database,
                             "DELETE FROM outbox WHERE shard=? AND exchange_id=?",
                             shard,
                             Text{drop.exchange_id}));
}

Result<Done> ApplyTo::operator()(const PutInbox& put) {
    const InboxRow& row = put.row;
    return exactly_one(change(database,
                              "INSERT INTO inbox VALUES(?,?,?,0,?,1,?,NULL,NULL,?)",
                              shard,
                              Text{row.src},
                              Text{row.msg_id},
                              row.recv_ms,
                              row.digest,
                              Text{row.exchange_id}),
                       "inbox",
                       "this message is already there");
}

Result<Done> ApplyTo::operator()(const PutConsent& put) {
    const ConsentRow& row = put.row;
    const std::int32_t home = shard_of(row.member, row.consent_id);
    const auto inserted =
        change(database,
               "INSERT INTO consent VALUES(?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING",
               home,
               Text{row.member},
               Text{row.consent_id},
               Text{row.resource},
               Text{row.purpose},
               Text{row.receiver},
               row.given_ms,
               row.valid_until_ms,
               Text{row.channel},
               Text{row.evidence_sha256},
               Text{row.subject_hash},
               row.withdrawn_ms);
    if (!inserted) return inserted.fault();
    if (*inserted == 1) return Done{};
    auto same = query(database,
                      "SELECT withdrawn_ms FROM consent WHERE shard=? AND member=? AND "
                      "consent_id=? AND resource=? AND purpose=? "
                      "AND receiver=? AND given_ms=? AND valid_until_ms=? AND channel=? AND "
                      "evidence_sha256=? AND subject_hash=?",
                      home,
                      Text{row.member},
                      Text{row.consent_id},
                      Text{row.resource},
                      Text{row.purpose},
                      Text{row.receiver},
                      row.given_ms,
                      row.valid_until_ms,
                      Text{row.channel},
                      Text{row.evidence_sha256},
                      Text{row.subject_hash});
    if (!same) return same.fault();
    const auto found = same->step();
    if (!found) return found.fault();
    if (!*found) return conflict("consent", "this consent id stands for another consent");
    if (put.must_stand && same->integer(0) != 0)
        return conflict("consent.withdrawn", "this consent was withdrawn");
    return Done{};
}

Result<Done> ApplyTo::operator()(const WithdrawConsent& withdraw) {
    const std::int32_t home = shard_of(withdraw.member, withdraw.consent_id);
    auto known = query(database,
                       "SELECT 1 FROM consent WHERE shard=? AND member=? AND consent_id=?",
                       home,
                       Text{withdraw.member},
                       Text{withdraw.consent_id});
    if (!known) return known.fault();
    const auto found = known->step();
    if (!found) return found.fault();
    if (!*found) return Fault{FaultKind::not_found, "consent", "no such consent"};
    // Only once: its leaf stands in the same batch.
    return exactly_one(change(database,
                              "UPDATE consent SET withdrawn_ms=? "
                              "WHERE shard=? AND member=? AND consent_id=? AND withdrawn_ms=0",
                              withdraw.at_ms,
                              home,
                              Text{withdraw.member},
                              Text{withdraw.consent_id}),
                       "consent",
                       "this consent was withdrawn before");
}

Result<Done> ApplyTo::operator()(const PutJournalHead& put) {
    const JournalHeadRow& row = put.row;
    const std::int32_t home = shard_of(row.member, "");
    const auto moved =
        change(database,
               "INSERT INTO journal_head VALUES(?,?,?,?,?) ON CONFLICT(shard,member) DO UPDATE SET "
               "number=excluded.number,hash=excluded.hash,seen_ms=excluded.seen_ms "
               "WHERE excluded.number>number",
               home,
               Text{row.member},
               row.number,
               row.hash,
               row.seen_ms);
    if (!moved) return moved.fault();
    if (*moved == 1) return Done{};
    auto fork =
        query(database,
              "SELECT 1 FROM journal_head WHERE shard=? AND member=? AND number=? AND hash<>?",
              home,
              Text{row.member},
              row.number,
              row.hash);
    if (!fork) return fork.fault();
    const auto found = fork->step();
    if (!found) return found.fault();
    if (*found) return conflict("journal", "the journal has two entries of one number");
    return Done{};
}

}  // namespace tongban::store::sqlite
