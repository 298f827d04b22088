#include "connectors/runtime/office_jobs.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include <pthread.h>

#include "base/crypto.h"
#include "base/failpoint.h"
#include "base/log.h"
#include "connectors/runtime/pause.h"

namespace tongban::connectors {
namespace {

constexpr std::chrono::milliseconds first_pause{200};
constexpr std::chrono::milliseconds longest_pause{10'000};

wire::AnswerKind::type on_wire(AnswerKind kind) {
    switch (kind) {
        case AnswerKind::answered:
            return wire::AnswerKind::answered;
        case AnswerKind::no_record:
            return wire::AnswerKind::no_record;
        case AnswerKind::not_covered:
            return wire::AnswerKind::not_covered;
        case AnswerKind::refused:
            return wire::AnswerKind::refused;
        case AnswerKind::unavailable:
            return wire::AnswerKind::unavailable;
        case AnswerKind::ambiguous:
            return wire::AnswerKind::ambiguous;
    }
    return wire::AnswerKind::unavailable;
}

Answer ask_office(Connector& connector, const Question& question, Deadline deadline) {
    try {
        return connector.ask(question, deadline);
    } catch (const std::exception&) {
        return not_answered(AnswerKind::unavailable, "connector.failed");
    }
}

Acknowledgement hand_over(Deliverer& deliverer, const Handover& handover, Deadline deadline) {
    try {
        return deliverer.deliver(handover, deadline);
    } catch (const std::exception&) {
        return {Reception::uncertain, "", "connector.failed"};
    }
}

}  // namespace

OfficeJobs::OfficeJobs(const CurrentSetup& setup,
                       const Signer& signer,
                       ConnectorStore& store,
                       const Clock& clock,
                       std::function<void()> ready)
    : setup_(setup),
      lanes_wanted_(setup.get()->config.lanes),
      lease_jobs_(setup.get()->config.lease_jobs),
      signer_(signer),
      store_(store),
      clock_(clock),
      ready_(std::move(ready)),
      queue_(static_cast<std::size_t>(lease_jobs_) + static_cast<std::size_t>(lanes_wanted_)) {}

OfficeJobs::~OfficeJobs() {
    stop();
}

void OfficeJobs::start() {
    for (int i = 0; i < lanes_wanted_; ++i) {
        lanes_.emplace_back([this](const std::stop_token& stop) {
            pthread_setname_np(pthread_self(), "office");
            run_lane(stop);
        });
    }
}

void OfficeJobs::stop() {
    for (std::jthread& lane : lanes_)
        lane.request_stop();
    setup_.stop_asking();
    lanes_.clear();  // joins
}

int OfficeJobs::room() {
    const auto in_hand = static_cast<int>(in_hand_.lock()->size());
    return std::clamp(lanes_wanted_ + lease_jobs_ - in_hand, 0, lease_jobs_);
}

Result<Done> OfficeJobs::take(const std::vector<wire::Job>& jobs) {
    std::vector<JournalNote> notes;
    std::vector<const wire::Job*> fresh;
    for (const wire::Job& job : jobs) {
        {
            auto in_hand = in_hand_.lock();
            const auto [entry, added] = in_hand->try_emplace(job.job_id, InHand{job.token, false});
            if (!added) {  // leased anew while we still work on it: the newer lease is the one to
                           // answer under
                entry->second = {job.token, false};
                continue;
            }
        }
        auto sent_again = resend(job);
        if (!sent_again) return std::move(sent_again).fault();
        if (*sent_again) {
            let_go(job.job_id);
            continue;
        }
        const std::string digest = hex(sha256(job.body));
        const bool deliver = job.kind == wire::JobKind::deliver;
        const JournalNote note{deliver ? JournalKind::delivery : JournalKind::job,
                               job.exchange_id,
                               job.job_id,
                               digest,
                               clock_.now()};
        if (deliver) {
            StoredDelivery delivery;
            delivery.job = job.job_id;
            delivery.exchange = job.exchange_id;
            delivery.message_no = job.message_no;
            delivery.document_sha256 = digest;
            if (auto added = store_.add_delivery(delivery, note); !added) return added;
        } else {
            notes.push_back(note);
        }
        fresh.push_back(&job);
    }
    if (!notes.empty()) {
        if (auto noted = store_.note(notes); !noted) return noted;
    }
    for (const wire::Job* job : fresh) {
        // room() kept the lease within the queue; a hub that gives more than asked loses the rest
        // to the lease's end.
        if (!queue_.try_push(*job)) let_go(job->job_id);
    }
    return Done{};
}

// True when what the hub asks for is here already, from an earlier lease.
Result<bool> OfficeJobs::resend(const wire::Job& job) {
    if (job.kind == wire::JobKind::deliver) {
        auto known = store_.delivery(job.job_id);
        if (!known) return std::move(known).fault();
        if (!known->has_value() || (*known)->state == DeliveryState::received) return false;
        const StoredOutgoing report{
            job.job_id, job.exchange_id, true, to_bytes(report_of(job, **known))};
        if (auto kept = store_.replace_outgoing(report); !kept) return std::move(kept).fault();
        ready_();
        return true;
    }
    auto kept = store_.outgoing(job.job_id);
    if (!kept) return std::move(kept).fault();
    if (!kept->has_value()) return false;
    auto completion = completion_from((*kept)->bytes);
    if (!completion) return std::move(completion).fault();
    completion->token = job.token;
    (*kept)->bytes = to_bytes(*completion);
    if (auto replaced = store_.replace_outgoing(**kept); !replaced)
        return std::move(replaced).fault();
    ready_();
    return true;
}

std::vector<wire::Token> OfficeJobs::tokens() {
    std::vector<wire::Token> tokens;
    auto in_hand = in_hand_.lock();
    for (const auto& [job, hand] : *in_hand) {
        if (!hand.lost) tokens.push_back(hand.token);
    }
    return tokens;
}

void OfficeJobs::keep_only(const std::vector<wire::Token>& held,
                           const std::vector<wire::Token>& asked) {
    const auto among = [](const std::vector<wire::Token>& tokens, const wire::Token& token) {
        return std::find(tokens.begin(), tokens.end(), token) != tokens.end();
    };
    auto in_hand = in_hand_.lock();
    for (auto& [job, hand] : *in_hand) {
        // A job leased since the question was put is not in its answer.
        if (among(asked, hand.token) && !among(held, hand.token)) hand.lost = true;
    }
}

std::optional<wire::Token> OfficeJobs::token_of(const std::string& job) {
    auto in_hand = in_hand_.lock();
    const auto hand = in_hand->find(job);
    if (hand == in_hand->end() || hand->second.lost) return std::nullopt;
    return hand->second.token;
}

void OfficeJobs::let_go(const std::string& job) {
    in_hand_.lock()->erase(job);
}

Deadline OfficeJobs::deadline_of(const wire::Job& job, std::int64_t timeout_ms) const {
    const std::int64_t left = job.deadline_ms - clock_.now().ms;
    return Deadline::after(
        std::chrono::milliseconds(std::clamp<std::int64_t>(left, 0, timeout_ms)));
}

void OfficeJobs::run_lane(const std::stop_token& stop) {
    while (auto job = queue_.pop(stop)) {
        if (stop.stop_requested())
            return;  // what was not begun is leased again by whoever comes next
        if (token_of(job->job_id)) {
            if (job->kind == wire::JobKind::deliver) {
                deliver(*job, stop);
            } else {
                ask(*job);
            }
        }
        let_go(job->job_id);
    }
}

void OfficeJobs::ask(const wire::Job& job) {
    const auto setup = setup_.get();
    const auto& operations = setup->config.operations;
    const Question question{
        job.exchange_id, job.job_id, job.message_no, job.schema, job.body, job.op_key};
    const auto operation = operations.find(job.operation);
    Answer answer = not_answered(AnswerKind::not_covered, "connector.operation");
    if (operation != operations.end()) {
        failpoint("connector.before_ask");
        answer = ask_office(
            *operation->second.connector, question, deadline_of(job, operation->second.timeout_ms));
        failpoint("connector.asked");
    }
    if (answer.kind != AnswerKind::answered) {
        log::warn("office.not_answered",
                  {{"exchange", job.exchange_id},
                   {"operation", job.operation},
                   {"kind", name_of(answer.kind)},
                   {"reason", answer.reason}});
    }

    wire::Completion completion;
    completion.exchange_id = job.exchange_id;
    completion.job_id = job.job_id;
    completion.kind = on_wire(answer.kind);
    completion.native_record = std::move(answer.native);
    completion.reason = answer.reason;
    completion.source_time_ms = answer.source_time.ms;
    const bool live = operation != operations.end() && operation->second.live;
    if (live && answer.kind == AnswerKind::answered && answer.source_time.ms == 0)
        completion.source_time_ms = clock_.now().ms;
    const std::string digest = hex(sha256(completion.native_record));
    if (job.placement == wire::Placement::provider &&
        completion.kind == wire::AnswerKind::answered) {
        const std::string& schema = operation->second.answers;
        if (setup->middle != nullptr && job.__isset.work && !schema.empty()) {
            setup->middle->run(job, schema, setup->config.member, clock_.now(), completion);
        } else {
            completion.kind = wire::AnswerKind::unavailable;
            completion.native_record.clear();
            completion.reason = "connector.placement";
        }
    }
    const bool told_instead =
        job.placement == wire::Placement::provider && completion.kind == wire::AnswerKind::answered;
    completion.envelope = told_instead
                              ? signer_.envelope_of_told(job, digest, completion, clock_.now())
                              : signer_.envelope(job, digest, clock_.now());
    // A lease lost meanwhile is no reason to forget the answer: the next lease of this job gets it.
    completion.token = token_of(job.job_id).value_or(job.token);
    const StoredOutgoing outgoing{job.job_id, job.exchange_id, false, to_bytes(completion)};
    auto kept = store_.add_outgoing(
        outgoing, {JournalKind::answer, job.exchange_id, job.job_id, digest, clock_.now()});
    if (!kept) {
        log::error("answer.not_kept",
                   {{"exchange", job.exchange_id}, {"reason", kept.fault().reason}});
        return;
    }
    ready_();
}

void OfficeJobs::deliver(const wire::Job& job, const std::stop_token& stop) {
    auto known = store_.delivery(job.job_id);
    if (!known || !known->has_value()) {
        log::error("delivery.not_kept", {{"exchange", job.exchange_id}});
        return;
    }
    StoredDelivery delivery = **std::move(known);
    if (delivery.document_sha256 != hex(sha256(job.body))) {
        // One job is one document, for ever; two are a broken hub, and our office gets neither
        // again.
        log::error("delivery.changed", {{"exchange", job.exchange_id}});
        return;
    }
    const Handover handover{job.exchange_id, job.job_id, delivery.message_no, job.schema, job.body};
    Pause pause(first_pause, longest_pause);
    while (clock_.now().ms < job.deadline_ms && token_of(job.job_id) && !stop.stop_requested()) {
        const auto setup = setup_.get();
        const auto& way = setup->config.delivery;
        if (!way) {
            delivery.state = DeliveryState::rejected;
            delivery.reason = "connector.no_delivery";
            static_cast<void>(settle(job, delivery));
            return;
        }
        const Acknowledgement said =
            hand_over(*way->deliverer, handover, deadline_of(job, way->timeout_ms));
        if (said.reception != Reception::uncertain) {
            const bool accepted = said.reception == Reception::accepted;
            delivery.state = accepted ? DeliveryState::accepted : DeliveryState::rejected;
            delivery.acknowledgement_sha256 = hex(sha256(said.bytes));
            delivery.reason = said.reason;
            static_cast<void>(settle(job, delivery));
            return;
        }
        log::warn("delivery.uncertain", {{"exchange", job.exchange_id}, {"reason", said.reason}});
        if (!pause.wait(stop)) return;
    }
}

wire::DeliveryReport OfficeJobs::report_of(const wire::Job& job,
                                           const StoredDelivery& delivery) const {
    wire::DeliveryReport report;
    report.token = job.token;
    report.exchange_id = job.exchange_id;
    report.job_id = job.job_id;
    report.accepted = delivery.state == DeliveryState::accepted;
    report.reason = delivery.reason;
    report.document_sha256 = delivery.document_sha256;
    report.acknowledgement_sha256 = delivery.acknowledgement_sha256;
    signer_.sign_report(report);
    return report;
}

Result<Done> OfficeJobs::settle(const wire::Job& job, const StoredDelivery& delivery) {
    wire::DeliveryReport report = report_of(job, delivery);
    report.token = token_of(job.job_id).value_or(job.token);
    const JournalNote note{JournalKind::acknowledgement,
                           job.exchange_id,
                           job.job_id,
                           delivery.acknowledgement_sha256,
                           clock_.now()};
    auto settled = store_.settle_delivery(
        delivery, {job.job_id, job.exchange_id, true, to_bytes(report)}, note);
    if (!settled) {
        // The office has it and will answer a repetition as a duplicate: the next lease delivers
        // again.
        log::error("delivery.not_settled",
                   {{"exchange", job.exchange_id}, {"reason", settled.fault().reason}});
        return settled;
    }
    ready_();
    return Done{};
}

}  // namespace tongban::connectors
