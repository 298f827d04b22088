// What the offices of Xi'an write.
#include "base/json.h"
#include "base/text.h"
#include "connectors/sandbox/record_words.h"
#include "connectors/sandbox/records.h"
#include "connectors/sandbox/xml_text.h"

namespace tongban::sandbox {

namespace {

constexpr std::string_view soap_namespace = "http://schemas.xmlsoap.org/soap/envelope/";

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

}  // namespace

void write_xian_certificate(XmlText& x, const Certificate& c) {
    x.open("ZM");
    x.leaf("ZMBH", c.number)
        .leaf("KJRQ", compact(c.issued))
        .leaf("YXTS", std::to_string(c.valid_days));
    x.leaf("KJZXDM", c.issuer).leaf("ZSZXDM", c.addressed_to);
    x.open("GRXX");
    x.leaf("XingMing", c.holder.name)
        .leaf("ZJLX", xian_id(c.holder.id_kind))
        .leaf("ZJHM", c.holder.id_number);
    x.leaf("ZJYXQZ", compact(c.holder.id_valid_until)).leaf("XingBie", number_sex(c.holder.sex));
    x.leaf("CSRQ", compact(c.holder.birth));
    x.close();
    x.open("GRZHXX");
    x.leaf("GRZH", c.account).leaf("KHRQ", compact(c.opened)).leaf("GRZHZT", c.state);
    x.leaf("SFDJ", c.frozen ? "02" : "01").leaf("GRJZNY", compact(c.paid_to));
    x.leaf("GRJCJS", yuan(c.base))
        .leaf("DWYJCE", yuan(c.unit_amount))
        .leaf("GRYJCE", yuan(c.personal_amount));
    x.leaf("QCYE", yuan(c.opening_balance)).leaf("GRZHYE", yuan(c.balance));
    x.close();
    x.open("DWXX");
    x.leaf("DWMC", c.employer.name)
        .leaf("ZZJGDM", c.employer.uscc)
        .leaf("DWZHZT", c.employer.fund_state);
    x.leaf("DWJCBL", hundredths(c.unit_ratio)).leaf("GRJCBL", hundredths(c.personal_ratio));
    x.close();
    x.open("LXJC");
    x.leaf("QSNY", compact(c.continuous_from))
        .leaf("ZZNY", compact(c.continuous_to))
        .leaf("LYBZ", c.six_months);
    x.close();
    x.open("DKSY");
    x.leaf("DKCS", std::to_string(c.loan_count)).leaf("LJDKJE", yuan(c.loan_total));
    x.leaf("WJQDKYE", yuan(c.loan_outstanding));
    x.close();
    x.open("MXLB");
    for (const Posting& posting : c.ledger)
        write_posting(x, posting);
    x.close();
    x.close();
}

Result<std::string> certificate_answer(const World& world, std::string_view application) {
    XmlText x("GB18030", "soapenv:");
    x.open("Envelope", namespaced("xmlns:soapenv", soap_namespace));
    x.empty("Header", {});
    x.open("Body");
    x.prefix("gjj:");
    x.open("YDDKZMResponse", namespaced("xmlns:gjj", "urn:610100:gjj:yddkzm:1"));
    x.leaf("YWBH", application);
    write_xian_certificate(x, world.certificate);
    x.close().close().close();
    return utf8_to_gb18030(x.take());
}

Result<std::string> soap_fault(std::string_view code, std::string_view text) {
    XmlText x("GB18030", "soapenv:");
    x.open("Envelope", namespaced("xmlns:soapenv", soap_namespace));
    x.open("Body").open("Fault");
    x.prefix("");
    x.leaf("faultcode", "soapenv:" + std::string(code)).leaf("faultstring", text);
    x.close().close().close();
    return utf8_to_gb18030(x.take());
}

const std::vector<std::string>& spell_columns() {
    static const std::vector<std::string> columns = {"AAC001",
                                                     "AAC002",
                                                     "AAC003",
                                                     "AAC004",
                                                     "AAC006",
                                                     "AAC058",
                                                     "AAE140",
                                                     "AAC031",
                                                     "SURV_STAS",
                                                     "AAB001",
                                                     "AAB004",
                                                     "AAB003",
                                                     "AAB301",
                                                     "AAC030",
                                                     "AAE041",
                                                     "AAE042",
                                                     "AAE201",
                                                     "AAE180"};
    return columns;
}

std::vector<SpellRow> spell_rows(const World& world) {
    std::vector<SpellRow> rows;
    for (const Spell& s : world.spells) {
        const Person& p = s.holder;
        rows.push_back({{s.person_number,
                         p.id_number,
                         social_name(p),
                         number_sex(p.sex),
                         compact(p.birth),
                         std::string(social_id(p.id_kind)),
                         s.scheme,
                         s.payment_state,
                         s.survival,
                         s.employer.social_number,
                         s.employer.name,
                         s.employer.uscc,
                         "610100",
                         compact(s.joined),
                         compact(s.from),
                         s.to ? compact(*s.to) : "",
                         std::to_string(s.months),
                         yuan(s.base)}});
    }
    return rows;
}

std::string spell_lines(const World& world) {
    std::string lines;
    for (const SpellRow& row : spell_rows(world)) {
        nlohmann::ordered_json line;
        for (std::size_t i = 0; i < row.values.size(); ++i) {
            const std::string& name = spell_columns()[i];
            if (row.values[i].empty())
                line[name] = nullptr;
            else if (name == "AAE201")
                line[name] = std::stoll(row.values[i]);
            else
                line[name] = row.values[i];
        }
        lines += line.dump() + "\n";
    }
    return lines;
}

}  // namespace tongban::sandbox
