// Native tree to canonical record. Every fault becomes a finding and the walk goes on, so that one
// answer tells all.
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "mapping/internal/native_path.h"
#include "mapping/internal/variables.h"
#include "mapping/plan.h"
#include "mapping/stages.h"

namespace tongban::mapping {
namespace {

using schemas::List;
using schemas::Place;
using schemas::Severity;
using schemas::Value;

class Reader {
public:
    Reader(const Plan& plan, const Context& context) : plan_(plan), context_(context) {}

    Group run(const Node& root) {
        const std::string path = plan_.format() == schemas::Format::xml ? "/" + root.name : "";
        Group record;
        steps(plan_.steps(), {&root, path}, record, "");
        plan_.type().order(record);
        // Only now is it known what is there: a required field of an optional group counts when the
        // group came.
        for (Finding& finding : plan_.type().check(record)) {
            if (!excused(finding)) note_missing(std::move(finding));
        }
        return record;
    }

    std::vector<Finding> findings;

private:
    void steps(const std::vector<Step>& all,
               const Located& source,
               Group& target,
               const std::string& prefix) {
        for (const Step& step : all) {
            if (!holds(step.when, source)) continue;
            switch (step.kind) {
                case StepKind::field:
                    field(step, source, target, prefix);
                    break;
                case StepKind::group:
                    group(step, source, target, prefix);
                    break;
                case StepKind::each:
                    each(step, source, target, prefix);
                    break;
            }
        }
    }

    [[nodiscard]] bool holds(const Condition& when, const Located& source) const {
        if (when.kind == Condition::Kind::none) return true;
        const NativeText text = text_at(source, when.native, plan_.format());
        switch (when.kind) {
            case Condition::Kind::none:
                return true;
            case Condition::Kind::exists:
                return text.found;
            case Condition::Kind::equal:
                return text.found && text.text == when.value;
            case Condition::Kind::not_equal:
                return !text.found || text.text != when.value;
        }
        return true;
    }

    void field(const Step& step, const Located& source, Group& target, const std::string& prefix) {
        const std::string name = prefix + join(step.canonical, ".");
        if (step.variable != Variable::none) {
            put(target, step, value_of(step.variable, context_), source);
            return;
        }
        NativeText native;
        if (step.constant) {
            native = {true, *step.constant, {source.path, source.node->line, source.node->column}};
        } else {
            native = text_at(source, step.native, plan_.format());
            if (native.found) native.text = normalise(step.clean, std::move(native.text));
            // An empty element says no more than a missing one.
            if (native.text.empty() && step.default_text) native.text = *step.default_text;
        }
        if (native.text.empty()) {
            if (step.required) missing(step, native.place, name);
            return;
        }
        Coded<Value> coded = read(step.codec, native.text, event(step, target));
        if (coded.fault) {
            Finding finding = finding_of(*coded.fault, step, native.place, name);
            finding.shape = shape_of(native.text);
            if (!coded.value) failed_.insert(name);
            findings.push_back(std::move(finding));
        }
        if (!coded.value) return;
        coded.value->place = std::move(native.place);
        put(target, step, *std::move(coded.value), source);
    }

    void group(const Step& step, const Located& source, Group& target, const std::string& prefix) {
        const Located inner = follow(source, step.native.steps, plan_.format());
        if (inner.node == nullptr || inner.node->kind == schemas::NodeKind::null) {
            const std::string name = prefix + join(step.canonical, ".");
            if (step.required)
                missing(step, {inner.path, source.node->line, source.node->column}, name);
            return;
        }
        if (step.canonical.empty()) {
            steps(step.fields, inner, target, prefix);
            return;
        }
        Group fields;
        const std::string path = prefix + join(step.canonical, ".") + ".";
        if (const Value* before = at_path(target, join(step.canonical, "."))) {
            if (const Group* existing = before->get<Group>()) fields = *existing;
        }
        steps(step.fields, inner, fields, path);
        if (fields.fields.empty() && !step.required) return;
        Value value{std::move(fields), {inner.path, inner.node->line, inner.node->column}};
        put(target, step, std::move(value), inner);
    }

