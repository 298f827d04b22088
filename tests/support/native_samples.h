// NativeSamples: one small good record of each native schema that an office answers with, in UTF-8,
// to be spoilt by tests.
//
// The people are made up; the numbers have right check digits.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/files.h"
#include "base/text.h"
#include "base/xml.h"
#include "schemas/native_schema.h"
#include "tests/support/temporary_folder.h"

namespace tongban::support {

inline std::shared_ptr<const schemas::NativeSchema> real_native(const std::string& member,
                                                                const std::string& name) {
    prepare_xml();
    return schemas::NativeSchema::load(std::string(TONGBAN_SOURCE_DIR "/schemas/native/") + member +
                                       "/" + name + "/v1");
}

// A schema of a test's own: writes schema.yaml and one file beside it, and loads the folder.
class OwnNative {
public:
    OwnNative(const std::string& yaml, const std::string& file = "", const std::string& text = "")
        : path_(folder_ / "900000.test/thing/v1") {
        prepare_xml();
        if (!make_folders(path_) || !write_file_durably(path_ + "/schema.yaml", yaml))
            throw std::runtime_error("no folder");
        if (!file.empty() && !write_file_durably(path_ + "/" + file, text))
            throw std::runtime_error("no file");
    }
    [[nodiscard]] std::shared_ptr<const schemas::NativeSchema> load() const {
        return schemas::NativeSchema::load(path_);
    }

private:
    TemporaryFolder folder_;
    std::string path_;
};

// The same with one part exchanged; a test that spoils nothing would prove nothing.
inline std::string with(std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    if (at == std::string::npos) throw std::runtime_error("the sample has no " + std::string(from));
    return text.replace(at, from.size(), to);
}

inline std::string in_gb18030(const std::string& utf8) {
    auto bytes = utf8_to_gb18030(utf8);
    if (!bytes) throw std::runtime_error("the sample is not UTF-8");
    return *bytes;
}

inline const std::string certificate_utf8 = R"(<?xml version="1.0" encoding="GB18030"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">
<soap:Body>
<YDDKZMResponse xmlns="urn:610100:gjj:yddkzm:1">
<YWBH>TB-20260105-000001</YWBH>
<ZM><ZMBH>202601050001</ZMBH><KJRQ>20260105</KJRQ><YXTS>30</YXTS><KJZXDM>C61010</KJZXDM><ZSZXDM>C64010</ZSZXDM>
<GRXX><XingMing>甲试甲</XingMing><ZJLX>01</ZJLX><ZJHM>610102199003070016</ZJHM><XingBie>1</XingBie><CSRQ>19900307</CSRQ></GRXX>
<GRZHXX><GRZH>100200300400</GRZH><KHRQ>20150801</KHRQ><GRZHZT>01</GRZHZT><SFDJ>01</SFDJ><GRJZNY>202512</GRJZNY><GRJCJS>12000.00</GRJCJS><DWYJCE>1440.00</DWYJCE><GRYJCE>1440.00</GRYJCE><QCYE>50000.00</QCYE><GRZHYE>58640.00</GRZHYE></GRZHXX>
<DWXX><DWMC>西安测试有限公司</DWMC><DWZHZT>01</DWZHZT><DWJCBL>12.00</DWJCBL><GRJCBL>12.00</GRJCBL></DWXX>
<LXJC><QSNY>201508</QSNY><ZZNY>202512</ZZNY><LYBZ>1</LYBZ></LXJC>
<DKSY><DKCS>0</DKCS><WJQDKYE>0.00</WJQDKYE></DKSY>
<MXLB>
<MX><JZRQ>20251015</JZRQ><GJHTQYWLX>01</GJHTQYWLX><HBJNY>202510</HBJNY><FSE>2880.00</FSE><CZBZ>01</CZBZ><YWLSH>A0001</YWLSH></MX>
<MX><JZRQ>20251115</JZRQ><GJHTQYWLX>01</GJHTQYWLX><HBJNY>202511</HBJNY><FSE>2880.00</FSE><CZBZ>01</CZBZ><YWLSH>A0002</YWLSH></MX>
<MX><JZRQ>20251215</JZRQ><GJHTQYWLX>01</GJHTQYWLX><HBJNY>202512</HBJNY><FSE>2880.00</FSE><CZBZ>01</CZBZ><YWLSH>A0003</YWLSH></MX>
</MXLB></ZM>
</YDDKZMResponse>
</soap:Body>
</soap:Envelope>
)";

