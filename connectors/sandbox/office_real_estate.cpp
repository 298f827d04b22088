// 640100.real-estate: a folder. A question appears in <data>/in, its answer in <data>/out a while
// later, written under another name and renamed, so that nobody reads half of it (unless it
// misbehaves). The question then moves to done/.
//
// What it does for sales stands in office_registry_sales.cpp.
//
// Killed between the two, it answers the question again after its start: an answer may come twice,
// never not at all.
#include <chrono>
#include <filesystem>
#include <thread>

#include "base/failpoint.h"
#include "base/files.h"
#include "connectors/sandbox/message_facts.h"
#include "connectors/sandbox/office.h"
#include "connectors/sandbox/office_clock.h"
#include "connectors/sandbox/office_registry_sales.h"
#include "connectors/sandbox/records.h"

namespace tongban::sandbox {

namespace {

namespace fs = std::filesystem;

struct Folders {
    std::string in, out, work, done;
};

struct Answer {
    std::string bytes;
    std::string note;
};

Answer answer_to(const OfficeSetting& setting,
                 const Conduct& conduct,
                 const std::string& id,
                 const MessageFacts& facts) {
    const std::string now = shanghai_seconds();
    if (conduct.is("fail")) return {homes_refusal(id, now, "9001"), "failed"};
    if (conduct.is("fault")) return {homes_refusal(id, now, "9009"), "fault"};
    const World* world = setting.population.find(fact(facts, "ZF_SQR@ZJH"));
    if (conduct.is("no_record") || world == nullptr || world->registry.silent)
        return {homes_refusal(id, now, "1001"), "no record"};
    return {homes_answer(*world, conduct.is("wrong_id") ? "00000000000000000000" : id, now),
            "answered"};
}

Result<Done> put(const Folders& folders, const std::string& name, const std::string& bytes) {
    const std::string draft = folders.work + "/" + name;
    if (auto written = write_file_durably(draft, bytes); !written) return written;
    std::error_code error;
    fs::rename(draft, folders.out + "/" + name, error);
    if (error) return Fault{FaultKind::unavailable, "out", "the answer cannot be renamed"};
    return Done{};
}

Result<Done> write_answer(const Folders& folders,
                          const Conduct& conduct,
                          const std::string& stem,
                          std::string bytes) {
    const std::string name = stem + ".rsp.xml";
    if (conduct.is("lost")) return Done{};
    if (conduct.is("half")) {
        // A program that writes in place and stops half-way.
        return write_file_durably(folders.out + "/" + name,
                                  std::string_view(bytes).substr(0, bytes.size() / 2));
    }
    if (conduct.is("twice")) {
        if (auto first = put(folders, name, bytes); !first) return first;
        std::this_thread::sleep_for(std::chrono::milliseconds(400));
        return put(folders, name, bytes);
    }
    if (conduct.is("replay")) {
        if (auto first = put(folders, name, bytes); !first) return first;
        return put(folders, stem + "-replay.rsp.xml", bytes);
    }
    return put(folders, name, misbehaved(conduct, std::move(bytes)));
}

Result<Answer> answer_of(OfficeSetting& setting,
                         RegistrySales& sales,
                         const Conduct& conduct,
                         const MessageFacts& facts,
                         const std::string& bytes) {
    if (!RegistrySales::takes(facts))
        return answer_to(setting, conduct, fact(facts, "BizMsgID"), facts);
    Result<RegistrySales::Answer> answer = sales.answer(conduct, facts, bytes);
    if (!answer) return Result<Answer>(std::move(answer).fault());
    return Answer{std::move(answer->bytes), std::move(answer->note)};
}

void answer_one(OfficeSetting& setting,
                RegistrySales& sales,
                const Folders& folders,
                const fs::path& question) {
    const Result<std::string> bytes = read_file(question.string(), 16U << 20U);
    if (!bytes) return;
    const Result<MessageFacts> facts = facts_of(*bytes);
    const Conduct conduct =
        facts ? setting.misconduct.next(fact(*facts, "RecType"), fact(*facts, "BizMsgID"))
              : setting.misconduct.next();
    std::this_thread::sleep_for(std::chrono::milliseconds(setting.plan.delay_ms));
    Misconduct::pause(conduct);
    const std::string id = facts ? fact(*facts, "BizMsgID") : "";
    if (id.empty()) {
        if (!setting.book->note_request("homes", "malformed")) return;
    } else {
        Result<Answer> answer = answer_of(setting, sales, conduct, *facts, *bytes);
        if (!answer) return;
        if (!write_answer(folders, conduct, question.stem().string(), std::move(answer->bytes)))
            return;
        failpoint("office.answer_written");
        const char* what = RegistrySales::takes(*facts) ? "sale" : "homes";
        if (!setting.book->note_request(what, answer->note)) return;
        failpoint("office.answer_noted");
    }
    std::error_code error;
    fs::rename(question, folders.done + "/" + question.filename().string(), error);
}

bool is_question(const fs::directory_entry& entry) {
    const std::string name = entry.path().filename().string();
    std::error_code error;
    return entry.is_regular_file(error) && !name.starts_with(".") && name.ends_with(".xml");
}

}  // namespace

Result<Done> run_real_estate(OfficeSetting& setting) {
    const std::string& base = setting.plan.data;
    const Folders folders{base + "/in", base + "/out", base + "/work", base + "/done"};
    for (const std::string& folder : {folders.in, folders.out, folders.work, folders.done}) {
        if (auto made = make_folders(folder); !made) return made;
    }
    if (auto told = announce(
            setting.plan,
            0,
            {{"in", folders.in}, {"out", folders.out}, {"answer", "{message_no}.rsp.xml"}});
        !told) {
        return told;
    }
    RegistrySales sales(setting);
    if (auto made = sales.prepare(); !made) return made;
    while (!setting.stop) {
        std::this_thread::sleep_for(std::chrono::milliseconds(25));
        if (setting.misconduct.now().is("down")) continue;
        std::error_code error;
        std::vector<fs::path> questions;
        for (const fs::directory_entry& entry : fs::directory_iterator(folders.in, error)) {
            if (is_question(entry)) questions.push_back(entry.path());
        }
        // A wave of questions is answered together: each waits the same while.
        std::vector<std::thread> clerks;
        for (const fs::path& question : questions) {
            clerks.emplace_back([&setting, &sales, &folders, question] {
                answer_one(setting, sales, folders, question);
            });
            if (clerks.size() == 64) break;
        }
        for (std::thread& clerk : clerks)
            clerk.join();
    }
    return Done{};
}

}  // namespace tongban::sandbox
