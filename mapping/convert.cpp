// Canonical record to the receiver's native tree, in the order of the mapping's steps. What is
// absent is left out; what the receiver needs and nobody gave is a finding.
#include <optional>
#include <span>
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

using schemas::Format;
using schemas::List;
using schemas::Mender;
using schemas::NodeKind;
using schemas::Severity;
using schemas::Value;

bool blank(const Node& node) {
    return node.children.empty() && node.attributes.empty() && node.text.empty();
}

class Writer {
public:
    Writer(const Plan& plan, const Context& context) : plan_(plan), context_(context) {}

    Node run(const Group& record) {
        Node root;
        root.name = plan_.root().name;
        root.ns = plan_.root().ns;
        root.kind = plan_.format() == Format::json ? NodeKind::object : NodeKind::element;
        steps(plan_.steps(), record, root, "", "/" + root.name);
        return root;
    }

    std::vector<Finding> findings;

private:
    void steps(const std::vector<Step>& all,
               const Group& source,
               Node& target,
               const std::string& prefix,
               const std::string& path) {
        for (const Step& step : all) {
            if (!holds(step.when, source)) continue;
            switch (step.kind) {
                case StepKind::field:
                    field(step, source, target, prefix, path);
                    break;
                case StepKind::group:
                    group(step, source, target, prefix, path);
                    break;
                case StepKind::each:
                    each(step, source, target, prefix, path);
                    break;
            }
        }
    }

    static const Value* value_at(const Group& source, const std::vector<std::string>& canonical) {
        const Value* value = at_path(source, join(canonical, "."));
        return value == nullptr || value->absent() ? nullptr : value;
    }

    [[nodiscard]] static bool holds(const Condition& when, const Group& source) {
        if (when.kind == Condition::Kind::none) return true;
        const Value* value = value_at(source, when.canonical);
        const bool equal = value != nullptr && canonical_text(*value) == when.value;
        switch (when.kind) {
            case Condition::Kind::none:
                return true;
            case Condition::Kind::exists:
                return value != nullptr;
            case Condition::Kind::equal:
                return equal;
            case Condition::Kind::not_equal:
                return !equal;
        }
        return true;
    }

    void field(const Step& step,
               const Group& source,
               Node& target,
               const std::string& prefix,
               const std::string& path) {
        const std::string name = prefix + join(step.canonical, ".");
        std::optional<std::string> text = step.constant;
        if (!text) {
            std::optional<Value> made;
            const Value* value = nullptr;
            if (step.variable != Variable::none) {
                made = value_of(step.variable, context_);
                value = &*made;
            } else if (!step.canonical.empty()) {
                value = value_at(source, step.canonical);
            }
            if (value != nullptr) {
                Coded<std::string> coded = write(step.codec, *value, event(step, source));
                if (coded.fault) note(*coded.fault, step, name, path);
                text = std::move(coded.value);
                if (!text && coded.fault) return;
            }
        }
        if (!text) text = step.default_text;
        if (!text && step.required) {
            missing(step, name, path);
        } else if (text || step.keep_empty) {
            put(step, text, target);
        }
    }

    void group(const Step& step,
               const Group& source,
               Node& target,
               const std::string& prefix,
               const std::string& path) {
        const Group* inner = &source;
        std::string below = prefix;
        if (!step.canonical.empty()) {
            const Value* value = value_at(source, step.canonical);
            inner = value == nullptr ? nullptr : value->get<Group>();
            below += join(step.canonical, ".") + ".";
        }
        if (inner == nullptr) {
            if (step.required) missing(step, below.substr(0, below.size() - 1), path);
            if (step.keep_empty) (void)ensure(target, step.native.steps, plan_.format());
            return;
        }
        const std::string way = step.native.steps.empty() ? path : path + "/" + step.native.text;
        if (Node* existing = find_existing(target, step.native.steps)) {
            steps(step.fields, *inner, *existing, below, way);
            return;
        }
        // Filled first and hung in only when something came: an element without content would say
        // "empty", not "absent".
        Node filled;
        steps(step.fields, *inner, filled, below, way);
        if (blank(filled) && !step.keep_empty) return;
        Node& made = ensure(target, step.native.steps, plan_.format());
        made.attributes = std::move(filled.attributes);
        made.children = std::move(filled.children);
        made.text = std::move(filled.text);
    }

    void each(const Step& step,
              const Group& source,
              Node& target,
              const std::string& prefix,
              const std::string& path) {
        const std::string name = prefix + join(step.canonical, ".");
        const Value* value = value_at(source, step.canonical);
        const List* list = value == nullptr ? nullptr : value->get<List>();
        if (list == nullptr && step.required) missing(step, name, path);
        // A list that is there and empty is said as such; one that is absent only where the form
        // wants the element.
        if (list == nullptr && !step.keep_empty) return;
        const std::span<const NativeStep> way(step.native.steps);
        const bool empty = list == nullptr || list->items.empty();
        Node& parent = ensure(target, way.first(way.size() - 1), plan_.format());
        if (empty) {
            if (plan_.format() != Format::json) return;
            Node array;
            array.name = way.back().name;
            array.kind = NodeKind::array_item;
            parent.children.push_back(std::move(array));
            return;
        }
        std::size_t index = 0;
        for (const Value& item : list->items) {
            const std::string at = "[" + std::to_string(index++) + "]";
            const Group* fields = item.get<Group>();
            if (fields == nullptr) continue;
            Node child;
            child.name = way.back().name;
            child.ns = way.back().ns;
            child.kind = plan_.format() == Format::xml ? NodeKind::element : NodeKind::object;
            child.in_array = plan_.format() == Format::json;
            std::string below = name;
            below.append(at).append(".");
            std::string way_there = path;
            way_there.append("/").append(step.native.text).append(at);
            steps(step.fields, *fields, child, below, way_there);
            if (!blank(child)) parent.children.push_back(std::move(child));
        }
    }

