// One file for each kind of mistake: the good item with one thing changed. They are the test of the
// checks and the examples of docs/definition-mistakes.md.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace tongban::item::test {

struct Sample {
    std::string code;
    std::string title;                                       // what somebody did
    std::vector<std::pair<std::string, std::string>> edits;  // of the good file
    std::string at;     // text whose line the mistake is told at
    std::string shown;  // the lines that the page shows; empty: those of the first edit
};

const std::vector<Sample>& samples();

}  // namespace tongban::item::test
