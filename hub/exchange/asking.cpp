// Questions: whom to ask each part in which words, jobs on the board, and leases to connectors.
// What comes back is completing.cpp; what does not, effects.cpp.
#include <algorithm>

#include "base/failpoint.h"
#include "base/log.h"
#include "hub/exchange/exchange_inner.h"
#include "hub/exchange/verdicts.h"
#include "mapping/rule_reach.h"
#include "mapping/rule_set.h"
#include "mapping/withhold.h"

namespace tongban::exchange {

namespace {

using mapping::PartStatus;

constexpr std::size_t most_jobs = 64;  // in one lease
constexpr std::chrono::seconds no_room_pause{1};

std::vector<std::string> fields_of_part(const std::vector<std::string>& all,
                                        const std::string& part) {
    std::vector<std::string> fields;
    for (const std::string& path : all) {
        if (path == part || path.starts_with(part + ".")) fields.push_back(path);
    }
    return fields;
}

// The rules of the whole, and of the request only what they read beside this part.
void add_rules(const Live& live, ProviderWork& work) {
    std::vector<const policy::Route*> routes;
    routes.reserve(live.parts.size());
    for (const PartInHand& part : live.parts)
        routes.push_back(part.routed.route);
    work.jurisdictions = jurisdictions(live.covering, routes);
    const mapping::RuleSet rules =
        live.engine->rules->select(work.record, shanghai_date(live.admitted), work.jurisdictions);
    work.rules = rules.versions();
    work.request_fields = mapping::request_fields_read(rules, work.part);
    schemas::Group told;
    told.set("request",
             {mapping::given_of(live.question->fields(), "request.", work.request_fields), {}});
    work.request = schemas::canonical_json_of(told);
}

}  // namespace

void Exchanges::Inner::find_routes(Live& live) {
    RouteAsk asked;
    asked.resource = live.covering.resource;
    asked.requester = live.member;
    asked.requester_division = live.covering.requester->division();
    asked.exchange_id = live.id;
    asked.now = live.admitted;
    if (const std::optional<OfCase>& call = live.request.of_case) {
        asked.division = call->division;
        asked.name = live.member + "/" + call->op_key;
        if (call->first_ms != 0) asked.now = Instant{call->first_ms};
    }
    if (live.request.kind == policy::Kind::verify) {  // no office is asked for what no claim names
        for (const Claim& claim : claims_of(live.question->fields()))
            asked.only.push_back(part_of(claim.field));
    }
    for (RoutedPart& routed : route(asked, *live.question, *live.engine)) {
        live.parts.push_back({});
        live.parts.back().routed = std::move(routed);
        PartInHand& part = live.parts.back();
        live.findings.insert(
            live.findings.end(), part.routed.findings.begin(), part.routed.findings.end());
        if (part.routed.route == nullptr) {
            part.close(PartStatus::not_covered, "route.none");
        } else if (part.routed.question.empty()) {
            part.close(PartStatus::unavailable, "route.no_question");
        } else if (!live.durable_first() && board.refuses(part.routed.route->member)) {
            part.close(PartStatus::unavailable, "office.down");
        }
    }
}

void Exchanges::Inner::put_on_board(Live& live) {
    for (PartInHand& part : live.parts) {
        if (!part.open) continue;
        const auto settle =
            part.asking_status ? part.routed.route->status->settle : std::chrono::milliseconds(0);
        offer(live, part, settle);
    }
}

void Exchanges::Inner::offer(Live& live, PartInHand& part, std::chrono::milliseconds pause) {
    part.offer_at.reset();
    if (board.add(job_of(live, part, pause))) return;
    if (live.durable_first()) {  // it waits for room; the timetable comes back
        part.offer_at = std::chrono::steady_clock::now() + no_room_pause;
    } else {
        part.close(PartStatus::unavailable, "office.queue_full");
    }
}

BoardJob Exchanges::Inner::job_of(const Live& live,
                                  const PartInHand& part,
                                  std::chrono::milliseconds pause) {
    BoardJob asked;
    asked.member = part.routed.route->member;
    asked.not_before = std::chrono::steady_clock::now() + pause;
    Job& job = asked.job;
    const bool status = part.asking_status;
    job.token = {live.shard, links.store.epoch(live.shard), next_seq--, 0};
    job.kind = JobKind::ask;
    job.exchange_id = live.id;
    job.job_id = part.job_id();
    job.hub = hub;
    job.operation = status ? part.routed.route->status->operation : part.routed.route->operation;
    job.body = status ? part.routed.status_question : part.routed.question;
    job.schema = status ? part.routed.route->status->query : part.routed.route->query;
    job.deadline_ms = live.deadline.ms;
    job.message_no = part.routed.message_no;
    if (live.request.of_case) job.op_key = live.request.of_case->op_key;
    job.traceparent = live.request.traceparent;
    job.effect = status ? policy::Effect::read : live.effect();
    job.placement = live.covering.resource->placement;
    if (job.placement == policy::Placement::provider) {
        // A verdict needs what the claims name, and nothing else.
        std::vector<std::string> fields = live.grant->fields();
        if (live.request.kind == policy::Kind::verify) {
            fields.clear();
            for (const Claim& claim : claims_of(live.question->fields()))
                fields.push_back(claim.field);
        }
        job.work = ProviderWork{live.covering.resource->id,
                                part.routed.part->name,
                                fields_of_part(fields, part.routed.part->name),
                                iso(shanghai_date(live.admitted)),
                                live.engine->versions(),
                                live.covering.resource->record,
                                {},
                                {},
                                {},
                                ""};
        if (live.request.kind != policy::Kind::verify) add_rules(live, *job.work);
    }
    return asked;
}

Reply<LeaseReply> Exchanges::lease(const LeaseRequest& request, const Caller& caller) {
    Inner& inner = *inner_;
    if (request.revision != contract_revision) return refusal("version", "revision");
    if (inner.stopping) return refusal("stopping", "hub", 1'000);
    const std::shared_ptr<const policy::Policy> policy = inner.links.policy.get();
    const policy::Member* member = policy->member(caller.member);
    if (member == nullptr) return refusal("member.unknown", "member");
    const Reply<Done> noted = inner.journals.note(
        caller.member, request.journal, Journals::Message::poll, inner.links.clock.now());
    if (!noted) return noted.refusal();

    const auto wait = std::clamp(std::chrono::milliseconds(request.wait_ms),
                                 std::chrono::milliseconds(0),
                                 inner.terms.longest_wait);
    const auto wanted =
        static_cast<std::size_t>(std::clamp<std::int32_t>(request.max_jobs, 1, most_jobs));
    LeaseReply reply;
    reply.lease_ms = inner.terms.board.lease.count();
    reply.jobs = inner.board.lease(
        caller.member, wanted, static_cast<std::size_t>(member->in_flight), Deadline::after(wait));
    if (request.there && !request.there()) {  // it hung up while it waited: nothing was begun
        for (const Job& job : reply.jobs)
            inner.board.put_back(job.job_id, job.token);
        return refusal("busy", "lease", 1'000);
    }
    std::erase_if(reply.jobs, [&inner](Job& job) { return !inner.may_leave(job); });
    if (!reply.jobs.empty()) failpoint("exchange.leased");
    return reply;
}

// A delivery leaves with its document and its receipt, a submission when it is written down that it
// left; or not at all.
bool Exchanges::Inner::may_leave(Job& job) {
    if (job.kind == JobKind::deliver) {
        if (fill_delivery(job)) return true;
        board.ask_again(job.job_id, std::chrono::seconds(1));
        return false;
    }
    if (job.effect == policy::Effect::read || note_out(job)) return true;
    board.put_back(job.job_id, job.token);
    return false;
}

void Exchanges::unsent(const std::vector<Job>& jobs) {
    for (const Job& job : jobs) {
        const bool marked = job.kind == JobKind::ask && job.effect != policy::Effect::read;
        if (marked) {
            inner_->note_back(job);
        } else {
            inner_->board.put_back(job.job_id, job.token);
        }
    }
}

Reply<std::vector<Token>> Exchanges::extend(const std::vector<Token>& tokens,
                                            const JournalHead& journal,
                                            const Caller& caller) {
    Reply<Done> noted = inner_->journals.note(
        caller.member, journal, Journals::Message::any, inner_->links.clock.now());
    if (!noted) return std::move(noted).refusal();
    return inner_->board.extend(caller.member, tokens);
}

}  // namespace tongban::exchange