    void put(const Step& step, const std::optional<std::string>& text, Node& target) const {
        const std::span<const NativeStep> way(step.native.steps);
        if (way.empty()) {
            target.text = text.value_or("");
            return;
        }
        Node& parent = ensure(target, way.first(way.size() - 1), plan_.format());
        if (way.back().attribute) {
            parent.attributes.push_back({way.back().name, way.back().ns, text.value_or("")});
            return;
        }
        Node leaf;
        leaf.name = way.back().name;
        leaf.ns = way.back().ns;
        leaf.kind = text || plan_.format() == Format::xml ? step.node_kind : NodeKind::null;
        leaf.text = text.value_or("");
        parent.children.push_back(std::move(leaf));
    }

    [[nodiscard]] Date event(const Step& step, const Group& source) const {
        const Value* value = step.as_of.empty() ? nullptr : value_at(source, step.as_of);
        const Date* date = value == nullptr ? nullptr : value->get<Date>();
        return date == nullptr ? context_.as_of : *date;
    }

    void note(const CodecFault& fault,
              const Step& step,
              const std::string& name,
              const std::string& path) {
        Finding finding;
        finding.code = fault.code;
        finding.severity = step.malformed && fault.severity == Severity::return_ ? *step.malformed
                                                                                 : fault.severity;
        finding.mender = fault.mender;
        finding.field = name;
        finding.place.path = path + "/" + step.native.text;
        finding.version = plan_.version();
        finding.zh = (step.type == nullptr ? "" : "“" + step.type->zh + "”") + fault.zh;
        finding.en = (step.type == nullptr ? "" : step.type->en + ": ") + fault.en;
        findings.push_back(std::move(finding));
    }

    void missing(const Step& step, const std::string& name, const std::string& path) {
        CodecFault fault;
        fault.code = "map.required.missing";
        fault.mender = Mender::mapping_owner;
        fault.zh = "为接收方必填，但来源没有提供或授权中没有列出，请补充来源数据或调整共享协议。";
        fault.en =
            "the receiver needs it, but the source did not give it or the grant does not name it: "
            "complete the "
            "source or the agreement.";
        note(fault, step, name, path);
    }

    const Plan& plan_;
    const Context& context_;
};

struct Written {
    std::optional<Node> root;
    std::vector<Finding> findings;
};

Written write_record(const Group& fields,
                     std::string_view type,
                     const Plan& plan,
                     const Context& context) {
    Written written;
    if (plan.direction() != Direction::out || plan.canonical_type() != type) {
        written.findings.push_back(wrong_plan(plan, type));
        return written;
    }
    Writer writer(plan, context);
    Node root = writer.run(fields);
    written.findings = std::move(writer.findings);
    if (!schemas::any_stops(written.findings)) written.root = std::move(root);
    return written;
}

}  // namespace

schemas::Value value_of(Variable variable, const Context& context) {
    switch (variable) {
        case Variable::none:
            return {};
        case Variable::message_no:
            return {context.message_no, {}};
        case Variable::exchange:
            return {context.exchange, {}};
        case Variable::requester:
            return {context.requester, {}};
        case Variable::provider:
            return {context.provider, {}};
        case Variable::as_of:
            return {context.as_of, {}};
        case Variable::today:
            return {shanghai_date(context.now), {}};
        case Variable::now:
            return {context.now, {}};
    }
    return {};
}

schemas::Finding wrong_plan(const Plan& plan, std::string_view given) {
    Finding finding;
    finding.code = "map.plan";
    finding.severity = Severity::block;
    finding.mender = Mender::mapping_owner;
    finding.version = plan.version();
    finding.zh = "该映射不适用于 " + std::string(given) + "，请检查资源与映射的配置。";
    finding.en =
        "This mapping is not for " + std::string(given) + ": check the resource and the mapping.";
    return finding;
}

Checked<OutboundRecord> convert(const MinimisedRecord& record,
                                const Plan& plan,
                                const Context& context) {
    Written written = write_record(record.fields(), record.type(), plan, context);
    Checked<OutboundRecord> checked{std::nullopt, std::move(written.findings)};
    if (written.root)
        checked.value = OutboundRecord(plan.native_schema(), *std::move(written.root));
    return checked;
}

Checked<OutboundRecord> convert_request(const CanonicalRecord& request,
                                        const Plan& plan,
                                        const Context& context) {
    Written written = write_record(request.fields(), request.type(), plan, context);
    Checked<OutboundRecord> checked{std::nullopt, std::move(written.findings)};
    if (written.root)
        checked.value = OutboundRecord(plan.native_schema(), *std::move(written.root));
    return checked;
}

}  // namespace tongban::mapping
