#include "tests/bench/case_hub.h"

#include <array>
#include <chrono>
#include <stdexcept>
#include <utility>

#include "hub/store/sqlite/sqlite_store.h"

namespace tongban::bench {
namespace {

template <typename T>
T must(Result<T> result) {
    if (!result) throw std::runtime_error(result.fault().where + ": " + result.fault().reason);
    return *std::move(result);
}

constexpr const char* loan_item = "housing-fund/remote-loan";
constexpr const char* lender = "640100.housing-fund";

// What the lending centre sends when its case has come to a state.
struct Event {
    const char* state;
    const char* event;
    const char* kind;
};
constexpr std::array events{Event{"A_LOAN_ACCEPTED", "loan.decided", "loan-decision"},
                            Event{"A_LOAN_APPROVED", "loan.issued", "loan-issued"},
                            Event{"A_LOAN_ISSUED", "loan.reported", "loan-feedback"},
                            Event{"A_MARKED", "loan.settled", "loan-settled"}};

}  // namespace

class CaseHub::Offices final : public exchange::CaseCalls {
public:
    explicit Offices(const CaseStory& story) : story_(story) {}

    Result<Done> call(exchange::CaseCall call) override {
        exchange::CaseAnswer answer;
        answer.name = std::move(call.name);
        answer.status = exchange::CallStatus::answered;
        answer.record = story_.answer(call.resource);
        told_(std::move(answer));
        return Done{};
    }
    Result<std::optional<exchange::CaseAnswer>> answer_of(
        const exchange::CallName& /*name*/) override {
        return std::optional<exchange::CaseAnswer>();
    }
    void on_answer(Answered answered) override { told_ = std::move(answered); }

private:
    const CaseStory& story_;
    Answered told_;
};

CaseHub::CaseHub(const std::string& folder, const CaseStory& story)
    : folder_(folder), story_(story), log_key_(PrivateKey::generate(Suite::ed25519)) {
    must(audit::Sealing::make_key_file(folder_ + "/sealing.key"));
    start();
}

CaseHub::~CaseHub() = default;

void CaseHub::start() {
    store_ = must(store::open_sqlite(folder_ + "/cases.db"));
    sealing_ = must(audit::Sealing::open(*store_, clock_, folder_ + "/sealing.key"));
    audit::LogOptions options;
    options.origin = "hub.yc/log";
    options.high_water_path = folder_ + "/log.mark";
    log_ = must(audit::Log::open(*store_, log_key_, clock_, options));
    trail_ = std::make_unique<audit::Trail>(*store_, *log_, clock_, "hub.yc");
    sealer_ = std::make_unique<cases::AuditSealer>(*sealing_);
    leaves_ = std::make_unique<cases::TrailLeaves>(*trail_);
    watched_ = std::make_unique<WatchedStore>(*store_);
    watched_->applied = [this](const auto& batches) { applied(batches); };
    watched_->committed = [this](const auto& answers) { committed(answers); };
    offices_ = std::make_unique<Offices>(story_);
    cases_ = std::make_unique<cases::Cases>(
        cases::CasesLinks{*watched_, *offices_, *sealer_, *leaves_, clock_},
        story_.world(),
        cases::CasesTerms{});
    must(cases_->resume());
}

double CaseHub::restart() {
    cases_.reset();
    offices_.reset();
    watched_.reset();
    leaves_.reset();
    sealer_.reset();
    trail_.reset();
    log_.reset();
    sealing_.reset();
    store_.reset();
    const auto begin = std::chrono::steady_clock::now();
    start();
    turn();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void CaseHub::open_cases(std::size_t count, bool park) {
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t person = persons_++;
        ++under_way_;
        exchange::CaseOpening opening;
        opening.item = loan_item;
        opening.submission.exchange_id = message_id();
        opening.submission.member = lender;
        opening.submission.body = story_.application(person);
        cases_->post_opening(opening, [this, person, park](Result<exchange::CaseReply> reply) {
            by_number_[must(std::move(reply)).case_number] = {person, park};
        });
    }
}

void CaseHub::turn() {
    while (!due_events_.empty()) {
        const auto [person, which] = due_events_.front();
        due_events_.pop_front();
        const Event& event = events.at(static_cast<std::size_t>(which));
        tell(person, event.event, event.kind);
    }
    ++clock_.at.ms;
    cases_->turn({clock_.at, clock_.at.ms});
}

void CaseHub::rest() {
    while (under_way_ > 0)
        turn();
}

void CaseHub::tell(std::size_t person, const std::string& event, const std::string& kind) {
    exchange::CaseEvent told;
    told.event = event;
    told.item = loan_item;
    told.by = "application";
    told.value = CaseStory::application_number(person);
    told.submission.exchange_id = message_id();
    told.submission.member = lender;
    told.submission.body = story_.message(kind, person);
    cases_->post_event(told, [](Result<exchange::CaseReply> reply) {
        if (must(std::move(reply)).reception != exchange::Reception::accepted)
            throw std::runtime_error("an event was not accepted");
    });
}

void CaseHub::moved(const Standing& standing) {
    if (!standing.open) {
        if (standing.phase != "A_CLOSED")
            throw std::runtime_error("a case ended in " + standing.phase);
        by_number_.erase(standing.number);
        --under_way_;
        return;
    }
    for (std::size_t i = 0; i < events.size(); ++i) {
        if (standing.phase != events.at(i).state) continue;
        Told& told = by_number_.at(standing.number);
        if (told.events > i) continue;  // a state lasts longer than its event
        told.events = i + 1;
        if (told.parks && i == 0) {
            --under_way_;
            ++parked_;
        } else {
            due_events_.emplace_back(told.person, static_cast<int>(i));
        }
    }
}

void CaseHub::applied(const std::vector<store::Batch>& batches) {
    for (const store::Batch& batch : batches)
        for (const store::Mutation& one : batch.mutations)
            if (const auto* update = std::get_if<store::UpdateCase>(&one))
                moving_.push_back({update->row.number, update->row.phase, update->row.open});
    if (record != nullptr) record->insert(record->end(), batches.begin(), batches.end());
}

void CaseHub::committed(const std::vector<Result<store::Committed>>& answers) {
    for (const auto& answer : answers)
        must(answer);
    steps_ += answers.size();
    for (const Standing& standing : moving_)
        moved(standing);
    moving_.clear();
}

std::string CaseHub::message_id() {
    return store::new_exchange_id(clock_.at, static_cast<std::int32_t>(++messages_ % 256));
}

}  // namespace tongban::bench
