#include "connectors/file_drop/drop_box.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "base/files.h"
#include "connectors/file_drop/file_drop_connector.h"
#include "tests/support/temporary_folder.h"

using namespace tongban;
using namespace tongban::connectors;
using namespace std::chrono_literals;
using support::TemporaryFolder;
namespace fs = std::filesystem;

namespace {

std::string answer_of(const std::string& number, const std::string& more = "") {
    return "<Message><Head><BizMsgID>" + number + "</BizMsgID><RtnCode>0000</RtnCode></Head>" +
           more + "</Message>";
}

struct Registry {
    TemporaryFolder folder;

    [[nodiscard]] std::string settings(const std::string& more = "") const {
        return "in: " + (folder / "in") + "\nout: " + (folder / "out") +
               "\nasked: " + (folder / "asked") +
               "\nanswer: \"{message_no}.rsp.xml\"\nends_with: \"</Message>\"\nmessage_no: "
               "/Message/Head/BizMsgID\npoll_ms: 5\n" +
               more;
    }
    [[nodiscard]] std::unique_ptr<DropBox> box(const std::string& more = "") const {
        auto file = YamlFile::from_text(settings(more), "file_drop.yaml");
        auto made = DropBox::read(file.root().map(DropBox::setting_keys()));
        file.check();
        return made;
    }
    void write(const std::string& name, const std::string& text) const {
        fs::create_directories(fs::path(folder / name).parent_path());
        std::ofstream(folder / name, std::ios::binary) << text;
    }
    [[nodiscard]] std::string read(const std::string& name) const {
        auto bytes = read_file(folder / name);
        return bytes ? *bytes : std::string("(absent)");
    }
    [[nodiscard]] bool has(const std::string& name) const { return fs::exists(folder / name); }
};

// An office that answers when it sees a file in `in`.
class Clerk {
public:
    Clerk(const Registry& registry, std::function<void(const std::string& number)> work)
        : thread_([&registry, work = std::move(work)](const std::stop_token& stop) {
              while (!stop.stop_requested()) {
                  std::error_code error;
                  for (const auto& entry : fs::directory_iterator(registry.folder / "in", error)) {
                      const std::string name = entry.path().filename().string();
                      if (!name.ends_with(".xml")) continue;
                      work(name.substr(0, name.size() - 4));
                      fs::remove(entry.path(), error);
                  }
                  std::this_thread::sleep_for(2ms);
              }
          }) {}

private:
    std::jthread thread_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(drop_box_test)

BOOST_AUTO_TEST_CASE(a_question_is_dropped_and_its_answer_taken) {
    const Registry registry;
    const auto box = registry.box();
    Clerk clerk(registry, [&](const std::string& number) {
        registry.write("out/" + number + ".rsp.xml", answer_of(number));
    });
    const auto answer = box->ask("0001", "<q/>", Deadline::after(5s));
    BOOST_REQUIRE(answer.ok());
    BOOST_TEST(*answer == answer_of("0001"));
    BOOST_TEST(!registry.has("out/0001.rsp.xml"));
}

BOOST_AUTO_TEST_CASE(a_half_written_answer_is_not_taken) {
    const Registry registry;
    const auto box = registry.box();
    registry.write("out/0001.rsp.xml", "<Message><Head><BizMsgID>0001</BizMsgID>");
    const auto early = box->ask("0001", "<q/>", Deadline::after(80ms));
    BOOST_REQUIRE(!early.ok());
    BOOST_TEST((early.fault().kind == FaultKind::expired));
    BOOST_TEST(early.fault().where == "incomplete");
    registry.write("out/0001.rsp.xml", answer_of("0001"));
    const auto answer = box->ask("0001", "<q/>", Deadline::after(5s));
    BOOST_REQUIRE(answer.ok());
    BOOST_TEST(*answer == answer_of("0001"));
}

BOOST_AUTO_TEST_CASE(with_done_files_the_answer_waits_for_its_mark) {
    const Registry registry;
    const auto box = registry.box("complete: done\n");
    registry.write("out/0001.rsp.xml", answer_of("0001"));
    BOOST_TEST(!box->ask("0001", "<q/>", Deadline::after(50ms)).ok());
    registry.write("out/0001.rsp.xml.done", "");
    BOOST_TEST(box->ask("0001", "<q/>", Deadline::after(5s)).ok());
    BOOST_TEST(!registry.has("out/0001.rsp.xml.done"));
}

BOOST_AUTO_TEST_CASE(asked_again_after_a_restart_it_finds_the_answer_and_writes_nothing) {
    const Registry registry;
    BOOST_TEST(!registry.box()->ask("0001", "<q/>", Deadline::after(20ms)).ok());
    BOOST_TEST(registry.read("in/0001.xml") == "<q/>");
    fs::remove(registry.folder / "in/0001.xml");  // the office took it
    registry.write("out/0001.rsp.xml", answer_of("0001"));
    const auto answer = registry.box()->ask("0001", "<q/>", Deadline::after(5s));
    BOOST_REQUIRE(answer.ok());
    BOOST_TEST(!registry.has("in/0001.xml"));
    // And once more: the answer was taken, but our report of it may have been lost.
    BOOST_TEST(registry.box()->ask("0001", "<q/>", Deadline::after(5s)).ok());
}

BOOST_AUTO_TEST_CASE(a_crash_before_the_question_was_seen_writes_it_again) {
    const Registry registry;
    registry.write("asked/0001", "");
    BOOST_TEST(!registry.box()->ask("0001", "<q/>", Deadline::after(20ms)).ok());
    BOOST_TEST(registry.read("in/0001.xml") == "<q/>");
}

BOOST_AUTO_TEST_CASE(a_replayed_answer_goes_to_quarantine_with_its_reason) {
    const Registry registry;
    const auto box = registry.box();
    registry.write("out/0001.rsp.xml", answer_of("0001"));
    BOOST_REQUIRE(box->ask("0001", "<q/>", Deadline::after(5s)).ok());
    registry.write("out/0001.rsp.xml", answer_of("0001", "<other/>"));
    BOOST_TEST(!box->ask("0002", "<q/>", Deadline::after(1s)).ok());
    BOOST_TEST(registry.read("quarantine/0001.rsp.xml.reason") == "replayed\n");
    const auto again = box->ask("0001", "<q/>", Deadline::after(5s));
    BOOST_REQUIRE(again.ok());
    BOOST_TEST(*again == answer_of("0001"));
}

BOOST_AUTO_TEST_CASE(files_for_others_go_to_quarantine_and_ours_is_still_taken) {
    const Registry registry;
    const auto box = registry.box();
    registry.write("out/9999.rsp.xml", answer_of("9999"));  // never asked
    registry.write("out/0001.rsp.xml", answer_of("0000"));  // an older answer under our name
    registry.write("out/readme.txt", "hello</Message>");
    BOOST_TEST(!box->ask("0001", "<q/>", Deadline::after(1s)).ok());
    BOOST_TEST(registry.read("quarantine/9999.rsp.xml.reason") == "foreign\n");
    BOOST_TEST(registry.read("quarantine/0001.rsp.xml.reason") == "foreign\n");
    BOOST_TEST(registry.read("quarantine/readme.txt.reason") == "foreign\n");
    registry.write("out/0001.rsp.xml", answer_of("0001"));
    BOOST_TEST(box->ask("0001", "<q/>", Deadline::after(5s)).ok());
}

BOOST_AUTO_TEST_CASE(an_answer_over_its_limit_is_refused) {
    const Registry registry;
    const auto box = registry.box("max_answer: 200\n");
    registry.write("out/0001.rsp.xml", answer_of("0001", std::string(500, ' ')));
    const auto answer = box->ask("0001", "<q/>", Deadline::after(5s));
    BOOST_REQUIRE(!answer.ok());
    BOOST_TEST(answer.fault().where == "answer.too_large");
}

BOOST_AUTO_TEST_CASE(a_message_number_cannot_leave_the_folder) {
    const Registry registry;
    BOOST_TEST(!registry.box()->ask("../0001", "<q/>", Deadline::after(20ms)).ok());
}

BOOST_AUTO_TEST_CASE(a_result_code_becomes_its_kind_of_answer) {
    const Registry registry;
    auto file = YamlFile::from_text(
        registry.settings(
            "code: /Message/Head/RtnCode\ncodes: {\"0000\": answered, \"1001\": no_record}\n"),
        "f.yaml");
    const auto connector = make_file_drop_connector(file.root());
    file.check();
    registry.write(
        "out/0001.rsp.xml",
        "<Message><Head><BizMsgID>0001</BizMsgID><RtnCode>1001</RtnCode></Head></Message>");
    const Answer answer = connector->ask({"X", "J", "0001", "o/q@1", "<q/>"}, Deadline::after(5s));
    BOOST_TEST(std::string(name_of(answer.kind)) == "no_record");
    BOOST_TEST(answer.reason == "file_drop.code.1001");
}

BOOST_AUTO_TEST_CASE(busy_is_no_answer_and_is_asked_again_under_the_same_number) {
    const Registry registry;
    auto file = YamlFile::from_text(
        registry.settings(
            "code: /Message/Head/RtnCode\ncodes: {\"9009\": unavailable, \"1001\": no_record}\n"),
        "f.yaml");
    const auto connector = make_file_drop_connector(file.root());
    file.check();
    std::atomic<int> asked{0};
    Clerk clerk(registry, [&](const std::string& number) {
        const bool busy = ++asked == 1;
        registry.write("out/" + number + ".rsp.xml",
                       busy ? "<Message><Head><BizMsgID>" + number +
                                  "</BizMsgID><RtnCode>9009</RtnCode></Head></Message>"
                            : answer_of(number));
    });
    const Question question{"X", "J", "0001", "o/q@1", "<q/>"};
    const Answer first = connector->ask(question, Deadline::after(5s));
    BOOST_TEST(std::string(name_of(first.kind)) == "unavailable");
    BOOST_TEST(first.reason == "file_drop.code.9009");
    const Answer second = connector->ask(question, Deadline::after(5s));
    BOOST_TEST(second.native == answer_of("0001"));
    BOOST_TEST(asked == 2);
    // A real answer is kept: the office is not asked a third time.
    BOOST_TEST(connector->ask(question, Deadline::after(5s)).native == answer_of("0001"));
    BOOST_TEST(asked == 2);
}

BOOST_AUTO_TEST_CASE(forgetting_is_done_again_when_a_crash_came_in_its_middle) {
    const Registry registry;
    registry.write("asked/0001", "");  // the mark is gone, the answer is still there
    registry.write("taken/0001.rsp.xml", answer_of("0001"));
    const auto box = registry.box();
    BOOST_TEST(box->ask("0001", "<q/>", Deadline::after(5s)).ok());
    BOOST_TEST(!registry.has("in/0001.xml"));
    BOOST_REQUIRE(box->forget("0001").ok());
    BOOST_TEST(!box->ask("0001", "<q/>", Deadline::after(20ms)).ok());
    BOOST_TEST(registry.has("in/0001.xml"));
    BOOST_TEST(!box->forget("../0001").ok());
}

BOOST_AUTO_TEST_CASE(a_question_that_the_office_took_and_lost_is_written_again) {
    const Registry registry;
    const auto box = registry.box();
    BOOST_TEST(!box->ask("0001", "<q/>", Deadline::after(20ms)).ok());
    BOOST_REQUIRE(registry.has("in/0001.xml"));
    fs::remove(registry.folder / "in/0001.xml");                        // taken, and lost
    BOOST_TEST(!box->ask("0001", "<q/>", Deadline::after(20ms)).ok());  // in vain
    BOOST_TEST(!registry.has("in/0001.xml"));
    BOOST_TEST(!box->ask("0001", "<q/>", Deadline::after(20ms)).ok());
    BOOST_TEST(registry.has("in/0001.xml"));
}

BOOST_AUTO_TEST_CASE(boxes_that_share_their_folders_set_nothing_of_each_other_aside) {
    const Registry registry;
    Clerk clerk(registry, [&](const std::string& number) {
        registry.write("out/." + number, answer_of(number));
        fs::rename(registry.folder / ("out/." + number),
                   registry.folder / ("out/" + number + ".rsp.xml"));
    });
    std::atomic<int> answered{0};
    {
        std::vector<std::jthread> operations;
        for (int box = 0; box < 6; ++box) {
            operations.emplace_back([&registry, &answered, box] {
                const auto own = registry.box();
                for (int i = 0; i < 12; ++i) {
                    const std::string number = std::to_string(1000 + 100 * box + i);
                    const auto answer = own->ask(number, "<q/>", Deadline::after(20s));
                    if (answer.ok() && *answer == answer_of(number)) ++answered;
                }
            });
        }
    }
    BOOST_TEST(answered == 72);
    BOOST_TEST(fs::is_empty(registry.folder / "quarantine"));
}

BOOST_AUTO_TEST_CASE(a_delivery_to_an_office_that_is_busy_is_handed_over_again) {
    const Registry registry;
    auto file = YamlFile::from_text(
        registry.settings("code: /Message/Head/RtnCode\nrejected: [\"1001\"]\nagain: [\"9009\"]\n"),
        "f.yaml");
    const auto deliverer = make_file_drop_deliverer(file.root());
    file.check();
    std::atomic<int> asked{0};
    Clerk clerk(registry, [&](const std::string& number) {
        const std::string code = ++asked == 1 ? "9009" : "0000";
        registry.write("out/" + number + ".rsp.xml",
                       "<Message><Head><BizMsgID>" + number + "</BizMsgID><RtnCode>" + code +
                           "</RtnCode></Head></Message>");
    });
    const Handover handover{"X", "J", "0001", "o/d@1", "<d/>"};
    BOOST_TEST(
        (deliverer->deliver(handover, Deadline::after(5s)).reception == Reception::uncertain));
    BOOST_TEST(
        (deliverer->deliver(handover, Deadline::after(5s)).reception == Reception::accepted));
    BOOST_TEST(asked == 2);
}

BOOST_AUTO_TEST_SUITE_END()
