// Service items for tests of the engine and the simulation, put together in code, so that no
// catalogue is needed: the few fields that their expressions see are declared here. And a calendar.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/yaml.h"
#include "hub/cases/item/item.h"
#include "mapping/cel/program.h"

namespace tongban::tests {

class ItemMaker {
public:
    // `results`: every `as` name that expressions may use.
    explicit ItemMaker(std::string id, const std::vector<std::string>& results = {}) {
        item_.id = std::move(id);
        item_.version = 1;
        item_.digest = std::string(64, 'a');
        item_.owner = "centre";
        item_.calendar = {"", "cn"};
        item_.application = "test/application@1";
        item_.purpose = "test";
        item_.valid_from = {2020, 1, 1};
        item_.key.push_back(item::ValuePath{"application", "number"});
        item_.frame = {"application", "case", "now", "today"};
        for (const char* name : {"centre", "tax", "registry", "fund"}) {
            item::Party party;
            party.id = name;
            party.kind = name;
            party.member = "640100." + std::string(name);
            item_.parties.push_back(std::move(party));
            item_.frame.emplace_back(name);
        }
        item_.frame.insert(item_.frame.end(), results.begin(), results.end());
        item_.frame.insert(item_.frame.end(), {"reserved", "confirmed"});
    }

    [[nodiscard]] item::Program program(const std::string& text) const {
        mapping::cel::Environment environment;
        for (const std::string& name : item_.frame)
            environment.names.push_back(
                {name, {mapping::cel::Kind::group, nullptr, &fields_of(name), ""}});
        mapping::cel::Compiled compiled = mapping::cel::compile(text, environment);
        if (!compiled.program) throw std::runtime_error("test expression: " + text);
        return *std::move(compiled.program);
    }

    item::Step& step(const std::string& id, item::What what) {
        item::Step made;
        made.id = id;
        made.what = std::move(what);
        made.state = "S_" + id;
        item_.steps.push_back(std::move(made));
        if (item_.start.empty()) item_.start = id;
        return item_.steps.back();
    }

    // What is done is followed by `go`; conditions and outcomes are optional.
    void next(const std::string& id,
              const std::string& go,
              const std::string& when = "",
              std::vector<std::string> on = {}) {
        for (item::Step& from : item_.steps) {
            if (from.id != id) continue;
            item::Transition way;
            way.go = go;
            way.on = std::move(on);
            if (!when.empty()) way.when = program(when);
            from.next.push_back(std::move(way));
        }
    }

    [[nodiscard]] item::Request request(
        const std::vector<std::pair<std::string, std::string>>& fields) const {
        item::Request made;
        made.type = "test/request@1";
        for (const auto& [path, text] : fields) {
            schemas::FieldType shape;
            shape.name = path;
            made.fields.push_back({path, shape, program(text)});
        }
        return made;
    }

    [[nodiscard]] item::Call call(const std::string& to,
                                  const std::string& resource,
                                  item::Effect effect,
                                  const std::string& as = "") const {
        item::Call made;
        made.to = to;
        made.resource = resource;
        made.effect = effect;
        made.kind = effect == item::Effect::read ? item::CallKind::fetch : item::CallKind::submit;
        made.as = as;
        made.request = request({{"number", "application.number"}});
        return made;
    }

    [[nodiscard]] item::JointMember member(const std::string& id) const {
        item::JointMember made;
        made.id = id;
        made.to = id;
        made.reserve = {
            id + "/reserve", item::Effect::idempotent, request({{"number", "application.number"}})};
        made.confirm = {
            id + "/confirm",
            item::Effect::idempotent,
            request({{"number", "application.number"}, {"token", "reserved." + id + ".token"}})};
        made.cancel = {
            id + "/cancel", item::Effect::idempotent, request({{"number", "application.number"}})};
        made.status = {
            id + "/status", item::Effect::read, request({{"number", "application.number"}})};
        return made;
    }

    void end(const std::string& id, item::Ending ending = item::Ending::completed) {
        step(id, item::End{ending});
    }

    item::Item& item() { return item_; }
    [[nodiscard]] std::shared_ptr<const item::Item> done() const {
        return std::make_shared<const item::Item>(item_);
    }

private:
    using Fields = std::vector<schemas::FieldType>;
    static schemas::FieldType field(const char* name, schemas::FieldKind kind, Fields inner = {}) {
        schemas::FieldType made;
        made.name = name;
        made.kind = kind;
        made.fields = std::move(inner);
        return made;
    }
    static const Fields& fields_of(const std::string& name) {
        using schemas::FieldKind;
        static const Fields number{field("number", FieldKind::text)};
        static const Fields check{field("ok", FieldKind::boolean)};
        static const Fields token{field("token", FieldKind::text)};
        static const Fields members{field("tax", FieldKind::group, token),
                                    field("registry", FieldKind::group, token)};
        if (name == "check") return check;
        return name == "reserved" || name == "confirmed" ? members : number;
    }

