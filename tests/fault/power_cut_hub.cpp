#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/files.h"
#include "hub/audit/log.h"
#include "hub/audit/sealing.h"
#include "hub/audit/trail.h"
#include "hub/audit/verify.h"
#include "hub/cases/cases.h"
#include "hub/cases/sealing_port.h"
#include "hub/store/case_id.h"
#include "hub/store/sqlite/sqlite_store.h"
#include "tests/bench/case_story.h"
#include "tests/fault/power_cut.h"

namespace tongban::fault {
namespace {

constexpr const char* loan_item = "housing-fund/remote-loan";
constexpr const char* lender = "640100.housing-fund";

template <typename T>
T must(Result<T> result) {
    if (!result) throw std::runtime_error(result.fault().where + ": " + result.fault().reason);
    return *std::move(result);
}

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

class HandClock final : public Clock {
public:
    [[nodiscard]] Instant now() const override { return at; }
    Instant at{1'773'622'800'000};  // 2026-03-16 09:00 in Shanghai
};

class Offices final : public exchange::CaseCalls {  // that say yes at once
public:
    explicit Offices(const bench::CaseStory& story) : story_(story) {}
    Result<Done> call(exchange::CaseCall call) override {
        exchange::CaseAnswer answer;
        answer.name = std::move(call.name);
        answer.status = exchange::CallStatus::answered;
        answer.record = story_.answer(call.resource);
        told_(std::move(answer));
        return Done{};
    }
    Result<std::optional<exchange::CaseAnswer>> answer_of(const exchange::CallName&) override {
        return std::optional<exchange::CaseAnswer>();  // never heard of: it is called again
    }
    void on_answer(Answered answered) override { told_ = std::move(answered); }

private:
    const bench::CaseStory& story_;
    Answered told_;
};

audit::LogOptions log_options(const std::string& folder) {
    audit::LogOptions options;
    options.origin = "hub.yc/log";
    options.high_water_path = folder + "/log.mark";
    return options;
}

// The parts of a hub that keep cases, as hub/app makes them. Members end in reverse.
struct Hub {
    Hub(const std::string& folder,
        const PrivateKey& key,
        const bench::CaseStory& story,
        const Clock& clock)
        : store(must(store::open_sqlite(folder + "/hub.db", {}))),
          sealing(must(audit::Sealing::open(*store, clock, folder + "/sealing.key"))),
          log(must(audit::Log::open(*store, key, clock, log_options(folder)))),
          trail(*store, *log, clock, "hub.yc"),
          sealer(*sealing),
          leaves(trail),
          offices(story),
          cases({*store, offices, sealer, leaves, clock}, story.world(), cases::CasesTerms{}) {
        must(cases.resume());
    }

    std::unique_ptr<store::Store> store;
    std::unique_ptr<audit::Sealing> sealing;
    std::unique_ptr<audit::Log> log;
    audit::Trail trail;
    cases::AuditSealer sealer;
    cases::TrailLeaves leaves;
    Offices offices;
    cases::Cases cases;
};

struct Promises {
    std::map<std::int64_t, std::int64_t> cases;  // id -> rev
    TreeHead head;                               // the newest that was released
    std::string mark;                            // the high-water mark's file
};

// One life: cases are opened, moved by answers and events, and ended, until the power goes.
class Day {
public:
    Day(Hub& hub, const PowerCutDisk& disk, const bench::CaseStory& story, HandClock& clock)
        : hub_(hub), disk_(disk), story_(story), clock_(clock) {}

    // `persons` of earlier lives, by case.
    void run(const std::string& folder,
             std::map<std::int64_t, std::size_t>& persons,
             Promises& promises) {
        constexpr std::size_t under_way = 6;
        constexpr int most_turns = 4'000;
        for (const auto& [id, person] : persons)
            if (hub_.cases.view(id)) open_[id] = person;
        for (int i = 0; i < most_turns && !disk_.is_cut(); ++i) {
            while (open_.size() + opening_ < under_way)
                open_case(next_person_++ + 1'000 * persons.size());
            clock_.at.ms += 1;
            hub_.cases.turn({clock_.at, clock_.at.ms});
            for (const auto& [id, person] : opened_) {
                persons[id] = person;
                open_[id] = person;
            }
            opened_.clear();
            look(folder, promises);
        }
    }

private:
    void open_case(std::size_t person) {
        exchange::CaseOpening opening;
        opening.item = loan_item;
        opening.submission.exchange_id = message_id();
        opening.submission.member = lender;
        opening.submission.body = story_.application(person);
        ++opening_;
        hub_.cases.post_opening(opening, [this, person](Result<exchange::CaseReply> reply) {
            --opening_;
            if (!reply) return;
            const auto rows = hub_.store->cases_of_number(reply->case_number, 1);
            if (rows && !rows->empty()) opened_[rows->front().case_id] = person;
        });
    }

    // What is committed now, was promised if there is power still.
    void look(const std::string& folder, Promises& promises) {
        std::map<std::int64_t, std::int64_t> revs;
        std::vector<std::int64_t> ended;
        for (const auto& [id, person] : open_) {
            const auto row = hub_.store->find_case(id);
            if (!row || !*row) continue;
            revs[id] = (*row)->rev;
            if ((*row)->open)
                tell(id, person, (*row)->phase);
            else
                ended.push_back(id);
        }
        for (const std::int64_t id : ended)
            open_.erase(id);
        const TreeHead head = hub_.log->head();
        const auto mark = read_file(folder + "/log.mark");
        if (disk_.is_cut()) return;
        for (const auto& [id, rev] : revs)
            promises.cases[id] = rev;
        promises.head = head;
        if (mark) promises.mark = *mark;
    }

    void tell(std::int64_t id, std::size_t person, const std::string& phase) {
        for (const Event& one : events) {
            if (phase != one.state || !told_.insert({id, phase}).second) continue;
            exchange::CaseEvent event;
            event.event = one.event;
            event.item = loan_item;
            event.by = "application";
            event.value = bench::CaseStory::application_number(person);
            event.submission.exchange_id = message_id();
            event.submission.member = lender;
            event.submission.body = story_.message(one.kind, person);
            hub_.cases.post_event(event, nullptr);
        }
    }

    std::string message_id() {
        return store::new_exchange_id(clock_.at, static_cast<std::int32_t>(++messages_ % 256));
    }

    Hub& hub_;
    const PowerCutDisk& disk_;
    const bench::CaseStory& story_;
    HandClock& clock_;
    std::map<std::int64_t, std::size_t> open_;  // case -> person
    std::map<std::int64_t, std::size_t> opened_;
    std::set<std::pair<std::int64_t, std::string>> told_;
    std::size_t opening_ = 0;
    std::size_t next_person_ = 0;
    std::uint64_t messages_ = 0;
};

class HubScenario final : public Scenario {
public:
    explicit HubScenario(PowerCutDisk& disk)
        : disk_(disk), story_(TONGBAN_SOURCE_DIR), key_(PrivateKey::generate(Suite::ed25519)) {}

