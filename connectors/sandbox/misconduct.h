// Misconduct: how an office is told to behave badly, by a file that is read again at every request.
//
// <data>/misbehave.json: {"mode": "slow", "delay_ms": 500, "times": 2, "body_file": "/path"}
//   none            as usual
//   slow            after delay_ms
//   fail            the service's own error (HTTP 503, return code 9001)
//   fault           the protocol's own error (SOAP fault Server; fhm 9; return code 9009)
//   no_record       the office says that it has none
//   garbage         bytes that are no message at all
//   twice           the answer two times: in one body over HTTP, as two files in a folder
//   truncated       half of the answer, as if it were whole
//   half            half of the answer, then the connection breaks; a half-written file in a folder
//   wrong_encoding  the bytes in another encoding than they declare
//   replay          (folder) the answer comes again under a second name
//   wrong_id        (folder) the answer carries another message's number
//   lost            the work is done, and no answer comes
//   down            not listening, not looking
// delay_ms works with every mode; body_file answers those exact bytes; times: only that many
// requests, then as usual; only: ["9200501"], requests of those kinds alone (an office whose
// header names kinds); sticks: a message once treated so is treated so whenever it comes again.
//
// Threads: safe from any thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/guarded.h"

namespace tongban::sandbox {

struct Conduct {
    std::string mode = "none";
    std::int64_t delay_ms = 0;
    std::string body;  // of body_file
    bool has_body = false;
    [[nodiscard]] bool is(const char* name) const { return mode == name; }
};

class Misconduct {
public:
    explicit Misconduct(std::string data_folder);
    // For one request of that kind: counts against `times`.
    Conduct next(std::string_view kind = "", const std::string& message = "");
    [[nodiscard]] Conduct now();  // without counting
    static void pause(const Conduct& conduct);

private:
    struct Seen {
        std::string text;
        std::int64_t used = 0;
        std::map<std::string, Conduct> stuck;  // by message
    };
    Conduct read(bool count, std::string_view kind, const std::string& message);
    const std::string file_;
    Guarded<Seen> seen_;
};

// The modes that change bytes, not manners: garbage, twice, truncated, wrong_encoding, body_file.
std::string misbehaved(const Conduct& conduct, std::string bytes);

}  // namespace tongban::sandbox
