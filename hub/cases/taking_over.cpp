// Taking shards over: after a start, and after the death of their owner. Open cases need no
// loading, only what must happen: the calls that await an answer, and the timers (timing.cpp).
#include <algorithm>
#include <utility>

#include "base/failpoint.h"
#include "base/log.h"
#include "hub/cases/internal/inner.h"

namespace tongban::cases {
namespace {

constexpr std::size_t page = 500;

}  // namespace

Result<Done> Cases::Inner::resume() {
    calls.clear();
    to_act.clear();
    timers.clear();
    timers_until = 0;
    Instant committed;
    for (std::int32_t shard = terms.first_shard; shard <= terms.last_shard; ++shard) {
        const Result<store::ShardState> head = links.store.shard(shard);
        if (!head) return head.fault();
        committed = std::max(committed, Instant{head->last_ms});
        Result<Done> loaded = load_calls(shard);
        if (!loaded) return loaded;
    }
    clock.begin(links.clock.now(), committed);
    kept_ms = committed.ms;
    reckoning = {terms.first_shard, store::TimerKey{}};  // a calendar may have come meanwhile
    failpoint("cases.resumed");
    log::info("cases.resumed", {{"calls", calls.size()}});
    return Done{};
}

Result<Done> Cases::Inner::load_calls(std::int32_t shard) {
    std::int64_t after = 0;
    for (;;) {
        const auto rows = links.store.calls(shard, after, page);
        if (!rows) return rows.fault();
        for (const store::CallRow& row : *rows) {
            after = row.seq;
            internal::PendingCall call;
            call.case_id = row.case_id;
            call.attempt = row.attempt;
            call.act_ms = row.next_ms;
            call.parked = row.state == store::CallState::in_doubt;
            const Result<std::string> body =
                links.sealer.open(row.case_id, "call/" + row.op_key, row.body);
            Result<CallOut> out = body ? internal::read_call(*body) : Result<CallOut>(body.fault());
            const Result<internal::Known*> found = load(row.case_id);
            if (!found && found.fault().kind == FaultKind::unavailable) return found.fault();
            call.unreadable = !out || !found;
            if (call.unreadable) {  // erased meanwhile, or damaged: an incident says so
                log::warn("cases.call.unreadable", {{"op", row.op_key}});
                call.out.op_key = row.op_key;
                if (found)
                    if (const OpenCall* open = (*found)->state.call(row.op_key))
                        call.out.member = open->member;
            } else {
                call.out = *std::move(out);
            }
            if (found) {
                call.item = (*found)->item->id;
                call.rank = (*found)->state.priority;
            }
            put_call(std::move(call));
        }
        if (rows->size() < page) return Done{};
    }
}

}  // namespace tongban::cases
