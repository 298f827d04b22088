// CallAgenda: when each call is to be sent or asked for. The offices take turns: however many calls
// one has before it, the next of another goes out after one of them.
//
// Threads: one thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace tongban::cases::internal {

struct CallDue {
    std::string office;  // to whom it goes
    std::int64_t at_ms = 0;
    std::string op_key;
};

class CallAgenda {
public:
    void put(CallDue due);
    void drop(const CallDue& due);
    void clear();
    // Of the office whose turn it is, what is due first. It stays until it is dropped.
    std::optional<CallDue> next(std::int64_t now_ms);
    [[nodiscard]] std::optional<std::int64_t> earliest() const;

private:
    std::map<std::string, std::set<std::pair<std::int64_t, std::string>>> offices_;
    std::string last_;  // whose turn it was
};

}  // namespace tongban::cases::internal
