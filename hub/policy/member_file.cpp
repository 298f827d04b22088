#include <algorithm>

#include "base/crypto.h"
#include "base/files.h"
#include "hub/policy/internal/policy_loader.h"
#include "schemas/identifiers.h"

namespace tongban::policy {

namespace {

bool is_member_id(std::string_view id) {
    const std::size_t dot = id.find('.');
    if (dot != 6 || id.size() < 8 || id.size() > 64) return false;
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    const auto other = [&](char c) {
        return (c >= 'a' && c <= 'z') || digit(c) || c == '-' || c == '.';
    };
    return std::all_of(id.begin(), id.begin() + 6, digit) &&
           std::all_of(id.begin() + 7, id.end(), other);
}

std::optional<MemberRole> role_named(std::string_view name) {
    for (const MemberRole role :
         {MemberRole::requester, MemberRole::provider, MemberRole::auditor}) {
        if (name_of(role) == name) return role;
    }
    return std::nullopt;
}

}  // namespace

std::string_view name_of(MemberRole role) {
    switch (role) {
        case MemberRole::requester:
            return "requester";
        case MemberRole::provider:
            return "provider";
        case MemberRole::auditor:
            return "auditor";
    }
    return "";
}

const SigningKey* Member::signing_key(std::string_view key_id, Instant at) const {
    for (const SigningKey& candidate : signing) {
        if (candidate.key.key_id() != key_id) continue;
        if (!candidate.valid.covers(shanghai_date(at))) continue;
        if (at < candidate.facts.not_before || candidate.facts.not_after < at) continue;
        return &candidate;
    }
    return nullptr;
}

Validity read_validity(const YamlMap& map, std::string_view from_key, std::string_view to_key) {
    Validity validity;
    validity.from = map.date(from_key);
    validity.to = map.date_if(to_key);
    if (validity.to && *validity.to < validity.from)
        map.at(to_key).fault("the last day lies before the first");
    return validity;
}

void PolicyLoader::read_member(const YamlFile& file) {
    const YamlMap map = file.root().map({"member",
                                         "zh",
                                         "en",
                                         "uscc",
                                         "valid_from",
                                         "valid_to",
                                         "roles",
                                         "rate",
                                         "in_flight",
                                         "signing"});
    Member member;
    member.id = map.text("member");
    member.zh = map.text("zh");
    member.en = map.text("en");
    member.uscc = map.text("uscc");
    member.valid = read_validity(map, "valid_from", "valid_to");
    member.in_flight = map.integer_or("in_flight", 16);
    if (!is_member_id(member.id)) {
        map.at("member").fault("expected <6-digit division>.<kind>[.<unit>] in lower case");
    }
    if (!schemas::valid_uscc(member.uscc))
        map.at("uscc").fault("not a valid unified social credit code");
    if (member.in_flight < 1) map.at("in_flight").fault("expected at least 1");
    for (const YamlValue& value : map.list("roles")) {
        const std::optional<MemberRole> role = role_named(value.text());
        if (role) member.roles.insert(*role);
        if (!role) value.fault("expected requester, provider or auditor");
    }
    const YamlMap rate = map.at("rate").map({"per_second", "burst"});
    member.rate = {rate.integer("per_second"), rate.integer("burst")};
    if (member.rate.per_second < 1 || member.rate.burst < 1)
        map.at("rate").fault("expected numbers of at least 1");
    for (const YamlValue& value : map.list("signing"))
        read_signing(value, member);
    if (policy_.members_.contains(member.id))
        map.at("member").fault("this member has another file");
    note_version("member:" + member.id, file);
    const std::string id = member.id;
    policy_.members_.insert_or_assign(id, std::move(member));
}

void PolicyLoader::read_signing(const YamlValue& value, Member& member) {
    const YamlMap map = value.map({"certificate", "from", "to"});
    const std::string name = map.text("certificate");
    const Validity valid = read_validity(map, "from", "to");
    const Result<std::string> pem = read_file(sources_.pki + "/" + name, 1U << 20);
    if (!pem) {
        map.at("certificate").fault("cannot be read below the pki folder: " + pem.fault().reason);
        return;
    }
    Result<PublicKey> key = PublicKey::from_pem(*pem);
    Result<CertificateFacts> facts = read_certificate(*pem);
    if (!key || !facts) {
        map.at("certificate").fault("is not a certificate");
        return;
    }
    if (facts->common_name != member.id)
        map.at("certificate").fault("its common name is not this member");
    if (facts->organisational_unit != "signing")
        map.at("certificate").fault("its unit is not `signing`");
    member.signing.push_back(SigningKey{name, *pem, *std::move(key), *std::move(facts), valid});
}

}  // namespace tongban::policy
