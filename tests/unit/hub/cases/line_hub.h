// LineHub: the runtime of cases over the real SQLite store and real sealing, moved by hand: offices
// that say yes, a clock and a calendar that the test sets, and restarts.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "hub/cases/cases.h"
#include "hub/cases/sealing_port.h"
#include "hub/store/sqlite/sqlite_store.h"
#include "tests/support/case_items.h"
#include "tests/support/need.h"
#include "tests/support/temporary_folder.h"

namespace tongban::tests {

using exchange::CallStatus;
using support::need;

class LineItems final : public cases::Items {
public:
    explicit LineItems(std::shared_ptr<const item::Item> item) : item_(std::move(item)) {}
    [[nodiscard]] std::shared_ptr<const item::Item> newest(std::string_view id,
                                                           Date /*day*/) const override {
        return id == item_->id ? item_ : nullptr;
    }
    [[nodiscard]] std::shared_ptr<const item::Item> at(std::string_view id,
                                                       std::int32_t /*version*/) const override {
        return newest(id, {});
    }

private:
    std::shared_ptr<const item::Item> item_;
};

class Calls final : public exchange::CaseCalls {  // every office says yes (or `says`)
public:
    Result<Done> call(exchange::CaseCall call) override {
        sent.push_back(call.resource);
        exchange::CaseAnswer answer;
        answer.name = call.name;
        answer.status = says;
        answer.exchange_id = "X-" + std::to_string(sent.size());
        schemas::Value yes;
        yes.data = true;
        answer.record.set("ok", yes);
        answers[call.name] = answer;
        if (tells && told) told(answer);
        return Done{};
    }
    Result<std::optional<exchange::CaseAnswer>> answer_of(const exchange::CallName& name) override {
        const auto found = answers.find(name);
        if (found == answers.end()) return std::optional<exchange::CaseAnswer>();
        return std::optional(found->second);
    }
    void on_answer(Answered answered) override { told = std::move(answered); }

    std::vector<std::string> sent;
    std::map<exchange::CallName, exchange::CaseAnswer> answers;
    Answered told;
    bool tells = true;
    CallStatus says = CallStatus::answered;
};

class Leaves final : public cases::LeafWriter {
public:
    Result<store::PutCaseLeaf> leaf(const audit::CaseFacts& facts) override {
        return audit::case_leaf(facts, "test", *parse_iso_instant("2026-03-02T09:00:00"));
    }
};

class Hand final : public Clock {
public:
    [[nodiscard]] Instant now() const override { return at; }
    Instant at = *parse_iso_instant("2026-03-02T09:00:00");
    std::int64_t steady_ms = 0;  // of the clock that nobody sets
    const Instant began = at;
    [[nodiscard]] Instant truth() const { return Instant{began.ms + steady_ms}; }
    void pass(std::int64_t ms) {
        at.ms += ms;
        steady_ms += ms;
    }
};

struct LineHub {
    support::TemporaryFolder folder;
    Hand clock;
    Calls calls;
    Leaves leaves;
    std::unique_ptr<store::Store> store;
    std::unique_ptr<audit::Sealing> sealing;
    std::unique_ptr<cases::AuditSealer> sealer;
    std::unique_ptr<cases::Cases> cases;
    cases::World world;
    cases::CasesTerms terms;

    explicit LineHub(std::shared_ptr<const item::Item> item = line_item()) {
        world.items = std::make_shared<LineItems>(std::move(item));
        world.calendars =
            calendar::CalendarBook::load(std::string(TONGBAN_SOURCE_DIR "/configs/calendars"));
        need(audit::Sealing::make_key_file(folder / "hub.key"));
        start();
    }

    bool members_sign = true;  // two connectors that are up sign what is new in the log

    void start(const cases::CasesTerms& with) {
        terms = with;
        start();
    }
    void start() {
        cases.reset();
        sealing.reset();
        store.reset();
        store = need(store::open_sqlite(folder / "hub.db", {}));
        sealing = need(audit::Sealing::open(*store, clock, folder / "hub.key"));
        sealer = std::make_unique<cases::AuditSealer>(*sealing);
        cases = std::make_unique<cases::Cases>(
            cases::CasesLinks{*store, calls, *sealer, leaves, clock}, world, terms);
        need(cases->resume());
        hear_members();
    }

    void hear_members() {
        if (!members_sign) return;
        cases->heard_time("640100.tax/witness", clock.truth());
        cases->heard_time("640100.bank/witness", clock.truth());
    }

    void rest() {
        while (cases->turn({clock.at, clock.steady_ms}) != 0) {
        }
    }

    exchange::CaseReply open(const std::string& exchange_id,
                             const std::string& application = "A-1",
                             const std::string& member = "640100.centre") {
        exchange::CaseOpening opening;
        opening.item = "test/line";
        opening.submission.exchange_id = exchange_id;
        opening.submission.member = member;
        schemas::Value number;
        number.data = application;
        opening.submission.body.set("number", number);
        exchange::CaseReply told;
        cases->post_opening(
            opening, [&](Result<exchange::CaseReply> reply) { told = need(std::move(reply)); });
        rest();
        return told;
    }

    std::int64_t id(const std::string& number) {
        return need(store->cases_of_number(number, 1)).at(0).case_id;
    }

    void approve(const std::string& number) {
        cases::Decided decision;
        decision.step_no = 2;
        decision.action = "approve";
        cases->post(id(number), {"officer", "d1", "640100.centre", "o1", "", decision}, nullptr);
        rest();
    }
};

}  // namespace tongban::tests
