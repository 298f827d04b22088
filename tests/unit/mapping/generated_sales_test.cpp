// What the sandbox's offices really write about a sale, through their schemas, mappings and the
// rules of the sale's gates: every story brings the findings that it names, and no other.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "connectors/sandbox/sale_records.h"
#include "connectors/sandbox/sale_story.h"
#include "mapping/rule.h"
#include "mapping/rule_set.h"
#include "tests/support/engine_samples.h"

using namespace tongban;
using namespace tongban::mapping;
using support::the_library;

BOOST_AUTO_TEST_SUITE(generated_sales_test)

namespace {

// After the signing client's release that wrote 16 for a passport.
constexpr Date today{2026, 8, 17};

const RuleLibrary& the_rules() {
    static const auto rules =
        RuleLibrary::load(std::string(TONGBAN_SOURCE_DIR "/mapping"), the_library()->catalogue());
    return *rules;
}

schemas::Value of(auto data) {
    schemas::Value value;
    value.data = std::move(data);
    return value;
}

// One sale as the service item's gates see it.
class Gates {
public:
    explicit Gates(const sandbox::Sale& sale) : sale_(sale) {
        const sandbox::RegistryHead head{"M-1", "2026-08-17T10:00:00"};
        application_ = read("640100.approvals/joint-sale-application@1",
                            sandbox::sale_application(sale, "W-1"));
        house_ = read("640100.real-estate/house-check@1", registry_house(sale, head, {}));
        contract_ = read("640100.construction/contract@1", construction_contract(sale));
        marriage_ = read("640100.civil-affairs/marriage@1", marriage_lines());
        acceptance_ = read("640100.real-estate/acceptance@1", registry_acceptance(sale, head));
        assessment_ = read("640100.tax/assessment@1", tax_assessment(sale));
        clearance_ = read("640100.tax/deed-tax@1", tax_clearance(sale));
        certificate_ = read("640100.real-estate/certificate@1", registry_certificate(sale, head));
        mortgage_ = read("640100.real-estate/mortgage@1", registry_mortgage(sale, head));
        const sandbox::Seizure seizure{"法院", "文号", today, Date{2029, 8, 16}};
        seized_ = read("640100.real-estate/house-check@1", registry_house(sale, head, {seizure}));
    }

    // code/severity of everything that the four gates find, in their order.
    std::set<std::string> run(bool seized) {
        check();
        tax();
        clearance();
        entry(seized);
        return found_;
    }

    std::vector<std::string> mapped;  // findings of the mappings

private:
    Group read(const std::string& schema_id, const std::string& bytes) {
        const schemas::NativeSchema& schema = *the_library()->catalogue().native(schema_id);
        auto native = decode({schema_id, bytes}, schema);
        note(schema_id, native.findings);
        if (!native.value) return {};
        auto valid = validate(*std::move(native.value));
        note(schema_id, valid.findings);
        if (!valid.value) return {};
        Context context = support::a_context();
        context.as_of = today;
        auto canonical =
            canonicalise(*valid.value, *the_library()->into_canonical(schema_id, today), context);
        note(schema_id, canonical.findings);
        return canonical.value ? canonical.value->fields() : Group{};
    }

    void note(const std::string& schema_id, const std::vector<Finding>& findings) {
        for (const Finding& finding : findings)
            mapped.push_back(schema_id + " " + finding.code + " " + finding.field);
    }

    std::string marriage_lines() {
        std::string lines;
        for (const std::vector<std::string>& row : sandbox::marriage_rows(sale_)) {
            if (row[6] != sale_.buyer().id_number) continue;
            Json line;
            for (std::size_t i = 1; i < row.size(); ++i)
                line[sandbox::marriage_columns()[i]] = row[i];
            lines += line.dump() + "\n";
        }
        return lines;
    }

    Group common() const {
        Group record;
        for (const char* field : {"applicant",
                                  "spouse",
                                  "unit_number",
                                  "contract_number",
                                  "signed_on",
                                  "price",
                                  "parties"}) {
            if (const schemas::Value* value = application_.find(field)) record.set(field, *value);
        }
        record.set("applied_on", of(today));
        return record;
    }

    void check() {
        Group record = common();
        for (const char* field :
             {"certificate_number", "marriage", "ownership", "family", "includes_vat"})
            if (const schemas::Value* value = application_.find(field)) record.set(field, *value);
        record.set("house", of(house_));
        record.set("contract", of(contract_));
        record.set("marriage_reply", of(std::string("answered")));
        record.set("civil", of(marriage_));
        judge("case/joint-sale-check@1", record);
    }

    void tax() {
        Group record = common();
        if (const schemas::Value* value = application_.find("minors")) record.set("minors", *value);
        record.set("house", of(house_));
        record.set("contract", of(contract_));
        record.set("acceptance", of(acceptance_));
        record.set("assessment", of(assessment_));
        judge("case/joint-sale-tax@1", record);
    }

    void clearance() {
        Group record = common();
        record.set("tax", of(clearance_));
        judge("case/joint-sale-clearance@1", record);
    }

    void entry(bool seized) {
        Group record = common();
        record.set("house", of(seized ? seized_ : house_));
        record.set("acceptance", of(acceptance_));
        record.set("certificate", of(certificate_));
        for (const auto& [field, path] :
             {std::pair{"loan_amount", "loan.amount"}, std::pair{"lender", "loan.mortgagee"}})
            if (const schemas::Value* value = schemas::at_path(application_, path))
                record.set(field, *value);
        record.set("mortgage", of(mortgage_));
        record.set("paid_on", of(today));
        judge("case/joint-sale-entry@1", record);
    }

