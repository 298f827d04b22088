#include "hub/audit/sealing.h"

#include <algorithm>
#include <map>

#include <sys/stat.h>

#include "base/files.h"
#include "base/log.h"
#include "base/text.h"
#include "hub/audit/commitment.h"
#include "hub/audit/internal/subject_keys.h"
#include "hub/audit/trail.h"

namespace tongban::audit {
namespace {

constexpr std::size_t salt_bytes = 32;

std::string number(std::size_t value, int bytes) {
    std::string out;
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
        out += static_cast<char>((value >> shift) & 0xFF);
    return out;
}

// A group's plain bytes: for each item u16 length, path, salt[32], u32 length, value; lengths
// big-endian.
std::string packed(const Item& item, std::string_view salt) {
    return number(item.path.size(), 2) + item.path + std::string(salt) +
           number(item.value.size(), 4) + item.value;
}

struct Unpacked {
    std::string path, salt, value;
};

Result<std::vector<Unpacked>> unpack(std::string_view bytes) {
    const Fault broken{FaultKind::refused, "record", "a sealed group is not what it should be"};
    const auto take = [&bytes](std::size_t count) -> std::optional<std::string_view> {
        if (bytes.size() < count) return std::nullopt;
        const std::string_view taken = bytes.substr(0, count);
        bytes.remove_prefix(count);
        return taken;
    };
    const auto take_number = [&take](std::size_t count) -> std::optional<std::size_t> {
        const auto taken = take(count);
        if (!taken) return std::nullopt;
        std::size_t value = 0;
        for (const char c : *taken)
            value = value << 8 | static_cast<unsigned char>(c);
        return value;
    };
    std::vector<Unpacked> items;
    while (!bytes.empty()) {
        const auto path_size = take_number(2);
        const auto path = path_size ? take(*path_size) : std::nullopt;
        const auto salt = path ? take(salt_bytes) : std::nullopt;
        const auto value_size = salt ? take_number(4) : std::nullopt;
        const auto value = value_size ? take(*value_size) : std::nullopt;
        if (!value) return broken;
        items.push_back({std::string(*path), std::string(*salt), std::string(*value)});
    }
    return items;
}

std::string group_key(std::string_view record_key, const std::vector<SubjectKey>& keys) {
    std::string material = "group";
    material += '\0';
    for (const SubjectKey& key : keys)
        material += key.key;
    return std::string(bytes_of(hmac_sha256(record_key, material)));
}

Fault not_opening() {
    return {FaultKind::refused,
            "sealed",
            "sealed bytes do not open: another key or context, or altered"};
}

std::string person_key(std::string_view hub_key, const SubjectKey& person) {
    return std::string(bytes_of(hmac_sha256(hub_key, "person" + person.key)));
}

std::string group_context(std::string_view exchange_id, std::string_view record, std::size_t n) {
    return "group/" + std::string(exchange_id) + "/" + std::string(record) + "/" +
           std::to_string(n);
}

std::string record_context(std::string_view exchange_id, std::string_view record) {
    return "record/" + std::string(exchange_id) + "/" + std::string(record);
}

}  // namespace

struct Sealing::State {
    store::Store& store;
    const Clock& clock;
    const HubKeys keys;
    SubjectKeys subjects;

