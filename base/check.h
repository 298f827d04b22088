// TONGBAN_CHECK(condition, "stable.name"): our own invariant, always compiled in. Logs the name and
// aborts. Never on input: whatever the world can cause is a Fault or a Finding.
#pragma once

namespace tongban {
[[noreturn]] void check_failed(const char* name, const char* file, int line);
}

// NOLINTNEXTLINE(cppcoreguidelines-macro-usage): the one macro that the style allows
#define TONGBAN_CHECK(condition, name) \
    ((condition) ? static_cast<void>(0) : ::tongban::check_failed((name), __FILE__, __LINE__))
