#include "connectors/runtime/provider_middle.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/crypto.h"
#include "base/merkle.h"
#include "mapping/plan.h"
#include "mapping/rule_set.h"
#include "mapping/stages.h"
#include "schemas/canonical_type.h"
#include "schemas/grant.h"
#include "schemas/native_schema.h"

namespace tongban::connectors {

// The hub has decided; this only repeats its decision where the record is. It can grant no field of
// another part.
class WorkGrantMaker {
public:
    static schemas::Grant repeat(const wire::ProviderWork& work, Instant now) {
        schemas::Grant grant;
        grant.resource_ = work.resource;
        grant.ground_ = "decided by the hub";
        grant.decided_at_ = now;
        for (const std::string& field : work.fields) {
            const bool named = field == work.part || field.starts_with(work.part + ".");
            grant.fields_.push_back(named ? field : work.part + "." + field);
        }
        std::sort(grant.fields_.begin(), grant.fields_.end());
        return grant;
    }
};

namespace {

using mapping::Context;
using schemas::Group;
using schemas::List;
using schemas::Value;

wire::Finding on_wire(const schemas::Finding& finding, const std::string& part) {
    wire::Finding result;
    result.code = finding.code;
    result.severity = std::string(schemas::name_of(finding.severity));
    result.mend = std::string(schemas::name_of(finding.mender));
    result.part = finding.part.empty() ? part : finding.part;
    result.path = finding.place.path;
    result.field = finding.field;
    result.line = static_cast<std::int32_t>(finding.place.line);
    result.column = static_cast<std::int32_t>(finding.place.column);
    result.shape = finding.shape;
    result.rule_version = finding.version;
    result.zh = finding.zh;
    result.en = finding.en;
    return result;
}

void big_endian(std::string& bytes, std::size_t value, int width) {
    for (int shift = (width - 1) * 8; shift >= 0; shift -= 8) {
        bytes.push_back(static_cast<char>((value >> shift) & 0xFFU));
    }
}

// One commitment per scalar of the record, with its path; a list's items are numbered.
class Commitments {
public:
    Commitments(const std::string& salt_key, std::string context)
        : salt_key_(salt_key), context_(std::move(context)) {}

    void add(const Group& group, const std::string& prefix) {
        for (const schemas::Field& field : group.fields)
            add(field.value, prefix + field.name);
    }

    Digest root() {
        std::sort(found_.begin(), found_.end());
        MerkleFrontier tree;
        for (const Digest& one : found_)
            tree.append(merkle_leaf(bytes_of(one)));
        return tree.root();
    }

private:
    void add(const Value& value, const std::string& path) {
        if (const auto* group = value.get<Group>()) {
            add(*group, path + ".");
        } else if (const auto* list = value.get<List>()) {
            for (std::size_t i = 0; i < list->items.size(); ++i) {
                add(list->items[i], path + "[" + std::to_string(i) + "]");
            }
        } else if (!value.absent()) {
            found_.push_back(commit(path, schemas::canonical_text(value)));
        }
    }

    [[nodiscard]] Digest commit(const std::string& path, const std::string& text) const {
        const Digest salt = hmac_sha256(salt_key_, context_ + "/" + path);
        std::string bytes("hub/commit/v1\0", 14);
        big_endian(bytes, path.size(), 2);
        bytes += path;
        bytes += bytes_of(salt);
        big_endian(bytes, text.size(), 4);
        return sha256(bytes + text);
    }

    const std::string& salt_key_;
    const std::string context_;
    std::vector<Digest> found_;
};

void unusable(wire::Completion& completion, const std::string& reason) {
    completion.kind = wire::AnswerKind::unavailable;
    completion.reason = reason;
    completion.native_record.clear();
}

// The stages in their order; each leaves its findings, and the first that stops ends it.
class Way {
public:
    Way(const wire::ProviderWork& work, wire::Completion& completion)
        : work_(work), completion_(completion) {}