    void each(const Step& step, const Located& source, Group& target, const std::string& prefix) {
        const Siblings siblings = follow_all(source, step.native.steps, plan_.format());
        const std::string name = prefix + join(step.canonical, ".");
        // No place for items: the office did not speak of them. An empty place: it says there are
        // none.
        if (!siblings.parent_found) {
            if (step.required)
                missing(step, {source.path, source.node->line, source.node->column}, name);
            return;
        }
        List list;
        for (const Located& item : siblings.nodes) {
            Group fields;
            steps(step.fields, item, fields, name + "[" + std::to_string(list.items.size()) + "].");
            list.items.push_back(
                {std::move(fields), {item.path, item.node->line, item.node->column}});
        }
        put(target,
            step,
            {std::move(list), {source.path, source.node->line, source.node->column}},
            source);
    }

    [[nodiscard]] Date event(const Step& step, const Group& target) const {
        if (step.as_of.empty()) return context_.as_of;
        const Value* value = at_path(target, join(step.as_of, "."));
        const Date* date = value == nullptr ? nullptr : value->get<Date>();
        return date == nullptr ? context_.as_of : *date;
    }

    // Groups on the way are made when their first field comes, with the place they were read from.
    static void put(Group& target, const Step& step, Value value, const Located& source) {
        Group* group = &target;
        for (std::size_t i = 0; i + 1 < step.canonical.size(); ++i) {
            Value* inner = group->find(step.canonical[i]);
            if (inner == nullptr || inner->get<Group>() == nullptr) {
                inner =
                    &group->set(step.canonical[i],
                                {Group{}, {source.path, source.node->line, source.node->column}});
            }
            group = inner->get<Group>();
        }
        group->set(step.canonical.back(), std::move(value));
    }

    Finding finding_of(const CodecFault& fault,
                       const Step& step,
                       const Place& place,
                       const std::string& name) const {
        Finding finding;
        finding.code = fault.code;
        finding.severity = fault.severity;
        if (step.malformed && schemas::stops(finding)) finding.severity = *step.malformed;
        finding.mender = fault.mender;
        finding.field = name;
        finding.place = place;
        finding.version = plan_.version();
        const std::string zh = step.type == nullptr ? "" : "“" + step.type->zh + "”";
        const std::string en = step.type == nullptr ? "" : step.type->en + ": ";
        finding.zh = zh + fault.zh;
        finding.en = en + fault.en;
        return finding;
    }

    void missing(const Step& step, const Place& place, const std::string& name) {
        CodecFault fault;
        fault.code = "map.required.missing";
        fault.zh = "为必填项，请补充后重新报送。";
        fault.en = "required; supply it and send again.";
        findings.push_back(finding_of(fault, step, place, name));
        findings.back().severity = Severity::return_;
        failed_.insert(name);
    }

    // A field that failed, and the group that is missing because of it, have been told of already.
    [[nodiscard]] bool excused(const Finding& finding) const {
        const auto at = failed_.lower_bound(finding.field);
        if (at == failed_.end()) return false;
        return *at == finding.field || at->starts_with(finding.field + ".") ||
               at->starts_with(finding.field + "[");
    }

    void note_missing(Finding finding) {
        if (finding.code == "type.required.missing") finding.code = "map.required.missing";
        finding.version = plan_.version();
        findings.push_back(std::move(finding));
    }

    const Plan& plan_;
    const Context& context_;
    std::set<std::string> failed_;
};

}  // namespace

Checked<CanonicalRecord> canonicalise(const ValidRecord& record,
                                      const Plan& plan,
                                      const Context& context) {
    Checked<CanonicalRecord> checked;
    if (plan.direction() != Direction::in || plan.native_schema() != record.schema()) {
        checked.findings.push_back(wrong_plan(plan, record.schema()));
        return checked;
    }
    Reader reader(plan, context);
    Group fields = reader.run(record.root());
    checked.findings = std::move(reader.findings);
    if (!schemas::any_stops(checked.findings))
        checked.value = CanonicalRecord(plan.canonical_type(), std::move(fields));
    return checked;
}

}  // namespace tongban::mapping
