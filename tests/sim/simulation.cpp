#include "tests/sim/simulation.h"

#include <array>
#include <cstdio>
#include <stdexcept>

#include "base/failpoint.h"
#include "tests/sim/node.h"
#include "tests/support/case_items.h"
#include "tests/support/every_member.h"

namespace tongban::sim {
namespace {

constexpr std::int64_t minute = 60'000;
constexpr std::int64_t hour = 60 * minute;
constexpr std::int64_t day = 24 * hour;
constexpr std::int64_t trouble_days = 12;
constexpr std::int64_t last_day = 240;
constexpr int most_turns = 500;

class TestItems final : public cases::Items {
public:
    // With the second edition of a line that new cases take another way by; the first is kept.
    explicit TestItems(int editions) {
        if (editions > 1) newer_ = tests::line_item_v2();
        for (const auto& item : {tests::line_item(),
                                 tests::joint_item(),
                                 tests::parallel_item(item::Join::all),
                                 tests::parallel_item(item::Join::any)})
            items_[item->id] = item;
        for (const auto& item : Shipped::get().items())
            items_[item->id] = item;
        for (const auto& [id, item] : items_)
            check_effects(*item);
        if (newer_) check_effects(*newer_);
    }
    [[nodiscard]] std::shared_ptr<const item::Item> newest(std::string_view id,
                                                           Date /*day*/) const override {
        if (newer_ && newer_->id == id) return newer_;
        const auto found = items_.find(id);
        return found == items_.end() ? nullptr : found->second;
    }
    [[nodiscard]] std::shared_ptr<const item::Item> at(std::string_view id,
                                                       std::int32_t version) const override {
        if (newer_ && newer_->id == id && newer_->version == version) return newer_;
        const auto found = items_.find(id);
        const bool there = found != items_.end() && found->second->version == version;
        return there ? found->second : nullptr;
    }

private:
    // What an item says of an effect must be what the office does, as the item's check demands of
    // files (effect.differs): a wrong class would have an act done twice.
    static void check_effects(const item::Item& item) {
        const auto check = [&](const std::string& resource, item::Effect effect) {
            const bool submits = effect != item::Effect::read;
            if (!resource.empty() && effect_of(resource, submits) != item::name_of(effect))
                throw std::runtime_error(item.id + " says another effect of " + resource);
        };
        for (const item::Step& step : item.steps) {
            if (const auto* call = std::get_if<item::Call>(&step.what))
                check(call->resource, call->effect);
            if (step.undo) check(step.undo->resource, step.undo->effect);
            const auto* joint = std::get_if<item::Joint>(&step.what);
            if (joint == nullptr) continue;
            for (const item::JointMember& member : joint->members) {
                check(member.reserve.resource, member.reserve.effect);
                check(member.confirm.resource, member.confirm.effect);
                check(member.cancel.resource, member.cancel.effect);
                check(member.extend.resource, member.extend.effect);
            }
        }
    }