    template <typename Stage>
    std::optional<Stage> passed(schemas::Checked<Stage> checked) {
        for (const schemas::Finding& finding : checked.findings) {
            completion_.findings.push_back(on_wire(finding, work_.part));
        }
        return std::move(checked.value);
    }

private:
    const wire::ProviderWork& work_;
    wire::Completion& completion_;
};

// The hub's word about the request, as far as it goes. Nothing when it does not obey its type.
std::optional<mapping::PartToJudge> part_to_judge(const wire::ProviderWork& work,
                                                  const mapping::Engine& engine) {
    const schemas::CanonicalType* whole = engine.catalogue->type(work.record);
    if (whole == nullptr || whole->at_path(work.part) == nullptr) return std::nullopt;
    mapping::PartToJudge part;
    part.name = work.part;
    part.whole = whole;
    part.request_fields = work.request_fields;
    if (work.request.empty()) return part;
    const auto told = mapping::accept(work.request, *whole);
    if (!told.ok()) return std::nullopt;
    const Value* request = told.value->fields().find("request");
    const Group* fields = request == nullptr ? nullptr : request->get<Group>();
    if (fields != nullptr) part.request = *fields;
    return part;
}

// Exactly the rules that the hub means, or none at all.
std::optional<mapping::RuleSet> rules_to_run(const wire::ProviderWork& work,
                                             Date as_of,
                                             const mapping::Engine& engine) {
    if (work.rules.empty()) return mapping::RuleSet();
    mapping::RuleSet rules = engine.rules->select(work.record, as_of, work.jurisdictions);
    if (rules.versions() != work.rules) return std::nullopt;
    return rules;
}

}  // namespace

ProviderMiddle::ProviderMiddle(std::shared_ptr<const mapping::Engine> engine, std::string salt_key)
    : engine_(std::move(engine)), versions_(engine_->versions()), salt_key_(std::move(salt_key)) {}

std::string ProviderMiddle::stale_version(const wire::ProviderWork& work) const {
    for (const auto& [artefact, digest] : work.versions) {
        const auto own = versions_.find(artefact);
        if (own == versions_.end() || own->second != digest) return artefact;
    }
    return "";
}

void ProviderMiddle::run(const wire::Job& job,
                         const std::string& native_schema,
                         const std::string& member,
                         Instant now,
                         wire::Completion& completion) const {
    const wire::ProviderWork& work = job.work;
    const auto as_of = parse_iso_date(work.as_of);
    const schemas::NativeSchema* schema = engine_->catalogue->native(native_schema);
    if (!as_of || schema == nullptr) return unusable(completion, "provider.schema");
    if (!stale_version(work).empty()) return unusable(completion, "provider.version");
    const mapping::Plan* plan = engine_->library->into_canonical(native_schema, *as_of);
    if (plan == nullptr) return unusable(completion, "provider.mapping");
    const auto part = part_to_judge(work, *engine_);
    if (!part) return unusable(completion, "provider.request");
    const auto rules = rules_to_run(work, *as_of, *engine_);
    if (!rules) return unusable(completion, "provider.version");

    Context context;
    context.as_of = *as_of;
    context.now = now;
    context.message_no = job.message_no;
    context.exchange = job.exchange_id;
    context.provider = member;

    Way way(work, completion);
    const schemas::Document document{native_schema, std::exchange(completion.native_record, "")};
    auto native = way.passed(mapping::decode(document, *schema));
    if (!native) return;
    auto valid = way.passed(mapping::validate(*std::move(native)));
    if (!valid) return;
    auto canonical = way.passed(mapping::canonicalise(*valid, *plan, context));
    if (!canonical) return;
    Commitments commitments(salt_key_, job.exchange_id + "/" + job.job_id);
    commitments.add(canonical->fields(), work.part + ".");
    completion.__set_commitments_root(std::string(bytes_of(commitments.root())));
    mapping::PartVerdict verdict =
        mapping::verify_part(*std::move(canonical), *part, *rules, context);
    for (const schemas::Finding& finding : verdict.findings)
        completion.findings.push_back(on_wire(finding, work.part));
    completion.judged = std::move(verdict.judged);
    const auto minimised =
        mapping::minimise_part(verdict.record, WorkGrantMaker::repeat(work, now));
    const Value* left = minimised.fields().find(work.part);
    const Group* granted = left == nullptr ? nullptr : left->get<Group>();
    completion.__set_canonical(schemas::canonical_json_of(granted == nullptr ? Group{} : *granted));
}

}  // namespace tongban::connectors