    State(store::Store& at, const Clock& by, HubKeys with)
        : store(at), clock(by), keys(std::move(with)), subjects(at, by, keys) {}
};

std::string SealedRecord::commitment_of(std::string_view path) const {
    for (const auto& [name, digest] : commitments)
        if (name == path) return hex(digest);
    return {};
}

std::vector<Digest> SealedRecord::digests() const {
    std::vector<Digest> all;
    all.reserve(commitments.size());
    for (const auto& [name, digest] : commitments)
        all.push_back(digest);
    return all;
}

const std::string* OpenedRecord::find(std::string_view path) const {
    for (const OpenedItem& item : items)
        if (item.path == path) return &item.value;
    return nullptr;
}

Sealing::Sealing(std::unique_ptr<State> state) : state_(std::move(state)) {}
Sealing::~Sealing() = default;

Result<Done> Sealing::make_key_file(const std::string& path) {
    struct stat status{};
    if (::stat(path.c_str(), &status) == 0)
        return Fault{FaultKind::conflict,
                     path,
                     "a key file is there already; overwriting it would lose every record"};
    return write_file_durably(path, hex(random_bytes(32)) + "\n", Access::owner_only);
}

Result<std::unique_ptr<Sealing>> Sealing::open(store::Store& store,
                                               const Clock& clock,
                                               const std::string& key_path) {
    struct stat status{};
    if (::stat(key_path.c_str(), &status) == 0 && (status.st_mode & 077) != 0)
        return Fault{
            FaultKind::refused, key_path, "the hub's key can be read by others than its owner"};
    const auto text = read_file(key_path, 1024);
    if (!text) return text.fault();
    const auto key = from_hex(trim(*text));
    if (!key || key->size() != 32)
        return Fault{FaultKind::malformed, key_path, "a hub key is 64 hex digits"};
    return std::unique_ptr<Sealing>(
        new Sealing(std::make_unique<State>(store, clock, HubKeys::from(*key))));
}

Result<SealedRecord> Sealing::seal(const std::string& exchange_id,
                                   const std::string& record,
                                   const std::vector<Item>& items) {
    SealedRecord sealed;
    store::RecordRow& row = sealed.row;
    row.exchange_id = exchange_id;
    row.name = record;
    row.wrapping_key_id = state_->keys.wrapping_id;
    row.created_ms = state_->clock.now().ms;
    const std::string record_key = random_bytes(32);
    row.wrapped_key =
        tongban::seal(state_->keys.wrapping, record_key, record_context(exchange_id, record));

    // Items about the same persons share a group; the key ids stand in the order in which the keys
    // are joined.
    const std::string salts = random_bytes(items.size() * salt_bytes);
    struct Group {
        std::vector<SubjectKey> keys;
        std::string plain;
    };
    std::map<std::vector<std::string>, Group> groups;
    for (std::size_t i = 0; i < items.size(); ++i) {
        const Item& item = items[i];
        if (item.path.size() > 0xFFFF || item.value.size() > 0xFFFFFFFF)
            return Fault{FaultKind::refused, "record", "an item is too long to seal"};
        auto keys = state_->subjects.keys_of(item.subjects);
        if (!keys) return keys.fault();
        std::vector<std::string> key_ids;
        for (const SubjectKey& key : *keys)
            key_ids.push_back(key.key_id);
        const std::string_view salt = std::string_view(salts).substr(i * salt_bytes, salt_bytes);
        Group& group = groups[key_ids];
        group.keys = *std::move(keys);
        group.plain += packed(item, salt);
        sealed.commitments.emplace_back(item.path, commitment(item.path, salt, item.value));
        row.commitments.push_back(sealed.commitments.back().second);
    }
    std::sort(row.commitments.begin(), row.commitments.end());
    for (const auto& [key_ids, group] : groups)
        row.groups.push_back(
            {key_ids,
             tongban::seal(group_key(record_key, group.keys),
                           group.plain,
                           group_context(exchange_id, record, row.groups.size()))});
    return sealed;
}

Result<Done> Sealing::meet(const std::vector<std::string>& subjects) {
    return state_->subjects.make(subjects);
}

Result<OpenedRecord> Sealing::open_record(std::string_view exchange_id, std::string_view record) {
    const auto row = state_->store.record(exchange_id, record);
    if (!row) return row.fault();
    if (!*row) return Fault{FaultKind::not_found, "record", "no such record"};
    return open_row(**row);
}

Result<OpenedRecord> Sealing::open_row(const store::RecordRow& row) {
    const Fault altered{
        FaultKind::refused, "record", "a sealed record does not open: another key, or altered"};
    const auto record_key =
        unseal(state_->keys.wrapping, row.wrapped_key, record_context(row.exchange_id, row.name));
    if (!record_key) return altered;
    OpenedRecord opened;
    for (std::size_t n = 0; n < row.groups.size(); ++n) {
        const store::SealedGroup& group = row.groups[n];
        std::vector<SubjectKey> keys;
        bool erased = false;
        for (const std::string& key_id : group.key_ids) {
            auto key = state_->subjects.key_named(key_id);
            if (!key && key.fault().kind != FaultKind::not_found) return key.fault();
            if (!key)
                erased = true;
            else
                keys.push_back(*std::move(key));
        }
        if (erased) {
            ++opened.erased_groups;
            continue;
        }
        const auto plain = unseal(group_key(*record_key, keys),
                                  group.sealed,
                                  group_context(row.exchange_id, row.name, n));
        if (!plain) return altered;
        auto items = unpack(*plain);
        if (!items) return items.fault();
        for (Unpacked& item : *items) {
            const Digest digest = commitment(item.path, item.salt, item.value);
            if (!std::binary_search(row.commitments.begin(), row.commitments.end(), digest))
                return Fault{FaultKind::refused, "record", "a value is not the one committed to"};
            opened.items.push_back({std::move(item.path), std::move(item.value)});
        }
    }
    return opened;
}

std::string Sealing::seal_bytes(std::string_view plain, std::string_view context) const {
    return tongban::seal(state_->keys.bytes, plain, context);
}

Result<std::string> Sealing::unseal_bytes(std::string_view sealed, std::string_view context) const {
    auto plain = unseal(state_->keys.bytes, sealed, context);
    if (!plain) return not_opening();
    return plain;
}

Result<std::string> Sealing::seal_bytes_of(std::string_view subject,
                                           std::string_view plain,
                                           std::string_view context) {
    const auto keys = state_->subjects.keys_of({std::string(subject)});
    if (!keys) return keys.fault();
    const SubjectKey& key = keys->front();
    return number(key.key_id.size(), 1) + key.key_id +
           tongban::seal(person_key(state_->keys.bytes, key), plain, context);
}

Result<std::string> Sealing::unseal_bytes_of(std::string_view sealed, std::string_view context) {
    const std::size_t size = sealed.empty() ? 0 : static_cast<unsigned char>(sealed.front());
    if (size == 0 || sealed.size() < 1 + size) return not_opening();
    const auto key = state_->subjects.key_named(std::string(sealed.substr(1, size)));
    if (!key) return key.fault();
    auto plain = unseal(person_key(state_->keys.bytes, *key), sealed.substr(1 + size), context);
    if (!plain) return not_opening();
    return plain;
}

std::string Sealing::subject_hash(std::string_view subject) const {
    return state_->subjects.hash_of(subject);
}

Result<ErasureReport> Sealing::erase(std::string_view subject,
                                     const std::string& ordered_by,
                                     const std::string& basis,
                                     Trail& trail) {
    const std::string hash = subject_hash(subject);
    const auto key = state_->store.subject_key_of(hash);
    if (!key) return key.fault();
    if (!*key)
        return Fault{FaultKind::not_found, "subject_key", "nothing is held about this subject"};
    ErasureFacts facts{ordered_by, basis, (*key)->key_id, {}};
    auto exchanges = state_->store.exchanges_of_subject((*key)->key_id);
    if (!exchanges) return exchanges.fault();
    for (const std::string& exchange_id : *exchanges) {
        const auto leaves = state_->store.leaves_of(exchange_id);
        if (!leaves) return leaves.fault();
        for (const store::AuditRow& leaf : *leaves)
            if (leaf.index) facts.leaves.push_back(*leaf.index);
    }
    std::sort(facts.leaves.begin(), facts.leaves.end());
    store::Batch batch;
    batch.add(store::DestroySubjectKey{(*key)->key_id, state_->clock.now().ms});
    state_->subjects.forget((*key)->key_id, hash);
    const auto leaf = trail.erasure(facts, std::move(batch));
    // Once more: a thread may have looked the key up between the two.
    state_->subjects.forget((*key)->key_id, hash);
    if (!leaf) return leaf.fault();
    // The key is gone from the tables; what lingers in the database's files goes now, or with the
    // next checkpoint.
    const auto scrubbed = state_->store.scrub();
    if (!scrubbed) log::warn("audit.scrub_later", {{"reason", scrubbed.fault().reason}});
    return ErasureReport{*std::move(exchanges), facts.leaves};
}

}  // namespace tongban::audit
