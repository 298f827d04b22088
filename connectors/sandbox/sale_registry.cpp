// The registry's answers about a sale: Head and Data, fields as attributes, prices in 万元.
#include <map>

#include "connectors/sandbox/numbers.h"
#include "connectors/sandbox/record_words.h"
#include "connectors/sandbox/sale_records.h"

namespace tongban::sandbox {

namespace {

constexpr std::string_view name_space = "urn:640100:bdc:ywbl:1";
constexpr const char* fee_of_a_home = "80.00";

std::string at_midnight(Date day) {
    return iso(day) + "T00:00:00";
}

XmlText message(const RegistryHead& head, std::string_view type, std::string_view code = "0000") {
    XmlText x("UTF-8");
    x.open("Message", namespaced("xmlns", name_space)).open("Head");
    x.leaf("BizMsgID", head.message_id).leaf("AreaCode", "640100");
    if (!type.empty()) x.leaf("RecType", type);
    x.leaf("CreateDate", head.now).leaf("RtnCode", code).close();
    return x;
}

void write_holder(XmlText& x, const Person& person, const std::string& share) {
    x.empty("ZTT_GY_QLR",
            {{"YSDM", "6003000000"},
             {"QLRMC", registry_name(person)},
             {"ZJZL", std::string(registry_id(person.id_kind))},
             {"ZJH", registry_number(person)},
             {"QLBL", share}});
}

std::string finish(XmlText& x) {
    x.close().close();  // Data, Message
    return x.take();
}

}  // namespace

std::string registry_house(const Sale& sale,
                           const RegistryHead& head,
                           const std::vector<Seizure>& seizures) {
    XmlText x = message(head, "9200102");
    x.open("Data").empty("FYHY_JG", {{"CXSJ", head.now}});
    x.open("QLT_FW_FDCQ_YZ",
           {{"YSDM", "6002010200"},
            {"BDCDYH", registry_unit(sale.unit)},
            {"BDCQZH", sale.title},
            {"YWH", sale.right},
            {"FDZL", sale.location},
            {"JZMJ", hundredths(sale.area)},
            {"ZYJZMJ", hundredths(sale.inner)},
            {"FTJZMJ", hundredths(sale.shared)},
            {"SZC", sale.floor},
            {"ZCS", std::to_string(sale.floors)},
            {"GHYT", "11"},
            {"QSZT", "1"},
            {"GYFS", sale.holders.size() == 1 ? "0" : "2"},
            {"DJSJ", at_midnight(sale.titled)}});
    for (const Holder& holder : sale.holders)
        write_holder(x, holder.person, holder.share);
    x.close();
    for (const Seizure& seizure : seizures) {
        x.empty("QLF_QL_CFDJ",
                {{"YSDM", "6002040300"},
                 {"CFLX", "1"},
                 {"CFJG", seizure.authority},
                 {"CFWH", seizure.document},
                 {"CFQSSJ", at_midnight(seizure.from)},
                 {"CFJSSJ", at_midnight(seizure.to)},
                 {"QSZT", "1"}});
    }
    return finish(x);
}

std::string registry_acceptance(const Sale& sale, const RegistryHead& head) {
    XmlText x = message(head, "9200202");
    x.open("Data").empty("DJT_DJ_SL",
                         {{"YWH", sale.business},
                          {"SSYWH", sale.right},
                          {"BDCDYH", sale.unit},
                          {"SLSJ", at_midnight(sale.today)},
                          {"FDCJYJG", sale.registry_price},
                          {"GYFS", sale.ownership}});
    for (const SaleParty& party : sale.parties) {
        x.empty("DJF_DJ_SQ",
                {{"YSDM", "6004010000"},
                 {"SQRLB", party.buyer ? "1" : "2"},
                 {"QLRMC", registry_name(party.person)},
                 {"ZJZL", std::string(registry_id(party.person.id_kind))},
                 {"ZJH", registry_number(party.person)},
                 {"QLBL", party.share}});
    }
    return finish(x);
}

std::string registry_closing(const Sale& sale, const RegistryHead& head) {
    XmlText x = message(head, "9200302");
    x.open("Data").empty("DJF_DJ_BYDJ",
                         {{"GZSBH",
                           "银不登告〔" + std::to_string(sale.today.year) + "〕" +
                               sale.acceptance.substr(12) + "号"},
                          {"BJRQ", iso(sale.today)}});
    return finish(x);
}

std::string registry_review(const Sale& sale, const RegistryHead& head) {
    XmlText x = message(head, "9200402");
    x.open("Data").empty("DJF_DJ_SF",
                         {{"YWH", sale.business}, {"YSJE", fee_of_a_home}, {"JFZT", "1"}});
    return finish(x);
}

std::string registry_entry(const Sale& sale, const RegistryHead& head, const Standing& standing) {
    static const std::map<std::string, std::string> phases = {{"reserved", "1"},
                                                              {"confirmed", "2"},
                                                              {"cancelled", "3"},
                                                              {"refused", "4"},
                                                              {"expired", "9"}};
    const auto phase = phases.find(standing.phase);
    const bool entered = standing.phase == "confirmed";
    XmlText x = message(head, "9200510");
    x.open("Data").empty(
        "DJF_DJ_DB",
        {{"YZZT", phase == phases.end() ? "4" : phase->second},
         {"YZJZSJ", standing.hold_until_ms == 0 ? "" : shanghai_text(standing.hold_until_ms)},
         {"BDCQZH", standing.effect},
         {"DBSJ", entered ? at_midnight(sale.today) : ""}});
    return finish(x);
}

std::string registry_certificate(const Sale& sale, const RegistryHead& head) {
    XmlText x = message(head, "9200602");
    x.open("Data").open("QLT_FW_FDCQ_YZ",
                        {{"YSDM", "6002010200"},
                         {"BDCQZH", sale.certificate()},
                         {"BDCDYH", sale.unit},
                         {"DJSJ", at_midnight(sale.today)},
                         {"FZSJ", at_midnight(sale.today)},
                         {"FDCJYJG", sale.registry_price},
                         {"GYFS", sale.ownership}});
    for (const SaleParty& party : sale.parties) {
        if (party.buyer) write_holder(x, party.person, party.share);
    }
    x.close();
    return finish(x);
}

std::string registry_mortgage(const Sale& sale, const RegistryHead& head) {
    XmlText x = message(head, "9200702");
    x.open("Data").empty("QLF_QL_DYAQ",
                         {{"BDCDJZMH",
                           "宁（" + std::to_string(sale.today.year) + "）银川市不动产证明第" +
                               sale.acceptance.substr(14) + "号"},
                          {"DJSJ", at_midnight(sale.today)},
                          {"BDBZZQSE", ten_thousand_yuan(sale.loan)},
                          {"DYSW", "1"},
                          {"DYQR", sale.mortgagee}});
    return finish(x);
}

std::string registry_code(const RegistryHead& head, std::string_view code) {
    XmlText x = message(head, "", code);
    x.close();
    return x.take();
}

std::string shanghai_text(std::int64_t ms) {
    return shanghai(Instant{ms}).substr(0, 19);
}

}  // namespace tongban::sandbox
