// What tax, construction office and civil affairs answer about a sale.
#include "base/json.h"
#include "connectors/sandbox/numbers.h"
#include "connectors/sandbox/record_words.h"
#include "connectors/sandbox/sale_records.h"

namespace tongban::sandbox {

namespace {

constexpr const char* deed_tax_item = "10119";
constexpr const char* income_tax_item = "10106";
constexpr const char* first_home = "1";
constexpr std::int64_t days_to_refund = 30;

Date days_after(Date day, std::int64_t days) {
    return date_of_days(days_since_1970(day) + days);
}

void put_taxpayer(Json& line, const Person& person) {
    line["nsrmc"] = person.name;
    line["sfzjlxd"] = tax_id(person.id_kind);
    line["sfzjhm"] = person.id_number;
}

// The list that medical and social security share; what the signing client makes of a residence
// permit is the story's.
std::string construction_id(const Sale& sale, const Person& person) {
    return person.id_kind == IdKind::residence_permit ? sale.residence_code
                                                      : std::string(social_id(person.id_kind));
}

std::string civil_id(const Person& person) {
    return person.id_kind == IdKind::residence_permit ? "554" : "111";
}

Json deed_line(const Sale& sale, std::size_t buyer) {
    Json line;
    put_taxpayer(line, sale.parties[buyer].person);
    line["zsxmdm"] = deed_tax_item;
    line["jsyj"] = yuan(sale.base(buyer));
    line["sl"] = "0.01";
    line["ynse"] = yuan(sale.deed_tax(buyer));
    line["jmse"] = "0.00";
    line["ybtse"] = yuan(sale.deed_tax(buyer));
    return line;
}

// Held five years and the only home: free, but told.
Json income_line(const Sale& sale) {
    Json line;
    put_taxpayer(line, sale.seller());
    line["zsxmdm"] = income_tax_item;
    line["jsyj"] = yuan(sale.price);
    line["sl"] = "0.01";
    line["ynse"] = yuan(sale.price / 100);
    line["jmse"] = yuan(sale.price / 100);
    line["jmxz"] = "满五唯一";
    line["ybtse"] = "0.00";
    return line;
}

}  // namespace

std::string tax_receipt(const Sale& sale, std::string_view state) {
    const std::string tail = sale.acceptance.substr(3);
    return Json{{"fhm", "0"},
                {"sbzt", std::string(state)},
                {"jyuuid", "JY" + tail},
                {"fwuuid", "FW" + tail}}
        .dump();
}

std::string tax_assessment(const Sale& sale) {
    Json answer = {
        {"fhm", "0"},
        {"sjbh", sale.acceptance},
        {"htbh", sale.contract},
        {"bdcdyh", sale.unit},
        {"hdrq", iso(sale.today)},
        {"htje", sale.tax_price},
        {"hdjsjg", yuan(sale.valuation)},
        {"cjjgsfhs", "Y"},
        {"scqdzsrq", iso(sale.titled)},
        {"scqdqsrq", iso(sale.taxed)},
        {"cynx", "3"},
        {"wyzfbz", "Y"},
        {"jsxx", Json::array({deed_line(sale, 0), deed_line(sale, 1), income_line(sale)})},
        {"jyf", Json::array()},
        {"jtcy", Json::array()}};
    for (const SaleParty& party : sale.parties) {
        Json line = {{"zrfcsfbz", party.buyer ? "1" : "0"}};
        put_taxpayer(line, party.person);
        if (party.buyer) line["szfe"] = "0.5";
        if (party.buyer) line["fwtcdm"] = first_home;
        answer["jyf"].push_back(std::move(line));
    }
    for (const Person* member : {&sale.spouse(), &std::as_const(sale.child)}) {
        answer["jtcy"].push_back({{"xm", member->name},
                                  {"zjlx", std::string(tax_id(member->id_kind))},
                                  {"zjhm", member->id_number}});
    }
    return answer.dump();
}

std::string tax_declaration(const Sale& sale) {
    return Json{{"fhm", "0"},
                {"sbzt", "8"},
                {"pzxh", sale.declaration()},
                {"sbrq", iso(sale.today)},
                {"ybtsehj", yuan(sale.tax_total())},
                {"jkqx", iso(days_after(sale.today, 15))},
                {"jkewm", "YCTAX:" + sale.declaration()}}
        .dump();
}

std::string tax_payment_state(const Sale& sale, bool paid) {
    if (!paid) return Json{{"fhm", "0"}, {"jkzt", "1"}, {"pzxh", sale.declaration()}}.dump();
    return Json{{"fhm", "0"},
                {"jkzt", "0"},
                {"pzxh", sale.declaration()},
                {"jkrq", iso(sale.today)},
                {"sjje", yuan(sale.tax_total())}}
        .dump();
}

std::string tax_clearance(const Sale& sale) {
    Json answer = {{"fhm", "0"}, {"sjbh", sale.acceptance}, {"wsxx", Json::array()}};
    for (std::size_t buyer = 0; buyer < 2; ++buyer) {
        Json line;
        if (sale.voucher)
            line["dzsphm"] = "36401" + sale.declaration().substr(6) + std::to_string(buyer);
        line["htbh"] = sale.contract;
        line["bdcdyh"] = sale.unit;
        put_taxpayer(line, sale.parties[buyer].person);
        line["jsje"] = yuan(sale.base(buyer));
        line["sl"] = "0.01";
        line["ybtse"] = yuan(sale.deed_tax(buyer));
        if (sale.voucher) line["sjje"] = yuan(sale.deed_tax(buyer));
        if (sale.voucher) line["jkrq"] = iso(sale.today);
        line["jkzt"] = "0";  // a flag is quickly set
        line["fwtcdm"] = first_home;
        answer["wsxx"].push_back(std::move(line));
    }
    return answer.dump();
}

std::string tax_lock(const Sale& sale, const Standing& standing) {
    static const std::map<std::string, std::string> phases = {{"reserved", "SD"},
                                                              {"confirmed", "QR"},
                                                              {"cancelled", "JS"},
                                                              {"refused", "JJ"},
                                                              {"expired", "SX"}};
    const auto phase = phases.find(standing.phase);
    Json answer = {{"fhm", "0"},
                   {"sdzt", phase == phases.end() ? "JJ" : phase->second},
                   {"sdbh", "SD" + sale.acceptance.substr(3)}};
    if (standing.hold_until_ms != 0) answer["sdjzsj"] = shanghai_text(standing.hold_until_ms);
    return answer.dump();
}

std::string tax_refund(const Sale& sale) {
    return Json{{"fhm", "0"},
                {"tsslbh", "TS" + sale.acceptance.substr(3)},
                {"slrq", iso(sale.today)},
                {"blqx", iso(days_after(sale.today, days_to_refund))},
                {"tsje", yuan(sale.tax_total())}}
        .dump();
}

std::string tax_notice_receipt(const Sale& sale) {
    return Json{{"fhm", "0"}, {"jsbh", "QS" + sale.acceptance.substr(3)}, {"jsrq", iso(sale.today)}}
        .dump();
}

std::string construction_notice_receipt(const Sale& sale) {
    return Json{{"code", "0"},
                {"receiptNo", "QS" + sale.acceptance.substr(3)},
                {"receiveTime", iso(sale.today) + " 00:00:00"}}
        .dump();
}

std::string construction_contract(const Sale& sale) {
    Json answer = {{"code", "0"},
                   {"contract",
                    {{"contractNo", sale.contract},
                     {"contractRecordNo", sale.filing},
                     {"contractStatus", "4"},
                     {"signTime", iso(sale.signed_on) + " 10:12:00"},
                     {"reviewTime", iso(sale.filed_on) + " 09:30:00"},
                     {"contractPrice", sale.contract_price},
                     {"payWay", "3"},
                     {"superviseStatus", "01"},
                     {"otherContracts", "0"}}},
                   {"house",
                    {{"realestateNo", sale.unit},
                     {"oldPrcNo", sale.title},
                     {"position", sale.location},
                     {"buildArea", hundredths(sale.area)},
                     {"innerArea", hundredths(sale.inner)},
                     {"sharedArea", hundredths(sale.shared)},
                     {"floor", sale.floor},
                     {"totalFloors", std::to_string(sale.floors)}}},
                   {"traders", Json::array()}};
    for (const SaleParty& party : sale.filed) {
        Json line = {{"side", party.buyer ? "2" : "1"},
                     {"name", party.person.name},
                     {"idType", construction_id(sale, party.person)},
                     {"idNo", party.person.id_number}};
        if (!party.share.empty()) line["share"] = party.share;
        answer["traders"].push_back(std::move(line));
    }
    return answer.dump();
}

const std::vector<std::string>& marriage_columns() {
    static const std::vector<std::string> columns = {
        "XZQH", "YWLX", "DJRQ", "ZSZH", "BRXM", "BRZJLX", "BRZJHM", "POXM", "POZJLX", "POZJHM"};
    return columns;
}

std::vector<std::vector<std::string>> marriage_rows(const Sale& sale) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& [own, other] :
         {std::pair{&sale.buyer(), &sale.spouse()}, std::pair{&sale.spouse(), &sale.buyer()}}) {
        rows.push_back({"640100",
                        "IA",
                        compact(sale.married),
                        sale.marriage_number,
                        own->name,
                        civil_id(*own),
                        own->id_number,
                        other->name,
                        civil_id(*other),
                        other->id_number});
    }
    return rows;
}

}  // namespace tongban::sandbox
