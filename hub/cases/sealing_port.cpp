#include "hub/cases/sealing_port.h"

#include "base/json.h"
#include "base/text.h"
#include "hub/store/case_id.h"

namespace tongban::cases {
namespace {

constexpr char under_hub_key = 'h';
constexpr char under_person_key = 'p';
constexpr char as_record = 's';  // of earlier versions: the same, and committed to
constexpr const char* item_path = "case";

Fault unreadable() {
    return {FaultKind::refused, "case.sealed", "sealed bytes of a case do not open"};
}

Fault erased() {
    return {FaultKind::not_found, "case.sealed", "the person it is about was erased"};
}

std::string context_of(std::int64_t case_id, std::string_view what) {
    return store::name_of_case(case_id) + "/" + std::string(what);
}

// A sealed record as the case's own column held it.
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
    const Result<std::string> sealed =
        sealing_.seal_bytes_of(subject, plain, context_of(case_id, what));
    if (!sealed) return sealed.fault();
    return under_person_key + *sealed;
}

// Whose key could not be made is met again when it is needed, and that fault is told.
void AuditSealer::meet(const std::vector<std::string>& subjects) {
    (void)sealing_.meet(subjects);
}

Result<std::string> AuditSealer::open(std::int64_t case_id,
                                      std::string_view what,
                                      std::string_view sealed) {
    if (sealed.empty()) return unreadable();
    const std::string_view rest = sealed.substr(1);
    if (sealed.front() == under_hub_key)
        return sealing_.unseal_bytes(rest, context_of(case_id, what));
    if (sealed.front() == under_person_key) {
        Result<std::string> plain = sealing_.unseal_bytes_of(rest, context_of(case_id, what));
        return !plain && plain.fault().kind == FaultKind::not_found ? erased() : std::move(plain);
    }
    if (sealed.front() != as_record) return unreadable();
    Result<store::RecordRow> row = unpack(rest);
    if (!row) return row.fault();
    row->exchange_id = store::name_of_case(case_id);
    row->name = std::string(what);
    const Result<audit::OpenedRecord> opened = sealing_.open_row(*row);
    if (!opened) return opened.fault();
    if (opened->erased_groups != 0) return erased();
    const std::string* plain = opened->find(item_path);
    if (plain == nullptr) return unreadable();
    return *plain;
}

std::string AuditSealer::hash(std::string_view value) const {
    return sealing_.subject_hash(value);
}

}  // namespace tongban::cases
