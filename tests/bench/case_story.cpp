#include "tests/bench/case_story.h"

#include <memory>
#include <stdexcept>
#include <utility>

#include "base/text.h"
#include "base/xml.h"
#include "connectors/sandbox/remote_loan.h"
#include "connectors/sandbox/story.h"
#include "hub/app/item_names.h"
#include "hub/cases/calendar/calendar_book.h"
#include "hub/cases/item/item_book.h"
#include "hub/cases/world_port.h"
#include "mapping/library.h"
#include "mapping/rule_set.h"
#include "mapping/stages.h"
#include "schemas/catalogue.h"
#include "schemas/native_schema.h"
#include "tests/support/every_member.h"

namespace tongban::bench {
namespace {

const Date today{2026, 3, 16};
const std::string xian = "610100.housing-fund/";
const std::string yinchuan = "640100.housing-fund/";

template <typename T>
T must(schemas::Checked<T> checked, const std::string& what) {
    if (!checked.value)
        throw std::runtime_error(what + ": " +
                                 (checked.findings.empty() ? "" : checked.findings.front().code));
    return *std::move(checked.value);
}

class Reader {
public:
    explicit Reader(const std::string& root)
        : library_(mapping::Library::load(root + "/mapping",
                                          schemas::Catalogue::load(root + "/schemas"))) {
        context_.as_of = today;
        context_.now = {1'773'622'800'000};  // 2026-03-16 09:00 in Shanghai
        context_.message_no = "TB-0001";
        context_.exchange = "0198-exchange";
        context_.requester = "640100.housing-fund";
        context_.provider = "610100.housing-fund";
    }
    [[nodiscard]] std::shared_ptr<const mapping::Library> library() const { return library_; }
    [[nodiscard]] const schemas::Catalogue& catalogue() const { return library_->catalogue(); }
    [[nodiscard]] schemas::Group read(const std::string& schema_id,
                                      const std::string& bytes) const {
        const schemas::NativeSchema& schema = *catalogue().native(schema_id);
        auto native = must(mapping::decode({schema_id, bytes}, schema), schema_id);
        const auto valid = must(mapping::validate(std::move(native)), schema_id);
        return must(mapping::canonicalise(
                        valid, *library_->into_canonical(schema_id, today), context_),
                    schema_id)
            .fields();
    }

private:
    std::shared_ptr<const mapping::Library> library_;
    mapping::Context context_;
};

schemas::Group part(const char* name, schemas::Group fields) {
    schemas::Value value;
    value.data = std::move(fields);
    schemas::Group record;
    record.set(name, std::move(value));
    return record;
}

// A made-up resident number of 18 characters, another for each person.
std::string person_number(std::size_t person) {
    const std::string digits = std::to_string(person);
    return "6401061988" + std::string(8 - digits.size(), '0') + digits;
}

void set_text(schemas::Group& record,
              std::string_view group,
              std::string_view field,
              std::string text) {
    schemas::Value* found = group.empty() ? nullptr : record.find(group);
    schemas::Group* where = group.empty()      ? &record
                            : found == nullptr ? nullptr
                                               : found->get<schemas::Group>();
    if (where == nullptr || where->find(field) == nullptr)
        throw std::runtime_error("the story has no " + std::string(field));
    where->find(field)->data = std::move(text);
}

}  // namespace

CaseStory::CaseStory(const std::string& root) {
    prepare_xml();
    const Reader reader(root);
    types_ = reader.library();
    world_.calendars = calendar::CalendarBook::load(root + "/configs/calendars");
    world_.rules = mapping::RuleLibrary::load(root + "/mapping", reader.catalogue());
    world_.directory = std::make_shared<support::EveryMember>();
    const item::KnownNames known = app::read_item_names(root + "/configs", *world_.rules);
    world_.items = std::make_shared<cases::BookItems>(item::ItemBook::load(
        root + "/configs/items", {reader.catalogue(), &known, world_.calendars.get()}));

    sandbox::World world = sandbox::make_world(1, 0, today);
    sandbox::tell_in(world, "G1");
    sandbox::StoryPlan plan;
    plan.name = "G1";
    const auto messages = sandbox::story_messages(world, plan, "");
    if (!messages) throw std::runtime_error(messages.fault().reason);
    for (const sandbox::StoryMessage& message : *messages)
        messages_[message.kind] = reader.read(yinchuan + message.kind + "@1", message.body);
    const auto gb = [](const std::string& utf8) { return *utf8_to_gb18030(utf8); };
    answers_["housing-fund/certificate-eligibility"] =
        part("verdict",
             reader.read(xian + "certificate-eligibility@1",
                         gb(sandbox::eligibility_answer("N-1", "", "20260316090000"))));
    answers_["housing-fund/certificate-issue"] =
        part("issue",
             reader.read(xian + "certificate-issued@1",
                         gb(sandbox::issue_answer(world.certificate, "N-1"))));
    answers_["housing-fund/loan-acceptance"] =
        part("acceptance",
             reader.read(yinchuan + "certificate-receipt@1",
                         sandbox::certificate_receipt("M-1", today, "")));
    answers_["housing-fund/loan-mark"] = part(
        "mark", reader.read(xian + "loan-mark@1", gb(sandbox::mark_answer("N-3", today, true))));
    answers_["housing-fund/loan-mark-lifting"] =
        part("lifting",
             reader.read(xian + "mark-lifted@1", gb(sandbox::lift_answer("N-4", today, true))));
}

std::string CaseStory::application_number(std::size_t person) {
    return "YD20260316" + std::to_string(1'000'000 + person);
}

schemas::Group CaseStory::application(std::size_t person) const {
    schemas::Group record = messages_.at("remote-loan-application");
    set_text(record, "applicant", "id_number", person_number(person));
    set_text(record, "filing", "number", application_number(person));
    return record;
}

schemas::Group CaseStory::message(const std::string& kind, std::size_t person) const {
    schemas::Group record = messages_.at(kind);
    set_text(record, "", "application_number", application_number(person));
    return record;
}

const schemas::Group& CaseStory::answer(const std::string& resource) const {
    return answers_.at(resource);
}

}  // namespace tongban::bench