inline const std::string homes_utf8 = R"(<?xml version="1.0" encoding="UTF-8"?>
<Message xmlns="urn:640100:bdc:zfcx:1">
<Head><BizMsgID>TB-20260105-000001</BizMsgID><AreaCode>640100</AreaCode><RecType>9100102</RecType><CreateDate>2026-01-05T09:00:00</CreateDate><RegOrgID>640100</RegOrgID><RtnCode>0000</RtnCode></Head>
<Data><ZF_CXJG CXSJ="2026-01-05T08:59:58" QXDM="640100"/>
<QLT_FW_FDCQ_YZ QXDM="640106" BDCDYH="640106400203GB00005F00010001" BDCQZH="宁(2020)兴庆区不动产权第0000001号" FDZL="银川市测试路1号" JZMJ="98.50" GHYT="10" QSZT="1" GYFS="2" FDCJYJG="65.0000" DJSJ="2020-05-06T10:00:00">
<ZTT_GY_QLR SXH="1" QLRMC="甲试甲" ZJZL="1" ZJH="610102199003070016" XB="1" QLBL="50.0%"/>
<ZTT_GY_QLR SXH="2" QLRMC="乙试乙" ZJZL="1" ZJH="610102199103080027" XB="2" QLBL="50.0%"/>
</QLT_FW_FDCQ_YZ></Data>
</Message>
)";

inline const std::string deed_tax_utf8 = R"({
 "fhm": "0", "fhxx": "查询成功", "sjbh": "TB-20260105-000001",
 "wsxx": [
  {"dzsphm": "3640100200500001", "htbh": "YC2020050001", "nsrmc": "甲试甲", "sfzjlxd": "201",
   "sfzjhm": "610102199003070016", "jsje": "650000.00", "sl": "0.015", "ybtse": "9750.00", "sjje": "9750.00",
   "jkrq": "2020-05-06", "jkzt": "0", "fwtcdm": "1"}
 ],
 "hyxx": {"yhbz": "2"}
}
)";

inline const std::string employment_utf8 =
    R"({"AAC001":"61010000001","AAC002":"610102199003070016","AAC003":"甲试甲","AAC004":"1","AAC006":"19900307","AAC058":"01","AAE140":"110","AAC031":"1","SURV_STAS":"1","AAB001":"6101000900","AAB004":"西安测试有限公司","AAB003":null,"AAB301":"610100","AAC030":"20150801","AAE041":"201508","AAE042":null,"AAE201":125,"AAE180":"12000.00"}
{"AAC001":"61010000001","AAC002":"610102199003070016","AAC003":"甲试甲","AAC004":"1","AAC006":"19900307","AAC058":"01","AAE140":"310","AAC031":"1","SURV_STAS":"1","AAB001":"6101000900","AAB004":"西安测试有限公司","AAB003":null,"AAB301":"610100","AAC030":"20150801","AAE041":"201508","AAE042":null,"AAE201":125,"AAE180":"12000.00"}
)";

inline const std::string enquiry_utf8 = R"(<?xml version="1.0" encoding="UTF-8"?>
<EligibilityEnquiry xmlns="urn:640100:hpf:enquiry:1">
<Head><SerialNo>YC-0001</SerialNo><OfficerNo>o-17</OfficerNo><SentAt>2026-01-05T08:58:00+08:00</SentAt><Kind>FETCH</Kind><Purpose>loan-approval</Purpose></Head>
<AuthorisationLetter><LetterNo>SQ-0001</LetterNo><GivenAt>2026-01-05T08:50:00+08:00</GivenAt><ValidUntil>2026-02-05T08:50:00+08:00</ValidUntil><Channel>counter</Channel><ScanSha256>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</ScanSha256></AuthorisationLetter>
<Applicant><FullName>甲试甲</FullName><CardKind>10</CardKind><CardNo>610102199003070016</CardNo></Applicant>
<MaritalStatus>S</MaritalStatus>
<ContributionCity>610100</ContributionCity>
<Application><CaseNo>YC-CASE-1</CaseNo><AppliedOn>2026-01-05</AppliedOn><CentreCode>C64010</CentreCode></Application>
<IntendedLoan><PriceFen>65000000</PriceFen><LoanFen>40000000</LoanFen></IntendedLoan>
</EligibilityEnquiry>
)";

}  // namespace tongban::support
