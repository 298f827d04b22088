#include "connectors/sandbox/records.h"

#include <array>

#include "base/json.h"
#include "base/text.h"
#include "connectors/sandbox/xml_text.h"

namespace tongban::sandbox {

namespace {

// One person, five lists of ID types: resident card, household book, officer, passport, residence permit.
std::string_view of_kind(IdKind kind, const std::array<std::string_view, 5>& codes) {
    return codes[static_cast<std::size_t>(kind)];
}

std::string_view xian_id(IdKind kind) { return of_kind(kind, {"01", "99", "02", "03", "99"}); }
std::string_view social_id(IdKind kind) { return of_kind(kind, {"01", "01", "02", "16", "17"}); }
std::string_view registry_id(IdKind kind) { return of_kind(kind, {"1", "4", "5", "3", "2"}); }
std::string_view tax_id(IdKind kind) { return of_kind(kind, {"201", "201", "202", "227", "237"}); }
std::string_view yinchuan_id(IdKind kind) { return of_kind(kind, {"10", "11", "20", "50", "33"}); }

std::string number_sex(Sex sex) { return sex == Sex::male ? "1" : "2"; }

// Habits that every record of an office shows, and that mean nothing: another middle dot, a small x, a unit number as it
// is printed.
std::string with_dot(std::string name, std::string_view dot) {
    constexpr std::string_view usual = "·";
    if (const auto at = name.find(usual); at != std::string::npos) name.replace(at, usual.size(), dot);
    return name;
}

std::string social_name(const Person& person) { return with_dot(person.name, "・"); }  // U+30FB: once read as GB2312
std::string registry_name(const Person& person) { return with_dot(person.name, "•"); }

std::string registry_number(const Person& person) {
    std::string number = person.id_number;
    if (number.ends_with('X')) number.back() = 'x';
    return number;
}

std::string registry_unit(const std::string& unit) {
    return unit.size() == 28 ? unit.substr(0, 6) + " " + unit.substr(6, 6) + " " + unit.substr(12, 7) + " " + unit.substr(19) : unit;
}

std::string evening(Date date) { return iso(date) + "T15:40:12"; }

void write_posting(XmlText& x, const Posting& posting) {
    x.open("MX");
    x.leaf("JZRQ", compact(posting.posted));
    x.leaf("GJHTQYWLX", posting.kind);
    if (posting.month) x.leaf("HBJNY", compact(*posting.month));
    x.leaf("FSE", yuan(posting.amount));
    x.leaf("FSLXE", yuan(posting.interest));
    x.leaf("CZBZ", posting.reversed ? "02" : "01");
    x.leaf("YWLSH", posting.serial);
    x.leaf_if("DWMC", posting.employer);
    x.close();
}

void write_certificate(XmlText& x, const Certificate& c) {
    x.open("ZM");
    x.leaf("ZMBH", c.number).leaf("KJRQ", compact(c.issued)).leaf("YXTS", std::to_string(c.valid_days));
    x.leaf("KJZXDM", c.issuer).leaf("ZSZXDM", c.addressed_to);
    x.open("GRXX");
    x.leaf("XingMing", c.holder.name).leaf("ZJLX", xian_id(c.holder.id_kind)).leaf("ZJHM", c.holder.id_number);
    x.leaf("ZJYXQZ", compact(c.holder.id_valid_until)).leaf("XingBie", number_sex(c.holder.sex));
    x.leaf("CSRQ", compact(c.holder.birth));
    x.close();
    x.open("GRZHXX");
    x.leaf("GRZH", c.account).leaf("KHRQ", compact(c.opened)).leaf("GRZHZT", c.state);
    x.leaf("SFDJ", c.frozen ? "02" : "01").leaf("GRJZNY", compact(c.paid_to));
    x.leaf("GRJCJS", yuan(c.base)).leaf("DWYJCE", yuan(c.unit_amount)).leaf("GRYJCE", yuan(c.personal_amount));
    x.leaf("QCYE", yuan(c.opening_balance)).leaf("GRZHYE", yuan(c.balance));
    x.close();
    x.open("DWXX");
    x.leaf("DWMC", c.employer.name).leaf("ZZJGDM", c.employer.uscc).leaf("DWZHZT", c.employer.fund_state);
    x.leaf("DWJCBL", hundredths(c.unit_ratio)).leaf("GRJCBL", hundredths(c.personal_ratio));
    x.close();
    x.open("LXJC");
    x.leaf("QSNY", compact(c.continuous_from)).leaf("ZZNY", compact(c.continuous_to)).leaf("LYBZ", c.six_months);
    x.close();
    x.open("DKSY");
    x.leaf("DKCS", std::to_string(c.loan_count)).leaf("LJDKJE", yuan(c.loan_total));
    x.leaf("WJQDKYE", yuan(c.loan_outstanding));
    x.close();
    x.open("MXLB");
    for (const Posting& posting : c.ledger) write_posting(x, posting);
    x.close();
    x.close();
}

constexpr std::string_view kSoap = "http://schemas.xmlsoap.org/soap/envelope/";

XmlText::Attributes namespaced(std::string_view name, std::string_view ns) { return {{name, std::string(ns)}}; }

}  // namespace

std::vector<std::string> written_forms(const Person& person) {
    return {person.name, social_name(person), registry_name(person), person.id_number, registry_number(person)};
}

Result<std::string> certificate_answer(const World& world, std::string_view application) {
    XmlText x("GB18030", "soapenv:");
    x.open("Envelope", namespaced("xmlns:soapenv", kSoap));
    x.empty("Header", {});
    x.open("Body");
    x.prefix("gjj:");
    x.open("YDDKZMResponse", namespaced("xmlns:gjj", "urn:610100:gjj:yddkzm:1"));
    x.leaf("YWBH", application);
    write_certificate(x, world.certificate);
    x.close().close().close();
    return utf8_to_gb18030(x.take());
}

Result<std::string> soap_fault(std::string_view code, std::string_view text) {
    XmlText x("GB18030", "soapenv:");
    x.open("Envelope", namespaced("xmlns:soapenv", kSoap));
    x.open("Body").open("Fault");
    x.prefix("");
    x.leaf("faultcode", "soapenv:" + std::string(code)).leaf("faultstring", text);
    x.close().close().close();
    return utf8_to_gb18030(x.take());
}

const std::vector<std::string>& spell_columns() {
    static const std::vector<std::string> columns = {
        "AAC001", "AAC002", "AAC003", "AAC004", "AAC006", "AAC058", "AAE140", "AAC031", "SURV_STAS",
        "AAB001", "AAB004", "AAB003", "AAB301", "AAC030", "AAE041", "AAE042", "AAE201", "AAE180"};
    return columns;
}

std::vector<SpellRow> spell_rows(const World& world) {
    std::vector<SpellRow> rows;
    for (const Spell& s : world.spells) {
        const Person& p = s.holder;
        rows.push_back({{s.person_number, p.id_number, social_name(p), number_sex(p.sex), compact(p.birth),
                         std::string(social_id(p.id_kind)), s.scheme, s.payment_state, s.survival,
                         s.employer.social_number, s.employer.name, s.employer.uscc, "610100", compact(s.joined),
                         compact(s.from), s.to ? compact(*s.to) : "", std::to_string(s.months), yuan(s.base)}});
    }
    return rows;
}

std::string spell_lines(const World& world) {
    std::string lines;
    for (const SpellRow& row : spell_rows(world)) {
        nlohmann::ordered_json line;
        for (std::size_t i = 0; i < row.values.size(); ++i) {
            const std::string& name = spell_columns()[i];
            if (row.values[i].empty()) line[name] = nullptr;
            else if (name == "AAE201") line[name] = std::stoll(row.values[i]);
            else line[name] = row.values[i];
        }
        lines += line.dump() + "\n";
    }
    return lines;
}

namespace {

void write_head(XmlText& x, std::string_view message_id, std::string_view now, std::string_view code) {
    x.open("Message", namespaced("xmlns", "urn:640100:bdc:zfcx:1"));
    x.open("Head");
    x.leaf("BizMsgID", message_id).leaf("AreaCode", "640100").leaf("RecType", "9100102");
    x.leaf("CreateDate", now).leaf("RegOrgID", "640100BDC").leaf("RtnCode", code);
    x.close();
}

void write_home(XmlText& x, const Home& home) {
    x.open("QLT_FW_FDCQ_YZ",
           {{"YSDM", "6002010200"}, {"QXDM", home.unit.substr(0, 6)}, {"BDCDYH", registry_unit(home.unit)}, {"BDCQZH", home.title},
            {"FDZL", home.address}, {"JZMJ", hundredths(home.area)}, {"GHYT", home.use}, {"QSZT", home.state},
            {"GYFS", home.ownership}, {"FDCJYJG", ten_thousand_yuan(home.price)}, {"FDCJYHTH", home.contract},
            {"DJSJ", evening(home.registered)}});
    int order = 1;
    for (const Holder& holder : home.holders) {
        x.empty("ZTT_GY_QLR",
                {{"YSDM", "6003000000"}, {"SXH", std::to_string(order++)}, {"QLRMC", registry_name(holder.person)},
                 {"ZJZL", std::string(registry_id(holder.person.id_kind))}, {"ZJH", registry_number(holder.person)},
                 {"XB", number_sex(holder.person.sex)}, {"QLBL", holder.share}});
    }
    x.close();
}

void put_person(Json& into, const Person& person, const char* name, const char* kind, const char* number) {
    into[name] = person.name;
    into[kind] = std::string(tax_id(person.id_kind));
    into[number] = person.id_number;
}

void write_person(XmlText& x, std::string_view element, const Person& person) {
    x.open(element);
    x.leaf("FullName", person.name).leaf("CardKind", yinchuan_id(person.id_kind)).leaf("CardNo", person.id_number);
    x.leaf("CardExpires", iso(person.id_valid_until)).leaf("Gender", person.sex == Sex::male ? "M" : "F");
    x.leaf("BornOn", iso(person.birth));
    x.close();
}

}  // namespace

std::string homes_answer(const World& world, std::string_view message_id, std::string_view now) {
    XmlText x("UTF-8");
    write_head(x, message_id, now, "0000");
    x.open("Data");
    x.empty("ZF_CXJG", {{"CXSJ", std::string(now)}, {"QXDM", "640100"}});
    for (const Home& home : world.registry.homes) write_home(x, home);
    for (const Contract& contract : world.registry.contracts) {
        x.empty("WQ_HT", {{"HTBH", contract.number}, {"BDCDYH", contract.unit}, {"BASJ", evening(contract.filed)},
                          {"HTJE", ten_thousand_yuan(contract.price)}});
    }
    x.close().close();
    return x.take();
}

std::string homes_refusal(std::string_view message_id, std::string_view now, std::string_view code) {
    XmlText x("UTF-8");
    write_head(x, message_id, now, code);
    x.close();
    return x.take();
}

std::string tax_answer(const World& world, std::string_view case_number) {
    Json answer = {{"fhm", "0"}, {"fhxx", "查询成功"}, {"sjbh", std::string(case_number)}, {"wsxx", Json::array()}};
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
    if (world.tax.spouse) put_person(answer["hyxx"], *world.tax.spouse, "poxm", "pozjlxd", "pozjhm");
    return answer.dump() + "\n";
}

std::string tax_refusal(std::string_view case_number, std::string_view code, std::string_view text) {
    return Json({{"fhm", std::string(code)}, {"fhxx", std::string(text)}, {"sjbh", std::string(case_number)}}).dump() + "\n";
}

std::string enquiry_message(const World& world, bool verify) {
    const Enquiry& e = world.enquiry;
    XmlText x("UTF-8");
    x.open("EligibilityEnquiry", namespaced("xmlns", "urn:640100:hpf:enquiry:1"));
    x.open("Head");
    x.leaf("SerialNo", e.serial).leaf("OfficerNo", e.officer).leaf("SentAt", iso(e.applied) + "T00:02:11+08:00");
    x.leaf("Kind", verify ? "VERIFY" : "FETCH").leaf("Purpose", e.purpose);
    x.close();
    x.open("AuthorisationLetter");
    x.leaf("LetterNo", e.letter).leaf("GivenAt", iso(e.letter_given) + "T09:30:00+08:00");
    x.leaf("ValidUntil", iso(e.letter_until) + "T23:59:59+08:00").leaf("Channel", "counter");
    x.leaf("ScanSha256", e.scan_sha256);
    x.close();
    write_person(x, "Applicant", e.subject);
    if (e.spouse) write_person(x, "Spouse", *e.spouse);
    x.leaf("MaritalStatus", e.marriage).leaf("ContributionCity", "610100");
    x.open("Application");
    x.leaf("CaseNo", e.application).leaf("AppliedOn", iso(e.applied)).leaf("CentreCode", e.centre);
    x.close();
    x.open("IntendedLoan");
    x.leaf("PurchaseContract", e.contract).leaf("UnitNo", e.unit).leaf("PriceFen", std::to_string(e.price));
    x.leaf("DownPaymentFen", std::to_string(e.down_payment)).leaf("LoanFen", std::to_string(e.amount));
    x.leaf("Instalments", std::to_string(e.instalments)).leaf("DeclaredHomes", std::to_string(e.homes));
    x.leaf("OnlyHome", e.only_home ? "Y" : "N").leaf("DeclaredFundLoans", std::to_string(e.fund_loans));
    x.close();
    if (verify) {
        x.open("VerificationItems");
        for (const Claim& c : e.claims) x.open("Item").leaf("Field", c.field).leaf("Value", c.value).close();
        x.close();
    }
    x.close();
    return x.take();
}

}  // namespace tongban::sandbox
