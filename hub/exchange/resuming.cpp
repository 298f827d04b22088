// Birth, restart and end. What was acknowledged goes on where its last transition left it:
// questions still open are asked again under their old job ids, deliveries in the outbox are
// offered again.
#include <algorithm>

#include "base/log.h"
#include "hub/exchange/exchange_inner.h"
#include "hub/exchange/provider_answer.h"

namespace tongban::exchange {

Exchanges::Inner::Inner(const ExchangeLinks& to, ExchangeTerms with)
    : links(to),
      terms(std::move(with)),
      hub(terms.admission.hub),
      admission(terms.admission, links.revocations),
      journals(links.store),
      recorder(links.store, links.trail, links.sealing, journals, hub),
      board(terms.board),
      budget(links.store),
      deliveries_ended(0U),
      settle_lane(std::make_unique<Lane>("settle", terms.settle_threads, terms.settle_queue)),
      work_lane(std::make_unique<Lane>("work", terms.work_threads, terms.work_queue)),
      timetable([this](const std::stop_token& stop) { run_timetable(stop); }) {}

Exchanges::Inner::~Inner() {
    timetable.request_stop();
    timetable.join();
    work_lane.reset();  // finishes what is queued; it hands on to settle
    settle_lane.reset();
}

Exchanges::Exchanges(const ExchangeLinks& links, ExchangeTerms terms)
    : inner_(std::make_unique<Inner>(links, std::move(terms))) {}

Exchanges::~Exchanges() {
    stop();
}

void Exchanges::stop() {
    inner_->stopping = true;
    inner_->board.close();
    for (const LivePtr& live : inner_->all_live())
        live->hurry();
    inner_->delivery_ended.notify_all();
}

void Exchanges::Inner::forget(const Live& live) {
    auto all = lives.lock();
    all->by_id.erase(live.id);
    const auto found = all->by_request.find({live.member, live.request.request_id});
    if (found != all->by_request.end() && found->second->id == live.id)
        all->by_request.erase(found);
}

LivePtr Exchanges::Inner::find(const std::string& exchange_id) {
    auto all = lives.lock();
    const auto found = all->by_id.find(exchange_id);
    return found == all->by_id.end() ? nullptr : found->second;
}

std::vector<LivePtr> Exchanges::Inner::all_live() {
    std::vector<LivePtr> found;
    auto all = lives.lock();
    for (const auto& [id, live] : all->by_id)
        found.push_back(live);
    return found;
}

void Exchanges::Inner::run_timetable(const std::stop_token& stop) {
    name_thread("timetable");
    std::vector<std::string> ran_out;
    while (!stop.stop_requested()) {
        for (std::string& job_id : board.tick())
            ran_out.push_back(std::move(job_id));
        std::erase_if(ran_out, [this](const std::string& id) { return lease_ran_out(id); });
        for (const LivePtr& live : all_live())
            look_after(live);
        for (const Job& job : board.overdue_deliveries(links.clock.now()))
            expire_delivery(job);
        std::this_thread::sleep_for(terms.tick);
    }
}

void Exchanges::Inner::look_after(const LivePtr& live) {
    const std::unique_lock transition(live->transition, std::try_to_lock);
    if (!transition || !live->asking || live->ended || live->concluding) return;
    const auto now = std::chrono::steady_clock::now();
    for (PartInHand& part : live->parts) {
        if (part.open && part.offer_at && *part.offer_at <= now)
            offer(*live, part, std::chrono::milliseconds(0));
    }
    const bool too_late = live->deadline.ms != 0 && live->deadline <= links.clock.now();
    if ((live->all_in() && live->next <= now) || too_late) conclude(live);
}

Result<Done> Exchanges::resume() {
    constexpr std::size_t page = 256;
    std::string after;
    std::size_t count = 0;
    for (;;) {
        const Result<std::vector<store::ExchangeRow>> rows =
            inner_->links.store.open_exchanges(after, page);
        if (!rows) return rows.fault();
        for (const store::ExchangeRow& row : *rows) {
            after = row.exchange_id;
            ++count;
            Result<Done> resumed = inner_->resume_exchange(row);
            if (!resumed) return resumed;
        }
        if (rows->size() < page) break;
    }
    log::info("exchange.resumed", {{"open", count}});
    return Done{};
}

Result<Done> Exchanges::Inner::resume_exchange(const store::ExchangeRow& row) {
    if (row.state == static_cast<std::int32_t>(State::pending)) return resume_asking(row);
    const Result<Detail> detail = read_detail(row.detail);
    if (!detail) return detail.fault();
    const Result<std::vector<store::JobRow>> jobs = links.store.jobs_of(row.exchange_id);
    if (!jobs) return jobs.fault();
    for (const store::JobRow& job : *jobs) {
        offer_delivery(row.exchange_id, job.dest, detail->document_schema, Instant{job.expire_ms});
    }
    return Done{};
}

namespace {

std::shared_ptr<Live> returning(const store::ExchangeRow& row, Request request) {
    auto live = std::make_shared<Live>();
    live->id = row.exchange_id;
    const Result<std::int32_t> shard = store::shard_of_exchange(row.exchange_id);
    live->shard = shard ? *shard : 0;
    live->request = std::move(request);
    live->member = row.requester;
    live->content = row.content_hash;
    live->admitted = Instant{row.created_ms};
    live->durable = true;
    live->rev = row.rev;
    return live;
}

Result<Done> take_answer(audit::Sealing& sealing, const std::string& exchange, PartInHand& part) {
    const std::string name = "answer/" + part.routed.part->name;
    const Result<audit::OpenedRecord> answer = sealing.open_record(exchange, name);
    if (!answer) return answer.fault();
    const std::string* native = answer->find(name + ".native");
    const std::string* canonical = answer->find(name + ".canonical");
    const std::string* root = answer->find(name + ".commitments_root");
    const std::string* judgement = answer->find(name + ".judgement");
    if (native != nullptr) part.native = *native;
    if (canonical != nullptr) part.canonical = *canonical;
    if (root != nullptr) part.commitments_root = *root;
    if (judgement == nullptr) return Done{};
    Result<Judgement> said = read_judgement(*judgement);
    if (!said) return said.fault();
    part.judgement = *judgement;
    part.judged = std::move(said->judged);
    part.findings = readable(std::move(said->findings));
    return Done{};
}

}  // namespace

// The request is read, authorised and routed again, as of the time when it came: what has been
// answered stays answered.
Result<Done> Exchanges::Inner::resume_asking(const store::ExchangeRow& row) {
    const Result<audit::OpenedRecord> record =
        links.sealing.open_record(row.exchange_id, "request");
    const Result<Detail> detail = read_detail(row.detail);
    const Result<std::vector<store::RecordRow>> records = links.store.records_of(row.exchange_id);
    if (!record) return record.fault();
    if (!detail) return detail.fault();
    if (!records) return records.fault();
    const std::string* head = record->find("request.head");
    const std::string* body = record->find("request.body");
    if (head == nullptr ||
        body == nullptr) {  // the subject was erased meanwhile: nobody may be asked about them
        log::warn("exchange.resume.erased", {{"exchange", row.exchange_id}});
        return Done{};
    }
    Result<Request> request = read_head(*head);
    if (!request) return request.fault();

    request->body = *body;
    const std::shared_ptr<Live> live = returning(row, *std::move(request));
    live->policy = links.policy.get();
    live->engine = links.engine.get();
    live->officer_commitment = detail->officer_commitment;
    for (const store::RecordRow& sealed : *records)
        live->records[sealed.name] = sealed.commitments;
    {
        auto all = lives.lock();
        all->by_id[live->id] = live;
        all->by_request[{live->member, live->request.request_id}] = live;
    }
    const std::lock_guard transition(live->transition);
    if (std::optional<Refusal> refused =
            authorise(*live)) {  // the agreement or the consent has ended since
        static_cast<void>(end_denied(*live, *std::move(refused)));
        return Done{};
    }
    if (live->question && !live->goes_into_case()) find_routes(*live);
    live->deadline = Instant{row.deadline_ms};
    for (PartInHand& part : live->parts) {
        const auto kept = detail->parts.find(part.routed.part->name);
        if (kept == detail->parts.end() || kept->second.open) {
            if (Result<Done> found = resume_part(*live, part); !found) return found;
            continue;
        }
        part.close(kept->second.status, kept->second.reason);
        part.in_doubt = kept->second.in_doubt;
        part.by_status = kept->second.by_status;
        part.source_time_ms = kept->second.source_time_ms;
        part.journal = kept->second.journal;
        part.envelope = kept->second.envelope;
        if (!part.envelope) continue;
        if (Result<Done> taken = take_answer(links.sealing, row.exchange_id, part); !taken)
            return taken;
    }
    put_on_board(*live);
    live->asking = true;
    if (live->all_in()) conclude(live);
    return Done{};
}

// Asked again in the bytes in which it was asked. A submission that had left may have been done.
Result<Done> Exchanges::Inner::resume_part(Live& live, PartInHand& part) {
    const Result<std::optional<store::JobRow>> job = links.store.job(part.routed.job_id);
    if (!job) return job.fault();
    if (!*job || !part.open) return Done{};
    const Result<std::string> body = links.sealing.unseal_bytes((*job)->body, part.routed.job_id);
    if (!body) return body.fault();
    part.routed.question = *body;
    const policy::Effect effect = live.effect();
    if (effect == policy::Effect::read) return Done{};
    part.maybe_done =
        effect == policy::Effect::idempotent || (*job)->state == store::JobState::in_doubt;
    if (part.maybe_done && effect == policy::Effect::at_most_once)
        close_in_doubt(part, "hub.restarted");
    if (part.maybe_done && effect == policy::Effect::queryable) part.asking_status = true;
    return Done{};
}

}  // namespace tongban::exchange
