// Every kind of mistake, each by a file that has it and nothing else; and the page that shows them.
#include <cstdlib>
#include <set>

#include <boost/test/unit_test.hpp>

#include "base/files.h"
#include "tests/unit/hub/cases/item/item_fixture.h"
#include "tests/unit/hub/cases/item/mistake_samples.h"

using namespace tongban;
using namespace tongban::item;
using namespace tongban::item::test;

namespace {

std::string text_of(const Sample& sample) {
    std::string text = good_text();
    for (const auto& [from, to] : sample.edits)
        text = changed(text, from, to);
    return text;
}

// Mistakes between files: what each of them says.
struct FolderMistake {
    const char* code;
    const char* title;
    const char* shown;
};
constexpr FolderMistake of_folders[] = {
    {"item.twice",
     "two files, one item and version",
     "item: housing-fund/rent-withdrawal\nversion: 1      # and in another file too"},
    {"version.order",
     "version 2 begins before version 1",
     "version: 2\nvalid_from: 2025-06-01      # version 1: 2026-01-01"},
    {"validity.overlap",
     "two versions claim one day",
     "version: 2\nvalid_from: 2026-01-01      # version 1: 2026-01-01"},
    {"version.changed",
     "a published version is another one now",
     "version: 1      # a reload; the file is not the one in force"},
    {"version.gone",
     "a published version has no file any more",
     "version: 2      # a reload; the file of version 1 was taken away"},
};

std::string page() {
    std::string out =
        "# Mistakes in a service item\n\n"
        "What `tongban item check` tells, by kind: an example, where it is told, why it matters, "
        "what to do. This page is\n"
        "written by `tests/unit/hub/cases/item/mistakes_test.cpp` from what really happened "
        "(`TONGBAN_UPDATE_DOCS=1`\n"
        "rewrites it), and the test fails when the two differ. Each example is the item of that "
        "folder with one thing\n"
        "changed, and has this mistake alone. A file is read to its end: every mistake is told at "
        "once. A warning does not\n"
        "keep an item from being loaded.\n";
    for (const MistakeKind& kind : mistake_kinds()) {
        out += "\n## `" + std::string(kind.code) + "`" +
               (kind.gravity == Gravity::warning ? " (a warning)" : "") + "\n\n";
        out += "Why: " + std::string(kind.why) + ". To do: " + std::string(kind.remedy) + ".\n";
        for (const Sample& sample : samples()) {
            if (sample.code != kind.code) continue;
            const ItemFile file = read(text_of(sample));
            const std::string& shown = sample.shown.empty() ? sample.edits[0].second : sample.shown;
            out += "\n" + sample.title + (sample.title.ends_with('?') ? "" : ":") +
                   "\n\n```yaml\n" + shown + "\n```\n";
            for (const Mistake& one : file.mistakes)
                out += "\n> line " + std::to_string(one.line) + ", column " +
                       std::to_string(one.column) + ": " + one.what + "\n";
        }
        for (const FolderMistake& one : of_folders) {
            if (one.code == kind.code)
                out += "\n" + std::string(one.title) + ":\n\n```yaml\n" + one.shown + "\n```\n";
        }
    }
    return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mistakes_test)

BOOST_AUTO_TEST_CASE(every_sample_has_its_mistake_alone_at_its_line) {
    for (const Sample& sample : samples()) {
        BOOST_TEST_CONTEXT(sample.code << ": " << sample.title) {
            const std::string text = text_of(sample);
            const ItemFile file = read(text);
            BOOST_TEST(file.mistakes.size() == 1U, told(file.mistakes));
            BOOST_REQUIRE(!file.mistakes.empty());
            const Mistake& one = file.mistakes.front();
            BOOST_TEST(one.code == sample.code, told(file.mistakes));
            BOOST_TEST(one.line == line_of(text, sample.at), told(file.mistakes));
            BOOST_TEST(one.column > 0);
            BOOST_TEST(!one.what.empty());
            BOOST_TEST((file.item == nullptr) == one.stops());
        }
    }
}

BOOST_AUTO_TEST_CASE(every_kind_of_mistake_has_a_sample_a_reason_and_a_remedy) {
    std::set<std::string_view> shown;
    for (const Sample& sample : samples())
        shown.insert(sample.code);
    for (const FolderMistake& one : of_folders)
        shown.insert(one.code);
    std::set<std::string_view> codes;
    for (const MistakeKind& kind : mistake_kinds()) {
        BOOST_TEST(codes.insert(kind.code).second, kind.code);
        BOOST_TEST(shown.contains(kind.code), kind.code);
        BOOST_TEST(!kind.why.empty(), kind.code);
        BOOST_TEST(!kind.remedy.empty(), kind.code);
    }
    BOOST_TEST(codes.size() >= 30U);
}

BOOST_AUTO_TEST_CASE(all_mistakes_of_a_file_are_told_at_once_in_the_files_order) {
    std::string text = good_text();
    text = changed(text, "priority: normal", "priority: soon");
    text = changed(text, "event: rent.paid", "event: rent.payed");
    text = changed(text, "{when: homes.count > 0,", "{when: houses.count > 0,");
    const ItemFile file = read(text);
    BOOST_REQUIRE(file.mistakes.size() == 3U);
    BOOST_TEST(file.mistakes[0].code == "value.wrong");
    BOOST_TEST(file.mistakes[1].code == "cel.name");
    BOOST_TEST(file.mistakes[2].code == "event.unknown");
    const auto faults = as_faults(file.mistakes);
    BOOST_TEST(faults.size() == 3U);
    BOOST_TEST(faults[1].message.find("To do:") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_guard_before_a_result_is_understood) {
    const std::string guarded[] = {
        "has(homes) && homes.count > 0",
        "!has(homes) || homes.count > 0",
        "homes != null && homes.count > 0",
        "has(homes) ? homes.count > 0 : false",
        "value_or(homes.count, decimal('0')) > 0",
    };
    const std::string bare[] = {"homes.count > 0 && has(homes)",
                                "has(homes) || homes.count > 0",
                                "has(payment) && homes.count > 0"};
    const auto with = [](const std::string& condition) {
        return read(
            changed(good_text(),
                    "- {otherwise: decide}",
                    "- {when: \"" + condition + "\", go: refused}\n      - {otherwise: decide}"));
    };
    for (const std::string& condition : guarded)
        BOOST_TEST(told(with(condition).mistakes) == "", condition);
    for (const std::string& condition : bare) {
        const ItemFile file = with(condition);
        BOOST_TEST(file.mistakes.size() == 1U, condition);
        if (!file.mistakes.empty()) BOOST_TEST(file.mistakes[0].code == "cel.unset", condition);
    }
}

BOOST_AUTO_TEST_CASE(what_a_transition_asked_for_holds_where_it_leads) {
    std::string text = changed(good_text(),
                               "- {otherwise: decide}",
                               "- {when: has(homes), go: look}\n      - {otherwise: decide}");
    text = changed(text,
                   "  pause:\n",
                   "  look:\n    zh: 看\n    en: look\n    gate: {}\n    next:\n"
                   "      - {when: homes.count > 0, go: refused}\n      - {otherwise: decide}\n"
                   "  pause:\n");
    BOOST_TEST(told(read(text).mistakes) == "");
}

BOOST_AUTO_TEST_CASE(the_page_of_mistakes_tells_what_happens) {
    const std::string path = std::string(TONGBAN_SOURCE_DIR "/docs/definition-mistakes.md");
    const std::string made = page();
    if (std::getenv("TONGBAN_UPDATE_DOCS") != nullptr) {
        BOOST_REQUIRE(write_file_durably(path, made).ok());
        return;
    }
    const auto stored = read_file(path);
    BOOST_REQUIRE(stored.ok());
    BOOST_TEST((*stored == made),
               "docs/definition-mistakes.md differs; TONGBAN_UPDATE_DOCS=1 rewrites it");
}

BOOST_AUTO_TEST_SUITE_END()
