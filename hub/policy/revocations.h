// Revocations: the authority's list of withdrawn certificates, read again whenever its file
// changes, without restart.
//
// A list that no longer parses or does not bear the authority's signature keeps the last good one
// in force and is reported: a broken file must not un-revoke anybody.
//
// Threads: safe from any thread; a call costs one stat().
// Faults:  ConfigError (exception) when the first list or the authority cannot be read.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "base/guarded.h"
#include "base/time.h"

namespace tongban::policy {

class Revocations {
public:
    Revocations(const std::string& authority_path, std::string list_path);
    [[nodiscard]] bool revoked(std::string_view serial);  // lower-case hex
    // Chain to the authority, dates and revocation of a signing or TLS certificate, at `at`.
    [[nodiscard]] bool good(const std::string& certificate_pem,
                            std::string_view serial,
                            Instant at);
    [[nodiscard]] const std::string& authority() const { return authority_; }

private:
    struct Loaded {
        std::int64_t modified_ns = -1;
        std::int64_t size = -1;
        std::set<std::string, std::less<>> serials;
        std::set<std::string, std::less<>>
            chained;  // PEMs that were found to chain to the authority
    };
    [[nodiscard]] bool refresh(
        Loaded& loaded) const;  // false: the new list is no list, the old one stays
    const std::string list_path_;
    std::string authority_;
    Guarded<Loaded> loaded_;
};

}  // namespace tongban::policy
