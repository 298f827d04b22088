// What the offices' own systems send about a sale: window, tax and bank JSON, registry XML.
#include "connectors/sandbox/numbers.h"
#include "connectors/sandbox/record_words.h"
#include "connectors/sandbox/sale_records.h"
#include "connectors/sandbox/sale_story.h"

namespace tongban::sandbox {

namespace {

constexpr std::string_view registry_name_space = "urn:640100:bdc:ywbl:1";
constexpr const char* ten_o_clock = "T10:00:00";

Json window_head(const Sale& sale, std::string_view serial) {
    return {{"serialNo", std::string(serial)},
            {"operator", "zhck-03"},
            {"sentAt", iso(sale.today) + ten_o_clock}};
}

Json window_person(const Person& person) {
    return {{"name", person.name},
            {"idType", std::string(social_id(person.id_kind))},
            {"idNo", person.id_number}};
}

Json tax_head(const Sale& sale, std::string_view serial) {
    Json head = {{"jyuuid", std::string(serial)},
                 {"czry", "sw-0117"},
                 {"sjbh", sale.acceptance},
                 {"nsrmc", sale.buyer().name},
                 {"sfzjlxd", std::string(tax_id(sale.buyer().id_kind))},
                 {"sfzjhm", sale.buyer().id_number}};
    return head;
}

XmlText notice(std::string_view root, std::string_view serial, std::string_view type) {
    XmlText x("UTF-8");
    x.open(root, namespaced("xmlns", registry_name_space)).open("Head");
    x.leaf("BizMsgID", serial).leaf("OperatorID", "bdc-008").leaf("AreaCode", "640100");
    x.leaf("RecType", type).close().open("Data");
    return x;
}

void write_person(XmlText& x, std::string_view element, const Person& person) {
    x.empty(element,
            {{"QLRMC", registry_name(person)},
             {"ZJZL", std::string(registry_id(person.id_kind))},
             {"ZJH", registry_number(person)}});
}

}  // namespace

std::string sale_application(const Sale& sale, std::string_view serial) {
    Json parties = Json::array();
    for (const SaleParty& party : sale.parties) {
        Json line = {{"kind", party.buyer ? "mf" : "zf"}};
        line.update(window_person(party.person));
        if (!party.share.empty()) line["share"] = party.share;
        parties.push_back(std::move(line));
    }
    const Date ends = date_of_days(days_since_1970(sale.today) + std::int64_t{20} * 365);
    return Json{{"head", window_head(sale, serial)},
                {"acceptNo", sale.acceptance},
                {"applyDate", iso(sale.today)},
                {"channel", "1"},
                {"window", "三号窗口"},
                {"district", "640100"},
                {"applicant", window_person(sale.buyer())},
                {"maritalStatus", "20"},
                {"spouse", window_person(sale.spouse())},
                {"children", Json::array({window_person(sale.child)})},
                {"house", {{"unitNo", sale.unit}, {"certNo", sale.title}}},
                {"contract",
                 {{"no", sale.contract},
                  {"signDate", iso(sale.signed_on)},
                  {"price", yuan(sale.price)},
                  {"vatIncluded", "Y"},
                  {"payWay", "3"}}},
                {"ownership", sale.ownership},
                {"coOwnersFamily", "Y"},
                {"parties", std::move(parties)},
                {"loan",
                 {{"bank", sale.mortgagee},
                  {"uscc", sale.mortgagee_code},
                  {"contractNo", sale.loan_contract},
                  {"signDate", iso(sale.filed_on)},
                  {"amount", yuan(sale.loan)},
                  {"from", iso(sale.today)},
                  {"to", iso(ends)}}}}
        .dump();
}

std::string sale_confirmation(const Sale& sale, std::string_view serial) {
    return Json{{"head", window_head(sale, serial)},
                {"acceptNo", sale.acceptance},
                {"applicant", window_person(sale.buyer())},
                {"confirmedOn", iso(sale.today)},
                {"accepts", "Y"}}
        .dump();
}

std::string sale_tax_status(const Sale& sale, std::string_view serial, std::string_view state) {
    Json message = tax_head(sale, serial);
    message["htbh"] = sale.contract;
    message["sbzt"] = std::string(state);
    message["ztsj"] = iso(sale.today) + ten_o_clock;
    return message.dump();
}

std::string sale_refunded(const Sale& sale, std::string_view serial) {
    Json message = tax_head(sale, serial);
    message["tsslbh"] = "TS" + sale.acceptance.substr(3);
    message["tsrq"] = iso(sale.today);
    message["tsje"] = yuan(sale.tax_total());
    return message.dump();
}

std::string sale_paid(const Sale& sale, std::string_view serial) {
    return Json{{"serialNo", std::string(serial)},
                {"teller", "gy-021"},
                {"billNo", sale.acceptance},
                {"voucherNo", sale.declaration()},
                {"payer",
                 {{"name", sale.buyer().name},
                  {"certType", sale.buyer().id_kind == IdKind::residence_permit ? "C" : "A"},
                  {"certNo", sale.buyer().id_number}}},
                {"amountFen", std::to_string(sale.tax_total())},
                {"payTime", compact(sale.today) + "101500"},
                {"bankSerial", compact(sale.today) + sale.acceptance.substr(12)}}
        .dump();
}

std::string sale_reviewed(const Sale& sale, std::string_view serial) {
    XmlText x = notice("ReviewResult", serial, "9200802");
    x.empty("DJF_DJ_SH",
            {{"SJBH", sale.acceptance},
             {"YWH", sale.business},
             {"CZJG", "1"},
             {"SHRQ", iso(sale.today)}});
    write_person(x, "ZF_SQR", sale.buyer());
    x.close().close();
    return x.take();
}

std::string sale_seized(const Sale& sale, std::string_view serial) {
    XmlText x = notice("SeizureNotice", serial, "9200801");
    x.empty("QLF_QL_CFDJ",
            {{"YSDM", "6002040300"},
             {"BDCDYH", registry_unit(sale.unit)},
             {"QXDM", "640100"},
             {"CFLX", "1"},
             {"CFJG", "样本市样本区人民法院"},
             {"CFWH", "（" + std::to_string(sale.today.year) + "）宁0106执保17号"},
             {"CFQSSJ", iso(sale.today) + "T00:00:00"},
             {"DJSJ", iso(sale.today) + "T15:20:00"}});
    write_person(x, "ZF_BZXR", sale.seller());
    x.close().close();
    return x.take();
}

}  // namespace tongban::sandbox