    void live(const std::string& folder, int life, std::uint64_t /*seed*/) override {
        if (life == 0) {
            must(audit::Sealing::make_key_file(folder + "/sealing.key"));
            sealing_key_ = must(read_file(folder + "/sealing.key"));
        }
        try {
            Hub hub(folder, key_, story_, clock_);
            Day(hub, disk_, story_, clock_).run(folder, persons_, promises_);
            disk_.cut();
        } catch (const std::runtime_error& error) {
            disk_.cut();
            failed_ = error.what();  // told by look(): a hub that cannot begin
        }
    }

    Verdict look(const std::string& folder) override {
        Verdict verdict;
        if (!failed_.empty()) verdict.broken.push_back("a life that did not begin: " + failed_);
        must(write_file_durably(folder + "/sealing.key", sealing_key_, Access::owner_only));
        if (!promises_.mark.empty())
            must(write_file_durably(folder + "/log.mark", promises_.mark, Access::owner_only));
        look_at_file(folder + "/hub.db", verdict);
        const auto store = store::open_sqlite(folder + "/hub.db", {});
        if (!store) {
            verdict.broken.push_back("it does not open: " + store.fault().reason);
            return verdict;
        }
        look_at_cases(**store, verdict);
        look_at_log(**store, folder, verdict);
        return verdict;
    }

    [[nodiscard]] std::uint64_t promised() const override {
        std::uint64_t count = promises_.head.size;
        for (const auto& [id, rev] : promises_.cases)
            count += static_cast<std::uint64_t>(rev);
        return count;
    }

private:
    void look_at_cases(store::Store& store, Verdict& verdict) {
        for (const auto& [id, rev] : promises_.cases) {
            const auto row = store.find_case(id);
            if (!row || !*row || (*row)->rev < rev) ++verdict.lost;
        }
    }

    // Whatever was released stands in the log, and the log as a whole holds: leaves, tree,
    // checkpoints, mark, cases.
    void look_at_log(store::Store& store, const std::string& folder, Verdict& verdict) {
        if (promises_.head.size > 0) {
            const auto checkpoint = store.checkpoint(promises_.head.size);
            if (!checkpoint || !*checkpoint || (*checkpoint)->root != promises_.head.root)
                ++verdict.lost;
        }
        audit::VerifyInputs inputs;
        inputs.database = folder + "/hub.db";
        inputs.high_water_path = folder + "/log.mark";
        inputs.seal_key_path = folder + "/sealing.key";
        std::string vkey;
        {
            audit::LogOptions options = log_options(folder);
            options.adopt_missing_mark = promises_.mark.empty();  // the power went before the first
            const auto log = audit::Log::open(store, key_, clock_, std::move(options));
            if (!log) return verdict.broken.push_back("the log does not open");
            if ((*log)->frozen()) ++verdict.lost;  // the database is behind the mark
            vkey = (*log)->vkey();
        }
        promises_.mark = must(read_file(inputs.high_water_path));
        inputs.log_vkey = vkey;
        const auto report = audit::verify_log(inputs);
        if (!report) return verdict.broken.push_back("the log cannot be read");
        for (const audit::Problem& problem : report->problems) {
            if (problem.code.starts_with("mark."))
                ++verdict.lost;
            else
                verdict.broken.push_back(problem.code + " " + problem.where);
        }
    }

    PowerCutDisk& disk_;
    const bench::CaseStory story_;
    const PrivateKey key_;
    HandClock clock_;
    std::string sealing_key_;
    std::string failed_;
    Promises promises_;
    std::map<std::int64_t, std::size_t> persons_;
};

}  // namespace

std::unique_ptr<Scenario> hub_scenario(PowerCutDisk& disk) {
    return std::make_unique<HubScenario>(disk);
}

}  // namespace tongban::fault
