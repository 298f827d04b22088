// What the offices of Yinchuan write.
#include "base/json.h"
#include "connectors/sandbox/record_words.h"
#include "connectors/sandbox/records.h"
#include "connectors/sandbox/xml_text.h"

namespace tongban::sandbox {

namespace {

std::string evening(Date date) {
    return iso(date) + "T15:40:12";
}

void write_head(XmlText& x,
                std::string_view message_id,
                std::string_view now,
                std::string_view code) {
    x.open("Message", namespaced("xmlns", "urn:640100:bdc:zfcx:1"));
    x.open("Head");
    x.leaf("BizMsgID", message_id).leaf("AreaCode", "640100").leaf("RecType", "9100102");
    x.leaf("CreateDate", now).leaf("RegOrgID", "640100BDC").leaf("RtnCode", code);
    x.close();
}

void write_home(XmlText& x, const Home& home) {
    x.open("QLT_FW_FDCQ_YZ",
           {{"YSDM", "6002010200"},
            {"QXDM", home.unit.substr(0, 6)},
            {"BDCDYH", registry_unit(home.unit)},
            {"BDCQZH", home.title},
            {"FDZL", home.address},
            {"JZMJ", hundredths(home.area)},
            {"GHYT", home.use},
            {"QSZT", home.state},
            {"GYFS", home.ownership},
            {"FDCJYJG", ten_thousand_yuan(home.price)},
            {"FDCJYHTH", home.contract},
            {"DJSJ", evening(home.registered)}});
    int order = 1;
    for (const Holder& holder : home.holders) {
        x.empty("ZTT_GY_QLR",
                {{"YSDM", "6003000000"},
                 {"SXH", std::to_string(order++)},
                 {"QLRMC", registry_name(holder.person)},
                 {"ZJZL", std::string(registry_id(holder.person.id_kind))},
                 {"ZJH", registry_number(holder.person)},
                 {"XB", number_sex(holder.person.sex)},
                 {"QLBL", holder.share}});
    }
    x.close();
}

void put_person(
    Json& into, const Person& person, const char* name, const char* kind, const char* number) {
    into[name] = person.name;
    into[kind] = std::string(tax_id(person.id_kind));
    into[number] = person.id_number;
}

}  // namespace

void write_yinchuan_person(XmlText& x, std::string_view element, const Person& person) {
    x.open(element);
    x.leaf("FullName", person.name)
        .leaf("CardKind", yinchuan_id(person.id_kind))
        .leaf("CardNo", person.id_number);
    x.leaf("CardExpires", iso(person.id_valid_until))
        .leaf("Gender", person.sex == Sex::male ? "M" : "F");
    x.leaf("BornOn", iso(person.birth));
    x.close();
}

std::string homes_answer(const World& world, std::string_view message_id, std::string_view now) {
    XmlText x("UTF-8");
    write_head(x, message_id, now, "0000");
    x.open("Data");
    x.empty("ZF_CXJG", {{"CXSJ", std::string(now)}, {"QXDM", "640100"}});
    for (const Home& home : world.registry.homes)
        write_home(x, home);
    for (const Contract& contract : world.registry.contracts) {
        x.empty("WQ_HT",
                {{"HTBH", contract.number},
                 {"BDCDYH", contract.unit},
                 {"BASJ", evening(contract.filed)},
                 {"HTJE", ten_thousand_yuan(contract.price)}});
    }
    x.close().close();
    return x.take();
}

std::string homes_refusal(std::string_view message_id,
                          std::string_view now,
                          std::string_view code) {
    XmlText x("UTF-8");
    write_head(x, message_id, now, code);
    x.close();
    return x.take();
}

std::string tax_answer(const World& world, std::string_view case_number) {
    Json answer = {{"fhm", "0"},
                   {"fhxx", "查询成功"},
                   {"sjbh", std::string(case_number)},
                   {"wsxx", Json::array()}};
    for (const TaxPayment& p : world.tax.payments) {
        Json line;
        const auto put = [&](const char* name, const std::string& value) {
            if (!value.empty()) line[name] = value;
        };
        put("dzsphm", p.voucher);
        put("htbh", p.contract);
        put("bdcdyh", p.unit);
        put_person(line, p.payer, "nsrmc", "sfzjlxd", "sfzjhm");
        line["jsje"] = yuan(p.taxable);
        line["sl"] = "0." + padded(p.rate, 4);
        line["ybtse"] = yuan(p.payable);
        line["sjje"] = yuan(p.paid);
        put("jkrq", p.paid_on ? iso(*p.paid_on) : "");
        put("jkzt", p.state);
        put("mswsh", p.exemption);
        put("fwtcdm", p.home_order);
        answer["wsxx"].push_back(std::move(line));
    }
    answer["hyxx"] = {{"yhbz", world.tax.married ? "1" : "2"}};
    if (world.tax.spouse)
        put_person(answer["hyxx"], *world.tax.spouse, "poxm", "pozjlxd", "pozjhm");
    return answer.dump() + "\n";
}

std::string tax_refusal(std::string_view case_number,
                        std::string_view code,
                        std::string_view text) {
    return Json({{"fhm", std::string(code)},
                 {"fhxx", std::string(text)},
                 {"sjbh", std::string(case_number)}})
               .dump() +
           "\n";
}

std::string enquiry_message(const World& world, bool verify) {
    const Enquiry& e = world.enquiry;
    XmlText x("UTF-8");
    x.open("EligibilityEnquiry", namespaced("xmlns", "urn:640100:hpf:enquiry:1"));
    x.open("Head");
    x.leaf("SerialNo", e.serial)
        .leaf("OfficerNo", e.officer)
        .leaf("SentAt", iso(e.applied) + "T00:02:11+08:00");
    x.leaf("Kind", verify ? "VERIFY" : "FETCH").leaf("Purpose", e.purpose);
    x.close();
    x.open("AuthorisationLetter");
    x.leaf("LetterNo", e.letter).leaf("GivenAt", iso(e.letter_given) + "T09:30:00+08:00");
    x.leaf("ValidUntil", iso(e.letter_until) + "T23:59:59+08:00").leaf("Channel", "counter");
    x.leaf("ScanSha256", e.scan_sha256);
    x.close();
    write_yinchuan_person(x, "Applicant", e.subject);
    if (e.spouse) write_yinchuan_person(x, "Spouse", *e.spouse);
    x.leaf("MaritalStatus", e.marriage).leaf("ContributionCity", "610100");
    x.open("Application");
    x.leaf("CaseNo", e.application).leaf("AppliedOn", iso(e.applied)).leaf("CentreCode", e.centre);
    x.close();
    x.open("IntendedLoan");
    x.leaf("PurchaseContract", e.contract)
        .leaf("UnitNo", e.unit)
        .leaf("PriceFen", std::to_string(e.price));
    x.leaf("DownPaymentFen", std::to_string(e.down_payment))
        .leaf("LoanFen", std::to_string(e.amount));
    x.leaf("Instalments", std::to_string(e.instalments))
        .leaf("DeclaredHomes", std::to_string(e.homes));
    x.leaf("OnlyHome", e.only_home ? "Y" : "N")
        .leaf("DeclaredFundLoans", std::to_string(e.fund_loans));
    x.close();
    if (verify) {
        x.open("VerificationItems");
        for (const Claim& c : e.claims)
            x.open("Item").leaf("Field", c.field).leaf("Value", c.value).close();
        x.close();
    }
    x.close();
    return x.take();
}

}  // namespace tongban::sandbox
