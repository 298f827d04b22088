#include "base/files.h"

#include <cstdlib>
#include <filesystem>

#include <boost/test/unit_test.hpp>
#include <sys/stat.h>

using namespace tongban;

namespace {

struct Folder {
    Folder() {
        std::string name =
            (std::filesystem::temp_directory_path() / "tongban-files-XXXXXX").string();
        path = mkdtemp(name.data());
    }
    ~Folder() { std::filesystem::remove_all(path); }
    std::string path;
};

unsigned mode_of(const std::string& path) {
    struct stat facts{};
    return ::stat(path.c_str(), &facts) == 0 ? facts.st_mode & 0777U : 0U;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(files_test)

BOOST_AUTO_TEST_CASE(reads_back_what_was_written_with_the_mode_asked_for) {
    const Folder folder;
    const std::string file = folder.path + "/a.txt";
    BOOST_TEST(write_file_durably(file, "one").ok());
    BOOST_TEST(write_file_durably(file, std::string("two\0", 4), Access::owner_only).ok());
    BOOST_TEST(*read_file(file) == std::string("two\0", 4));
    BOOST_TEST(mode_of(file) == 0600U);
    BOOST_TEST(files_below(folder.path, "").size() == 1U);  // no temporary left
}

BOOST_AUTO_TEST_CASE(says_what_is_wrong_with_a_file) {
    const Folder folder;
    BOOST_TEST((read_file(folder.path + "/none").fault().kind == FaultKind::not_found));
    BOOST_TEST((read_file(folder.path).fault().kind == FaultKind::malformed));
    BOOST_REQUIRE(write_file_durably(folder.path + "/big", "12345").ok());
    BOOST_TEST((read_file(folder.path + "/big", 4).fault().kind == FaultKind::refused));
    BOOST_TEST(read_file(folder.path + "/big", 5).ok());
    BOOST_TEST(!write_file_durably(folder.path + "/no/such/folder", "x").ok());
    BOOST_TEST(remove_durably(folder.path + "/big").ok());
    BOOST_TEST(!read_file(folder.path + "/big").ok());
    BOOST_TEST(remove_durably(folder.path + "/big").ok());
    BOOST_TEST(!remove_durably(folder.path).ok());
}

BOOST_AUTO_TEST_CASE(lists_files_sorted_and_below) {
    const Folder folder;
    BOOST_REQUIRE(make_folders(folder.path + "/b/c", Access::owner_only).ok());
    BOOST_REQUIRE(make_folders(folder.path + "/b/c").ok());
    BOOST_TEST(mode_of(folder.path + "/b/c") == 0700U);
    for (const char* name : {"/z.yaml", "/b/c/a.yaml", "/b/x.txt"})
        BOOST_REQUIRE(write_file_durably(folder.path + name, "").ok());
    const std::vector<std::string> expected{folder.path + "/b/c/a.yaml", folder.path + "/z.yaml"};
    BOOST_TEST(files_below(folder.path, ".yaml") == expected, boost::test_tools::per_element());
    BOOST_TEST(files_below(folder.path + "/none", ".yaml").empty());
    BOOST_TEST(!make_folders(folder.path + "/z.yaml/below").ok());
}

BOOST_AUTO_TEST_SUITE_END()
