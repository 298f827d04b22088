// CodeLists: the national lists, dated per code, and the crosswalk of each endpoint between its own
// codes and them.
//
// A look-up is made as of the event's date, because codes are opened and abolished; offices of one
// kind number the same things differently, so a crosswalk belongs to an endpoint
// ("610100.housing-fund", or one of its schemas, "610100.housing-fund/certificate") and not to a
// kind of office. A code without a row has a declared policy:
//   reject  the record goes back;   review  an officer decides, the record goes on;   other  the
//   fallback is taken.
// A crosswalk may name a code only if its list has it. Grammar: docs/formats/code-list.md.
//
// Threads: immutable after load; safe from any thread.
// Faults:  ConfigError when a file is wrong (every fault, with its line).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace tongban::schemas {

struct CodeEntry {
    std::string code;
    std::string zh;
    std::string en;
    std::optional<Date> from;  // first day it may be used
    std::optional<Date> to;    // last day it may be used
    [[nodiscard]] bool valid_on(Date day) const;
};

class CodeList {
public:
    [[nodiscard]] const std::string& name() const { return name_; }  // "id-type"
    [[nodiscard]] std::int64_t version() const { return version_; }
    [[nodiscard]] const std::vector<CodeEntry>& entries() const { return entries_; }
    // An abolished code is still found: it stays true of events of its time.
    [[nodiscard]] const CodeEntry* find(std::string_view code) const;
    [[nodiscard]] bool valid(std::string_view code, Date day) const;

private:
    friend class CodeFiles;  // schemas/code_list.cpp
    std::string name_;
    std::int64_t version_ = 0;
    std::vector<CodeEntry> entries_;
};

enum class Unmapped { reject, review, other };
std::string_view name_of(Unmapped policy);

struct CodeAnswer {
    bool mapped = false;
    std::string code;                    // the fallback when unmapped and there is one; else ""
    Unmapped policy = Unmapped::reject;  // what an unmapped code means
    int row = 0;                         // line of the crosswalk's row that answered; 0: none
};

enum class Direction { in, out };  // native -> canonical, canonical -> native

class Crosswalk {
public:
    [[nodiscard]] const std::string& endpoint() const { return endpoint_; }
    [[nodiscard]] const std::string& list() const { return list_; }
    [[nodiscard]] const std::string& version() const {
        return version_;
    }  // "610100.housing-fund/id-type@1"
    [[nodiscard]] CodeAnswer look_up(Direction direction, std::string_view code, Date event) const;

private:
    friend class CodeFiles;
    struct Row {
        std::string native;
        std::string canonical;
        std::optional<Date> from;
        std::optional<Date> to;
        bool in = true;
        bool out = true;
        int line = 0;
    };
    struct Policy {
        Unmapped policy = Unmapped::reject;
        std::string fallback;
    };
    std::string endpoint_;
    std::string list_;
    std::string version_;
    bool same_ = false;  // the endpoint speaks the national codes
    const CodeList* codes_ = nullptr;
    Policy in_;
    Policy out_;
    std::vector<Row> rows_;
};

class CodeLists {
public:
    CodeLists() = default;
    CodeLists(const CodeLists&) = delete;  // crosswalks point into the lists
    CodeLists& operator=(const CodeLists&) = delete;
    CodeLists(CodeLists&&) = default;
    CodeLists& operator=(CodeLists&&) = default;

    // folder/<list>.v<n>.yaml and folder/crosswalk/<endpoint>/<list>.v<n>.yaml; of several versions
    // the newest.
    static CodeLists load(const std::string& folder);

    [[nodiscard]] const CodeList* list(std::string_view name) const;
    [[nodiscard]] std::vector<std::string> names() const;
    // For a native schema "610100.housing-fund/certificate@1": that schema's own crosswalk, else
    // its member's; null: none.
    [[nodiscard]] const Crosswalk* crosswalk(std::string_view schema_id,
                                             std::string_view list) const;
    // "codes:<list>@<n>" and "crosswalk:<endpoint>/<list>@<n>" -> hex SHA-256 of the file.
    [[nodiscard]] const std::map<std::string, std::string>& versions() const { return versions_; }

private:
    friend class CodeFiles;
    std::map<std::string, CodeList, std::less<>> lists_;
    std::map<std::string, Crosswalk, std::less<>> crosswalks_;  // "<endpoint>/<list>"
    std::map<std::string, std::string> versions_;
};

}  // namespace tongban::schemas
