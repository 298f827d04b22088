#include "tests/unit/hub/cases/item/item_fixture.h"

#include <filesystem>
#include <stdexcept>

#include "base/files.h"
#include "tests/support/temporary_folder.h"

namespace tongban::item::test {
namespace {

constexpr const char* types[] = {
    R"(type: test/person
version: 1
source: test
label: {zh: 人, en: person}
fields:
  name: {type: text, max: 60, required: true, sensitivity: personal, zh: 姓名, en: name}
  id_number: {type: identifier, kind: identity, required: true, sensitivity: sensitive, zh: 证件号码, en: document number}
)",
    R"(type: test/application
version: 1
source: test
label: {zh: 申请, en: application}
fields:
  applicant: {type: group, include: test/person@1, required: true, zh: 申请人, en: applicant}
  city: {type: code, list: division, required: true, zh: 城市, en: city}
  lease: {type: text, max: 40, zh: 合同号, en: lease}
  rent: {type: money, required: true, zh: 租金, en: rent}
)",
    R"(type: test/question
version: 1
source: test
label: {zh: 查询, en: question}
fields:
  subject: {type: group, include: test/person@1, required: true, zh: 人, en: subject}
  city: {type: code, list: division, required: true, zh: 城市, en: city}
  note: {type: text, max: 40, zh: 备注, en: note}
)",
    R"(type: test/homes
version: 1
source: test
label: {zh: 住房, en: homes}
fields:
  count: {type: decimal, scale: 0, required: true, zh: 套数, en: count}
)",
    R"(type: test/check
version: 1
source: test
label: {zh: 核验, en: check}
fields:
  rent: {type: money, required: true, zh: 租金, en: rent}
  homes: {type: decimal, scale: 0, zh: 套数, en: homes}
)",
    R"(type: test/decision
version: 1
source: test
label: {zh: 决定, en: decision}
fields:
  amount: {type: money, required: true, zh: 金额, en: amount}
)",
    R"(type: test/amount
version: 1
source: test
label: {zh: 金额, en: amount}
fields:
  number: {type: text, max: 60, required: true, zh: 编号, en: number}
  amount: {type: money, required: true, zh: 金额, en: amount}
)",
    R"(type: test/order
version: 1
source: test
label: {zh: 指令, en: order}
fields:
  token: {type: text, max: 60, required: true, zh: 凭据, en: token}
  amount: {type: money, required: true, zh: 金额, en: amount}
)"};

std::shared_ptr<const schemas::Catalogue> load_catalogue() {
    const support::TemporaryFolder folder;
    for (const char* type : types) {
        const std::string name = folder / "canonical/test";
        std::string text(type);
        const std::string id = text.substr(11, text.find('\n') - 11);  // after "type: test/"
        if (!make_folders(name) || !write_file_durably(name + "/" + id + ".v1.yaml", text))
            throw std::runtime_error("no types");
    }
    std::filesystem::copy(TONGBAN_SOURCE_DIR "/schemas/codes",
                          folder / "codes",
                          std::filesystem::copy_options::recursive);
    return schemas::Catalogue::load(folder.path());
}

KnownNames make_known() {
    KnownNames names;
    const std::set<std::string, std::less<>> both{"housing-fund", "real-estate"};
    names.members = {"640100.housing-fund", "640100.real-estate"};
    names.resources["test/homes"] = {
        {"fetch", "verify"}, "test/question@1", "test/homes@1", "", {"real-estate"}};
    names.resources["test/hold"] = {
        {"submit"}, "test/amount@1", "test/order@1", "idempotent", both};
    names.resources["test/pay"] = {{"submit"}, "test/order@1", "test/amount@1", "idempotent", both};
    names.resources["test/state"] = {{"fetch"}, "test/amount@1", "test/order@1", "", both};
    names.resources["test/notice"] = {
        {"submit"}, "test/amount@1", "test/amount@1", "idempotent", both};
    names.resources["test/post"] = {
        {"submit"}, "test/amount@1", "test/amount@1", "at_most_once", both};
    names.events = {{"rent.paid", "test/amount@1"}};
    names.openings = {{"housing-fund/rent-withdrawal", "test/application@1"},
                      {"housing-fund/rent-supplement", "test/question@1"}};
    names.checked = {"test/check@1"};
    return names;
}

}  // namespace

const schemas::Catalogue& catalogue() {
    static const auto loaded = load_catalogue();
    return *loaded;
}

const KnownNames& known() {
    static const KnownNames names = make_known();
    return names;
}

const calendar::CalendarBook& calendars() {
    static const auto loaded =
        calendar::CalendarBook::load(TONGBAN_SOURCE_DIR "/configs/calendars");
    return *loaded;
}

Surroundings around() {
    return {catalogue(), &known(), &calendars()};
}

const std::string& good_text() {
    static const std::string text = [] {
        auto bytes =
            read_file(TONGBAN_SOURCE_DIR "/tests/unit/hub/cases/item/rent-withdrawal.yaml");
        if (!bytes) throw std::runtime_error("no rent-withdrawal.yaml");
        return *bytes;
    }();
    return text;
}

ItemFile read(const std::string& text, const std::string& name) {
    return read_item(text, name, around());
}

std::string changed(const std::string& text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    if (at == std::string::npos || text.find(from, at + 1) != std::string::npos)
        throw std::runtime_error("stands not once in the good file: " + from);
    return text.substr(0, at) + to + text.substr(at + from.size());
}

int line_of(const std::string& text, const std::string& part) {
    const std::size_t at = text.find(part);
    if (at == std::string::npos) return 0;
    int line = 1;
    for (std::size_t i = 0; i < at; ++i)
        line += text[i] == '\n' ? 1 : 0;
    return line;
}

std::string told(const std::vector<Mistake>& mistakes) {
    std::string text;
    for (const Mistake& one : mistakes) {
        text += one.code;
        text += ':' + std::to_string(one.line) + ':' + std::to_string(one.column) + ' ' + one.what +
                "\n";
    }
    return text;
}

}  // namespace tongban::item::test
