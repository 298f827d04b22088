#include "hub/app/command.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "base/time.h"
#include "base/yaml.h"

namespace tongban::app {

namespace {

bool is_root(const std::filesystem::path& folder) {
    return std::filesystem::exists(folder / "schemas" / "canonical") &&
           std::filesystem::exists(folder / "mapping" / "maps");
}

std::string search_upwards(std::filesystem::path folder) {
    for (; !folder.empty(); folder = folder.parent_path()) {
        if (is_root(folder)) return folder.string();
        if (is_root(folder / "share" / "tongban")) return (folder / "share" / "tongban").string();
        if (folder == folder.root_path()) break;
    }
    return {};
}

}  // namespace

ExitCode exit_code_for(FaultKind kind) {
    switch (kind) {
        case FaultKind::malformed:
        case FaultKind::refused:
        case FaultKind::not_found:
        case FaultKind::conflict:
            return findings;
        case FaultKind::unavailable:
        case FaultKind::busy:
        case FaultKind::expired:
            return unavailable;
        case FaultKind::internal:
            return internal;
    }
    return internal;
}

int report(const Fault& fault) {
    std::fprintf(stderr, "tongban: %s: %s\n", fault.where.c_str(), fault.reason.c_str());
    return exit_code_for(fault.kind);
}

int report_input(const Fault& fault) {
    const int code = report(fault);
    return code == unavailable || code == internal ? code : usage;
}

Fault named(const std::string& option, const Fault& fault) {
    return Fault{fault.kind, option, fault.where + ": " + fault.reason};
}

std::string whole_positive(const std::string& text) {
    const bool digits = !text.empty() && text.size() <= 18 && text.front() != '0' &&
                        text.find_first_not_of("0123456789") == std::string::npos;
    return digits ? "" : "'" + text + "' is not a whole number from 1, in digits alone";
}

std::string iso_day(const std::string& text) {
    return parse_iso_date(text) ? "" : "'" + text + "' is not a day as yyyy-MM-dd, like 2026-11-25";
}

std::string find_root(const std::string& given) {
    if (!given.empty()) {
        if (is_root(given)) return given;
        throw ConfigError(
            {{given,
              0,
              0,
              "holds no schemas/canonical and mapping/maps; --root names the folder with both"}});
    }
    // NOLINTNEXTLINE(concurrency-mt-unsafe): read once, before any thread
    if (const char* from_environment = std::getenv("TONGBAN_ROOT"))
        return find_root(from_environment);
    std::error_code error;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
    if (!error) {
        if (auto found = search_upwards(program.parent_path()); !found.empty()) return found;
    }
    if (auto found = search_upwards(std::filesystem::current_path()); !found.empty()) return found;
    throw ConfigError(
        {{"--root",
          0,
          0,
          "schemas/ and mapping/ not found above the program or the working folder"}});
}

}  // namespace tongban::app