    void judge(const std::string& type, const Group& record) {
        const RuleSet rules = the_rules().select(type, today, {"640100"});
        BOOST_TEST(!rules.candidates().empty());
        for (const RuleSet::Candidate& candidate : rules.candidates()) {
            for (const Finding& finding : run_rule(*candidate.versions.front(), record, today))
                found_.insert(finding.code + "/" + std::string(schemas::name_of(finding.severity)));
        }
    }

    const sandbox::Sale& sale_;
    Group application_, house_, contract_, marriage_, acceptance_, assessment_, clearance_,
        certificate_, mortgage_, seized_;
    std::set<std::string> found_;
};

std::set<std::string> expected_of(const sandbox::Sale& sale) {
    std::set<std::string> codes;
    const Json sheet = sandbox::sale_sheet(sale, 1);
    for (const Json& finding : sheet["expect"]["findings"])
        codes.insert(finding["code"].get<std::string>() + "/" +
                     finding["severity"].get<std::string>());
    return codes;
}

std::string told(const std::set<std::string>& codes) {
    std::string text;
    for (const std::string& code : codes)
        text += code + " ";
    return text;
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_story_brings_its_findings_and_no_other) {
    for (const std::string& story : sandbox::sale_story_names()) {
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            const sandbox::Sale sale = sandbox::make_sale(seed, seed % 3, today, story);
            BOOST_TEST_CONTEXT(story << " seed " << seed) {
                Gates gates(sale);
                for (const std::string& finding : gates.mapped)
                    BOOST_ERROR(finding);
                const std::set<std::string> found = gates.run(sale.seized_at_review);
                BOOST_TEST((found == expected_of(sale)),
                           "found " + told(found) + "expected " + told(expected_of(sale)));
            }
        }
    }
}

namespace {

// What an office is sent of the entry, as tax's example of the notice tells it.
std::string notice_to(const std::string& schema) {
    const std::string told = "640100.tax/ownership-notice@1";
    const auto change = support::canonical_record(told, support::example_of(told));
    BOOST_REQUIRE(change.value.has_value());
    const Context context = support::a_context();
    const auto outbound = convert_request(
        *change.value, *the_library()->out_of_canonical(schema, context.as_of), context);
    BOOST_REQUIRE(outbound.value.has_value());
    const auto document = encode(*outbound.value, *the_library()->catalogue().native(schema));
    BOOST_REQUIRE(document.value.has_value());
    return document.value->bytes;
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_CASE(
    tax_is_told_who_has_the_home_and_the_construction_office_only_that_it_changed) {
    const std::string tax = notice_to("640100.tax/ownership-notice@1");
    const std::string construction = notice_to("640100.construction/ownership-notice@1");
    for (const char* fact : {"YCCLF2026030100017",
                             "640106400203GB00005F00010203",
                             "宁（2019）银川市不动产权第0038121号",
                             "宁（2026）银川市不动产权第0000017号"}) {
        BOOST_TEST(has(tax, fact), fact);
        BOOST_TEST(has(construction, fact), fact);
    }
    for (const char* person : {"马甲样", "640106198802293415", "王丙样", "0.5"}) {
        BOOST_TEST(has(tax, person), person);
        BOOST_TEST(!has(construction, person), person);
    }
    BOOST_TEST(has(construction, "2026-03-20 00:00:00"));
}

BOOST_AUTO_TEST_CASE(a_receipt_for_the_notice_reads_the_same_whichever_office_wrote_it) {
    const sandbox::Sale sale = sandbox::make_sale(5, 0, today, "G10");
    for (const auto& [schema, bytes] :
         {std::pair{"640100.tax/ownership-receipt@1", tax_notice_receipt(sale)},
          std::pair{"640100.construction/ownership-receipt@1",
                    construction_notice_receipt(sale)}}) {
        const auto receipt = support::canonical_record(schema, bytes);
        BOOST_TEST(receipt.findings.empty());
        BOOST_REQUIRE(receipt.value.has_value());
        const schemas::Value* day = receipt.value->fields().find("received_on");
        BOOST_REQUIRE(day != nullptr);
        BOOST_TEST((*day->get<Date>() == today));
    }
}

BOOST_AUTO_TEST_CASE(what_the_offices_send_of_themselves_is_read_by_their_mappings) {
    const Context context = [] {
        Context made = support::a_context();
        made.as_of = today;
        return made;
    }();
    for (const std::string& story : sandbox::sale_story_names()) {
        const sandbox::Sale sale = sandbox::make_sale(5, 0, today, story);
        for (const sandbox::SaleMessage& message : sandbox::sale_messages(sale)) {
            const std::string id = message.member + "/" + message.kind + "@1";
            BOOST_TEST_CONTEXT(story << " " << id) {
                const schemas::NativeSchema* schema = the_library()->catalogue().native(id);
                BOOST_REQUIRE(schema != nullptr);
                auto native = decode({id, message.body}, *schema);
                BOOST_REQUIRE(native.value);
                auto valid = validate(*std::move(native.value));
                for (const Finding& finding : valid.findings)
                    BOOST_ERROR(finding.code + " " + finding.field + " " + finding.en);
                BOOST_REQUIRE(valid.value);
                const auto canonical =
                    canonicalise(*valid.value, *the_library()->into_canonical(id, today), context);
                BOOST_TEST(canonical.findings.empty());
                BOOST_TEST(canonical.value.has_value());
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