    item::Item item_;
};

// One year's edition of the national calendar; `off`: more days off, as YAML lines.
inline YamlFile calendar_file(int year, int version, const std::string& off = "") {
    const std::string y = std::to_string(year);
    std::string text = "calendar: cn\nzh: 全国\nen: national\nyear: " + y +
                       "\nversion: " + std::to_string(version) +
                       "\npublished: " + std::to_string(year - 1) + "-11-0" +
                       std::to_string(version) + "\nsources: [{title: 测试}]\noff:\n";
    for (const char* day : {"01-01", "05-01", "10-01", "10-02", "10-03"})
        text +=
            "  - {from: " + y + "-" + day + ", to: " + y + "-" + day + ", zh: 假日, en: holiday}\n";
    return YamlFile::from_text(text + off + "work: []\n",
                               "cn-" + y + "-v" + std::to_string(version) + ".yaml");
}

inline item::Deadline within(std::int32_t count,
                             calendar::Unit unit = calendar::Unit::working_days) {
    item::Deadline deadline;
    deadline.within = {count, unit};
    deadline.calendar = {"", "cn"};
    return deadline;
}

// check (read) -> approve (task, four eyes) -> pay (idempotent, undone by refund) -> issued (event)
// -> tell (read) -> done; refused ends it.
inline std::shared_ptr<const item::Item> line_item() {
    ItemMaker make("test/line", {"check", "decision", "loan"});
    make.item().suspend = {"awaiting-citizen"};
    make.item().deadline = within(15);
    make.step("check", make.call("tax", "tax/check", item::Effect::read, "check")).retry = {
        3, 1'000, 60'000};
    item::Task task;
    task.party = "centre";
    task.role = "officer";
    task.actions = {"approve", "reject"};
    task.as = "decision";
    make.step("approve", task).deadline = within(3);
    make.step("pay", make.call("fund", "fund/pay", item::Effect::idempotent)).undo =
        make.call("fund", "fund/refund", item::Effect::idempotent);
    make.step("issued", item::Wait{{{"loan.issued", "fund", "loan"}}}).deadline = within(5);
    make.step("tell", make.call("registry", "registry/tell", item::Effect::idempotent)).undo =
        make.call("registry", "registry/untell", item::Effect::idempotent);
    make.end("done");
    make.end("refused", item::Ending::refused);
    make.next("check", "approve", "check.ok");
    make.next("check", "refused", "!check.ok");
    make.next("check", "refused", "", {"no_record", "refused"});
    make.next("approve", "pay", "", {"approve"});
    make.next("approve", "refused", "", {"reject"});
    make.next("pay", "issued");
    make.next("issued", "tell");
    make.next("tell", "done");
    return make.done();
}

// The line as a later version has it: nobody approves any more; what was paid out is looked at by
// an officer afterwards. check -> pay -> issued -> look_back (task) -> tell -> done.
inline std::shared_ptr<const item::Item> line_item_v2() {
    item::Item item = *line_item();
    item.version = 2;
    item.digest = std::string(64, 'b');
    for (item::Step& step : item.steps) {
        if (step.id == "approve") {
            step.id = "look_back";
            step.state = "S_look_back";
            step.next.front().go = "tell";
        }
        for (item::Transition& way : step.next) {
            if (way.go == "approve") way.go = "pay";
            if (step.id == "issued") way.go = "look_back";
        }
    }
    return std::make_shared<const item::Item>(std::move(item));
}

// prepare (idempotent, undone) -> window (tax + registry, registry irrevocable) -> done; cancelled:
// refused.
inline std::shared_ptr<const item::Item> joint_item() {
    ItemMaker make("test/joint", {"window"});
    make.item().deadline = within(20);
    make.step("prepare", make.call("fund", "fund/prepare", item::Effect::idempotent)).undo =
        make.call("fund", "fund/unprepare", item::Effect::idempotent);
    item::Joint joint;
    joint.members = {make.member("tax"), make.member("registry")};
    joint.members.front().hold = {72, calendar::Unit::hours};
    joint.members.back().irrevocable = true;
    joint.members.back().extend = {"registry/extend",
                                   item::Effect::idempotent,
                                   make.request({{"number", "application.number"}})};
    joint.decide_within = {3, calendar::Unit::working_days};
    joint.margin = {1, calendar::Unit::days};
    joint.calendar = {"", "cn"};
    joint.as = "window";
    make.step("window", joint);
    make.end("done");
    make.end("refused", item::Ending::refused);
    make.next("prepare", "window");
    make.next("window", "done", "", {"confirmed"});
    make.next("window", "refused", "", {"cancelled"});
    return make.done();
}

// both (a call and a timer) -> once (at most once) -> done. The office that all ask stores keys;
// the one that any asks does what it is sent, and can be asked whether it has.
inline std::shared_ptr<const item::Item> parallel_item(item::Join join) {
    const bool all = join == item::Join::all;
    ItemMaker make(all ? "test/all" : "test/any", {"a", "b"});
    make.item().deadline = within(10);
    item::Parallel both;
    both.branches = {{"a", "ask"}, {"b", "pause"}};
    both.join = join;
    make.step("both", both);
    item::Step& ask =
        make.step("ask",
                  all ? make.call("tax", "tax/file", item::Effect::idempotent, "a")
                      : make.call("tax", "tax/declare", item::Effect::queryable, "a"));
    ask.undo = make.call("tax", all ? "tax/unfile" : "tax/withdraw", item::Effect::idempotent);
    item::Timer pause;
    pause.within = item::Within{2, calendar::Unit::hours};
    pause.calendar = {"", "cn"};
    make.step("pause", pause);
    make.step("once", make.call("registry", "registry/enter", item::Effect::at_most_once));
    make.end("done");
    make.next("both", "once");
    make.next("ask", std::string(item::join_target));
    make.next("pause", std::string(item::join_target));
    make.next("once", "done");
    return make.done();
}

}  // namespace tongban::tests
