#include "hub/cases/sealing_port.h"

#include "base/json.h"
#include "base/text.h"
#include "hub/store/case_id.h"

namespace tongban::cases {
namespace {

constexpr char under_hub_key = 'h';
constexpr char under_subject_key = 's';
constexpr const char* item_path = "case";

Fault unreadable() {
    return {FaultKind::refused, "case.sealed", "sealed bytes of a case do not open"};
}

std::string context_of(std::int64_t case_id, std::string_view what) {
    return store::name_of_case(case_id) + "/" + std::string(what);
}

// The sealed record as the case's own column holds it.
std::string pack(const store::RecordRow& row) {
    Json groups = Json::array();
    for (const store::SealedGroup& group : row.groups)
        groups.push_back({{"keys", group.key_ids}, {"sealed", base64(group.sealed)}});
    Json commitments = Json::array();
    for (const Digest& digest : row.commitments)
        commitments.push_back(tongban::hex(digest));
    return Json{{"key", base64(row.wrapped_key)},
                {"by", row.wrapping_key_id},
                {"commitments", std::move(commitments)},
                {"groups", std::move(groups)}}
        .dump();
}

Result<store::RecordRow> unpack(std::string_view bytes) {
    const Result<Json> json = parse_json(bytes);
    if (!json || !json->is_object()) return unreadable();
    store::RecordRow row;
    try {
        const Result<std::string> key = from_base64(json->at("key").get<std::string>());
        if (!key) return unreadable();
        row.wrapped_key = *key;
        row.wrapping_key_id = json->at("by").get<std::string>();
        for (const Json& one : json->at("commitments")) {
            const Result<std::string> raw = from_hex(one.get<std::string>());
            const Result<Digest> digest = raw ? digest_from(*raw) : Result<Digest>(unreadable());
            if (!digest) return unreadable();
            row.commitments.push_back(*digest);
        }
        for (const Json& one : json->at("groups")) {
            const Result<std::string> sealed = from_base64(one.at("sealed").get<std::string>());
            if (!sealed) return unreadable();
            row.groups.push_back({one.at("keys").get<std::vector<std::string>>(), *sealed});
        }
    } catch (const Json::exception&) {  // nlohmann's accessors throw: not ours
        return unreadable();
    }
    return row;
}

}  // namespace

Result<std::string> AuditSealer::seal(std::int64_t case_id,
                                      std::string_view what,
                                      std::string_view subject,
                                      std::string_view plain) {
    if (subject.empty())
        return under_hub_key + sealing_.seal_bytes(plain, context_of(case_id, what));
    Result<audit::SealedRecord> sealed =
        sealing_.seal(store::name_of_case(case_id),
                      std::string(what),
                      {audit::Item{item_path, std::string(plain), {std::string(subject)}}});
    if (!sealed) return sealed.fault();
    return under_subject_key + pack(sealed->row);
}

Result<std::string> AuditSealer::open(std::int64_t case_id,
                                      std::string_view what,
                                      std::string_view sealed) {
    if (sealed.empty()) return unreadable();
    const std::string_view rest = sealed.substr(1);
    if (sealed.front() == under_hub_key)
        return sealing_.unseal_bytes(rest, context_of(case_id, what));
    Result<store::RecordRow> row = unpack(rest);
    if (!row) return row.fault();
    row->exchange_id = store::name_of_case(case_id);
    row->name = std::string(what);
    const Result<audit::OpenedRecord> opened = sealing_.open_row(*row);
    if (!opened) return opened.fault();
    if (opened->erased_groups != 0)
        return Fault{FaultKind::not_found, "case.sealed", "the person it is about was erased"};
    const std::string* plain = opened->find(item_path);
    if (plain == nullptr) return unreadable();
    return *plain;
}

std::string AuditSealer::hash(std::string_view value) const {
    return sealing_.subject_hash(value);
}

}  // namespace tongban::cases
