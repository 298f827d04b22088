// The folder of items: which version opens a case, which a running one keeps, and what a reload
// may change.
#include "hub/cases/item/item_book.h"

#include <boost/test/unit_test.hpp>

#include "base/files.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/hub/cases/item/item_fixture.h"

using namespace tongban;
using namespace tongban::item;
using namespace tongban::item::test;

namespace {

std::string version_of(const std::string& version, const std::string& from) {
    std::string text = changed(good_text(), "\nversion: 1\n", "\nversion: " + version + "\n");
    return changed(text, "valid_from: 2026-01-01", "valid_from: " + from);
}

BookFile book_of(const std::vector<std::string>& texts) {
    std::vector<std::pair<std::string, std::string>> files;
    for (const std::string& text : texts)
        files.emplace_back("f" + std::to_string(files.size()) + ".yaml", text);
    return ItemBook::read(files, around());
}

// "": it loads.
std::string why_not(const std::string& folder) {
    try {
        static_cast<void>(ItemBook::load(folder, around()));
        return "";
    } catch (const ConfigError& error) {
        return error.what();
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(item_book_test)

BOOST_AUTO_TEST_CASE(the_newest_version_that_is_valid_opens_a_case) {
    const BookFile file = book_of({version_of("1", "2026-01-01"), version_of("2", "2026-07-01")});
    BOOST_REQUIRE_MESSAGE(file.book, told(file.mistakes));
    const char* id = "housing-fund/rent-withdrawal";
    BOOST_TEST(file.book->newest(id, Date{2025, 12, 31}) == nullptr);
    BOOST_TEST(file.book->newest(id, Date{2026, 6, 30})->version == 1);
    BOOST_TEST(file.book->newest(id, Date{2026, 7, 1})->version == 2);
    BOOST_TEST(file.book->newest("housing-fund/nothing", Date{2026, 7, 1}) == nullptr);
}

BOOST_AUTO_TEST_CASE(a_running_case_finds_its_own_version) {
    const BookFile file = book_of({version_of("1", "2026-01-01"), version_of("2", "2026-07-01")});
    BOOST_REQUIRE(file.book);
    BOOST_TEST(file.book->find("housing-fund/rent-withdrawal", 1)->version == 1);
    BOOST_TEST(file.book->find("housing-fund/rent-withdrawal", 3) == nullptr);
    BOOST_TEST(file.book->versions().at("item:housing-fund/rent-withdrawal@2").size() == 64U);
}

BOOST_AUTO_TEST_CASE(two_files_of_one_version_are_a_mistake) {
    const BookFile file = book_of({version_of("1", "2026-01-01"), version_of("1", "2026-01-01")});
    BOOST_TEST(!file.book);
    BOOST_REQUIRE(file.mistakes.size() == 1U);
    BOOST_TEST(file.mistakes[0].code == "item.twice");
    BOOST_TEST(file.mistakes[0].line == 3);
}

BOOST_AUTO_TEST_CASE(a_higher_version_begins_later) {
    const BookFile early = book_of({version_of("1", "2026-01-01"), version_of("2", "2025-06-01")});
    BOOST_REQUIRE(early.mistakes.size() == 1U);
    BOOST_TEST(early.mistakes[0].code == "version.order");
    BOOST_TEST(early.mistakes[0].file == "f1.yaml");
    const BookFile same = book_of({version_of("1", "2026-01-01"), version_of("2", "2026-01-01")});
    BOOST_REQUIRE(same.mistakes.size() == 1U);
    BOOST_TEST(same.mistakes[0].code == "validity.overlap");
}

BOOST_AUTO_TEST_CASE(a_stated_last_day_may_not_reach_into_the_next_version) {
    const auto ending = [](const std::string& last) {
        return changed(
            good_text(), "valid_from: 2026-01-01", "valid_from: 2026-01-01\nvalid_to: " + last);
    };
    const BookFile over = book_of({ending("2026-07-01"), version_of("2", "2026-07-01")});
    BOOST_REQUIRE(over.mistakes.size() == 1U);
    BOOST_TEST(over.mistakes[0].code == "validity.overlap");
    const BookFile good = book_of({ending("2026-06-29"), version_of("2", "2026-07-01")});
    BOOST_REQUIRE(good.book);
    BOOST_TEST(good.book->newest("housing-fund/rent-withdrawal", Date{2026, 6, 30}) == nullptr);
}

BOOST_AUTO_TEST_CASE(a_folder_with_a_mistake_is_no_book) {
    const support::TemporaryFolder folder;
    BOOST_REQUIRE(write_file_durably(folder / "a.yaml", good_text()).ok());
    BOOST_REQUIRE(write_file_durably(folder / "b.yaml", version_of("2", "2025-01-01")).ok());
    BOOST_TEST(why_not(folder.path()).find("version.order") != std::string::npos);
    BOOST_REQUIRE(write_file_durably(folder / "b.yaml", version_of("2", "2026-02-01")).ok());
    BOOST_TEST(ItemBook::load(folder.path(), around())->items().size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_published_version_neither_changes_nor_goes) {
    const support::TemporaryFolder folder;
    BOOST_REQUIRE(write_file_durably(folder / "a.yaml", good_text()).ok());
    const auto first = ItemBook::load(folder.path(), around())->items().at(0);
    const std::vector<Published> published = {{first->id, first->version, first->digest}};
    const auto broken = [&] {
        const std::vector<Mistake> mistakes =
            ItemBook::load(folder.path(), around())->broken(published);
        return mistakes.empty() ? "" : mistakes.at(0).code;
    };
    BOOST_TEST(broken() == "");
    BOOST_REQUIRE(write_file_durably(folder / "a.yaml", good_text() + "# a word more\n").ok());
    BOOST_TEST(broken() == "version.changed");
    BOOST_REQUIRE(write_file_durably(folder / "a.yaml", version_of("2", "2026-02-01")).ok());
    BOOST_TEST(broken() == "version.gone");
}

BOOST_AUTO_TEST_SUITE_END()
