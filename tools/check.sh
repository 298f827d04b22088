#!/usr/bin/env bash
# The slow checks of ./dev check: clang-tidy, address+undefined, thread, fuzz corpora. Stops at the first that is not clean.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
launcher=(); command -v ccache >/dev/null && launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
step() { printf '\n== %s\n' "$1"; }

step "format"
git ls-files '*.h' '*.cpp' | xargs clang-format-19 --dry-run --Werror

step "asan, fuzz: address and undefined behaviour; corpora replayed under libFuzzer"  # one build, the fuzz preset's
cmake --preset fuzz "${launcher[@]}" >/dev/null && cmake --build build/fuzz -- --quiet
ctest --preset fuzz -j2 -LE fault

step "tsan: data races"
cmake --preset tsan "${launcher[@]}" >/dev/null && cmake --build build/tsan -- --quiet unit_tests
ctest --preset tsan -j2 -L unit

step "tidy"
cmake --preset dev "${launcher[@]}" >/dev/null && cmake --build build/dev -- --quiet tongban_wire
tools/tidy.py build/dev

printf '\ncheck: clean\n'