    std::map<std::string, std::shared_ptr<const item::Item>, std::less<>> items_;
    std::shared_ptr<const item::Item> newer_;
};

schemas::Value text(std::string value) {
    schemas::Value made;
    made.data = std::move(value);
    return made;
}

void set_at(schemas::Group& record, const char* group, const char* field, std::string value) {
    if (schemas::Value* inner = record.find(group))
        if (auto* fields = inner->get<schemas::Group>()) fields->set(field, text(std::move(value)));
}

// What an application of this item says, in which two applications differ, and where the offices
// are.
schemas::Group application(const std::string& item, const std::string& number, Random& random) {
    schemas::Group body;
    std::string type;
    for (const auto& one : Shipped::get().items())
        if (one->id == item) type = one->application;
    if (type.empty()) {
        body.set("number", text(number));
        return body;
    }
    body = Shipped::get().record(type, random, *parse_iso_instant("2026-03-02T08:00:00"));
    set_at(body, "filing", "number", number);
    set_at(body, "applicant", "id_number", "ID-" + number);
    for (const char* field : {"unit_number", "contract_number"})
        body.set(field, text(number));
    for (const auto& [field, code] : {std::pair("division", "640100"),
                                      {"loan_division", "640100"},
                                      {"contribution_division", "610100"}}) {
        if (schemas::Value* division = body.find(field)) division->data = schemas::Code{code};
    }
    return body;
}

// The year as it was published first, and with a day more off.
std::shared_ptr<const calendar::CalendarBook> calendars(int editions) {
    std::vector<YamlFile> files{tests::calendar_file(2026, 1), tests::calendar_file(2027, 1)};
    if (editions > 1)
        files.push_back(tests::calendar_file(
            2026, 2, "  - {from: 2026-03-10, to: 2026-03-12, zh: 雪灾, en: Snow}\n"));
    return calendar::CalendarBook::from_files(files);
}

}  // namespace

Simulation::Simulation(std::uint64_t seed, bool talk)
    : random_(seed),
      agenda_(*parse_iso_instant("2026-03-02T08:00:00")),
      offices_(agenda_, random_),
      exchanges_(agenda_, random_, offices_, database_),
      sealer_(std::make_unique<PlainSealer>()),
      talk_(talk) {
    static const auto items = std::make_shared<TestItems>(1);
    static const auto first = calendars(1);
    world_.items = items;
    world_.calendars = first;
    world_.directory = std::make_shared<support::EveryMember>();
}

Simulation::~Simulation() {
    set_failpoint_handler(nullptr);
}

void Simulation::pass(std::string_view place) {
    if (deadly_ == 0 || !random_.permille(deadly_)) return;
    ++report_.seen["died at " + std::string(place)];
    throw Died{};
}

void Simulation::start_node() {
    if (node_) return;
    cases::CasesTerms terms;
    terms.commits = std::launch::deferred;
    terms.keep_time_ms = hour;
    terms.timer_window_ms = random_.chance(20) ? 2 * hour : 20 * day;
    terms.causes_a_turn = static_cast<std::size_t>(random_.between(1, 64));
    terms.states_kept = static_cast<std::size_t>(random_.between(1, 50));
    node_ = std::make_unique<Node>(
        agenda_, exchanges_, database_, random_, store_faults_, *sealer_, world_, terms);
    if (agenda_.skew != 0) ++report_.seen["clock: wrong at a start"];
    agenda_.after(random_.between(1'000, 20'000), [this] { members_sign(); });
}

void Simulation::traffic() {
    members_sign();
    agenda_.after(hour, [this] { traffic(); });
}

// Connectors sign what is new in the log, each with its own clock; one of them is wrong.
void Simulation::members_sign() {
    if (!node_) return;
    for (const char* member : {"tax", "registry", "fund"})
        node_->cases->heard_time(member, Instant{agenda_.truth()});
    node_->cases->heard_time("bank", Instant{agenda_.truth() + day});
}

void Simulation::kill_node() {
    if (!node_) return;
    ++report_.deaths;
    node_.reset();
    agenda_.after(random_.between(0, 2 * hour), [this] { start_node(); });
}

void Simulation::freeze_node() {
    if (!node_) return;
    ++report_.seen["hub: zombie"];
    zombies_.emplace_back(std::move(node_), static_cast<int>(random_.between(1, 60)));
    start_node();
}

bool Simulation::turn(Node& node) {
    try {
        if (!node.resumed) {
            const Result<Done> done = node.cases->resume();
            if (!done) return true;
            node.resumed = true;
            node.resumed_ms = agenda_.truth();
        }
        for (int i = 0; i < most_turns; ++i)
            if (node.cases->turn({agenda_.now(), agenda_.truth()}) == 0) return true;
        broken("a node that never comes to rest");
        return true;
    } catch (const Died&) {
        return false;
    }
}

void Simulation::turn_all() {
    for (auto& [zombie, left] : zombies_) {
        if (left <= 0) continue;
        if (!turn(*zombie)) left = 0;
        --left;
        if (zombie->cases->fenced()) {
            ++report_.seen["hub: fenced"];
            left = 0;
        }
    }
    std::erase_if(zombies_, [](const auto& one) { return one.second <= 0; });
    if (!node_) return;
    if (!turn(*node_)) return kill_node();
    if (node_->leaves.too_early) broken("I10: a timer fired before its time");
    if (node_->cases->fenced()) broken("the living node is fenced");
}

bool Simulation::all_closed() const {
    std::size_t closed = 0;
    for (const auto& [id, row] : database_.cases)
        closed += row.open ? 0 : 1;
    return closed == applications_.size();
}

Report Simulation::run() {
    set_failpoint_handler([this](std::string_view place) { pass(place); });
    plan();
    start_node();
    const std::int64_t begin = agenda_.truth();
    const std::int64_t end = begin + last_day * day;
    while (agenda_.truth() < end && report_.violations.empty()) {
        std::int64_t next = agenda_.next().value_or(end);
        if (node_) {
            std::int64_t wake = agenda_.truth() + minute;
            if (node_->resumed)
                wake =
                    agenda_.truth() + std::max<std::int64_t>(
                                          node_->cases->next_action() - node_->cases->now().ms, 20);
            next = std::min(next, wake);
        }
        if (agenda_.next() && *agenda_.next() <= next)
            agenda_.step();
        else
            agenda_.move_to(next);
        turn_all();
        if (at_peace_ && all_closed()) break;
    }
    report_.days = (agenda_.truth() - begin) / day;
    check_leaves();
    check_rows();
    check_offices();
    count_faults();
    report_.commits = database_.commits;
    report_.digest = digest();
    report_.messages = exchanges_.messages;
    zombies_.clear();
    node_.reset();
    return report_;
}

void Simulation::plan() {
    const std::int64_t count = random_.between(3, 8);
    std::vector<std::string> items{"test/line", "test/joint", "test/all", "test/any"};
    for (const auto& item : Shipped::get().items())
        items.push_back(item->id);
    const auto last = static_cast<std::int64_t>(items.size()) - 1;
    for (std::int64_t i = 0; i < count; ++i) {
        Application one;
        one.number = "A-" + std::to_string(i);
        one.item = items[static_cast<std::size_t>(random_.between(0, last))];
        one.body = application(one.item, one.number, random_);
        one.duplicate = random_.chance(30);
        applications_.push_back(one);
        const auto which = static_cast<std::size_t>(i);
        agenda_.after(random_.between(0, 2 * day), [this, which] { apply_for(which); });
    }
    store_faults_ = {static_cast<int>(random_.between(0, 40)),
                     static_cast<int>(random_.between(0, 40)),
                     static_cast<int>(random_.between(0, 20)),
                     static_cast<int>(random_.between(0, 20))};
    exchanges_.faults = {static_cast<int>(random_.between(0, 40)),
                         static_cast<int>(random_.between(0, 30)),
                         static_cast<int>(random_.between(0, 20)),
                         static_cast<int>(random_.between(0, 30)),
                         random_.between(1'000, 60'000)};
    diligence_ = random_.chance(70) ? 60 : 4;
    deadly_ = random_.chance(70) ? static_cast<int>(random_.between(1, 20)) : 0;
    agenda_.after(random_.between(1, 6) * hour, [this] { trouble(); });
    agenda_.after(hour, [this] { officers(); });
    agenda_.after(2 * hour, [this] { events(); });
    agenda_.after(hour, [this] { traffic(); });
    agenda_.after(trouble_days * day, [this] { peace(); });
}

// One misfortune, and then the next.
void Simulation::trouble() {
    if (at_peace_) return;
    switch (random_.between(0, 7)) {
        case 0:
        case 1:
            kill_node();
            break;
        case 2:
            freeze_node();
            break;
        case 3:
            step_clock();
            break;
        case 4:
            publish_calendar();
            break;
        case 5:
            close_office();
            break;
        case 6:
            publish_item();
            break;
        default:
            exchanges_.faults.lost = static_cast<int>(random_.between(0, 60));
            break;
    }
    agenda_.after(random_.between(hour, 36 * hour), [this] { trouble(); });
}

// A weekend's outage, or a machine that is being replaced.
void Simulation::close_office() {
    constexpr std::array offices{"tax", "registry", "fund", "real-estate", "housing-fund"};
    const auto which = static_cast<std::size_t>(random_.between(0, offices.size() - 1));
    exchanges_.closed_until[offices.at(which)] = agenda_.truth() + random_.between(4, 72) * hour;
}

// Somebody sets the wall clock of a running hub, and after a while it is right again.
void Simulation::step_clock() {
    if (!node_ || !node_->resumed) return;
    agenda_.skew = random_.between(-3 * day, 3 * day);
    ++report_.seen[agenda_.skew > 0 ? "clock: forward" : "clock: back"];
    agenda_.after(random_.between(minute, 3 * hour), [this] { agenda_.skew = 0; });
}

// Of every leaf in the order of their commits, of what was seen, and of when it ended.
std::string Simulation::digest() const {
    std::string all = std::to_string(agenda_.truth());
    for (const store::AuditRow& row : database_.audit)
        all += "\n" + std::to_string(row.ts_ms) + " " + row.leaf;
    for (const auto& [what, times] : report_.seen)
        all += "\n" + what + " " + std::to_string(times);
    return tongban::hex(sha256(all));
}

// What went wrong, counted where it went wrong.
void Simulation::count_faults() {
    for (const auto& [what, times] : exchanges_.happened)
        report_.seen[what] += times;
    for (const auto& [what, times] : offices_.happened)
        report_.seen[what] += times;
    for (const auto& [what, times] : database_.faults)
        report_.seen[what] += static_cast<int>(times);
}

void Simulation::publish_calendar() {
    static const auto second = calendars(2);
    if (edition_ == 2) return;
    edition_ = 2;
    world_.calendars = second;
    if (node_) node_->cases->reload(world_);
    ++report_.seen["calendar: published"];
}

void Simulation::publish_item() {
    static const auto second = std::make_shared<TestItems>(2);
    if (world_.items == second) return;
    world_.items = second;
    if (node_) node_->cases->reload(world_);
    ++report_.seen["item: published"];
}

void Simulation::peace() {
    at_peace_ = true;
    deadly_ = 0;
    agenda_.skew = 0;
    store_faults_ = {};
    exchanges_.faults = {};
    exchanges_.closed_until.clear();
    if (!node_) start_node();
    members_sign();
}

void Simulation::broken(std::string what) {
    if (talk_) std::fprintf(stderr, "  %s\n", what.c_str());
    report_.violations.push_back(std::move(what));
}

}  // namespace tongban::sim
