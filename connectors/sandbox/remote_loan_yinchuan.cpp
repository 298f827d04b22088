// What Yinchuan's loan system writes about a loan on contributions of another city.
#include "base/json.h"
#include "connectors/sandbox/numbers.h"
#include "connectors/sandbox/record_words.h"
#include "connectors/sandbox/remote_loan.h"
#include "connectors/sandbox/xml_text.h"

namespace tongban::sandbox {

namespace {

constexpr std::string_view loan_namespace = "urn:640100:hpf:remote-loan:1";
constexpr std::string_view xian_centre = "610100000000000";

void open_message(
    XmlText& x, std::string_view root, const World& world, Date day, std::string_view serial) {
    x.open(root, namespaced("xmlns", loan_namespace));
    x.open("Head");
    x.leaf("SerialNo", serial)
        .leaf("OfficerNo", world.enquiry.officer)
        .leaf("SentAt", iso(day) + "T09:20:31+08:00");
    x.close();
}

void write_case(XmlText& x, const RemoteLoan& loan) {
    x.open("Case");
    x.leaf_if("CaseNo", loan.case_number).leaf("ApplicationNo", loan.application);
    x.close();
}

void write_letter(XmlText& x, const Enquiry& e) {
    x.open("AuthorisationLetter");
    x.leaf("LetterNo", e.letter).leaf("GivenAt", iso(e.letter_given) + "T09:30:00+08:00");
    x.leaf("ValidUntil", iso(e.letter_until) + "T23:59:59+08:00").leaf("Channel", "counter");
    x.leaf("ScanSha256", e.scan_sha256);
    x.close();
}

void write_loan(XmlText& x, const World& world, const RemoteLoan& loan) {
    x.leaf("LoanContract", loan.contract);
    x.leaf("LoanFen", std::to_string(world.enquiry.amount))
        .leaf("Instalments", std::to_string(world.enquiry.instalments));
    x.leaf("IssuedOn", iso(loan.issued));
}

void write_certificate_number(XmlText& x, const World& world, const RemoteLoan& loan) {
    x.leaf("CertificateNo", loan.certificate)
        .leaf("ContributionCity", "610100")
        .leaf("CentreCode", world.enquiry.centre);
}

}  // namespace

std::string application_message(const World& world,
                                const RemoteLoan& loan,
                                std::string_view serial) {
    const Enquiry& e = world.enquiry;
    XmlText x("UTF-8");
    open_message(x, "RemoteLoanApplication", world, loan.applied, serial);
    write_letter(x, e);
    write_yinchuan_person(x, "Applicant", e.subject);
    if (e.spouse) write_yinchuan_person(x, "Spouse", *e.spouse);
    x.leaf("MaritalStatus", e.marriage);
    x.open("Application");
    x.leaf("ApplicationNo", loan.application).leaf("AppliedOn", iso(loan.applied));
    x.leaf("FiledAt", "counter").leaf("CentreCode", e.centre);
    x.leaf("CentreName", "银川住房公积金管理中心");
    x.close();
    x.leaf("LendingProvince", "640000").leaf("LendingCity", "640100");
    x.leaf("ContributionProvince", "610000").leaf("ContributionCity", "610100");
    x.leaf("ContributionCentreCode", xian_centre);
    x.leaf("ContributionCentreName", "西安住房公积金管理中心");
    x.open("House");
    if (loan.old_papers) {
        x.leaf("OldCertificate", loan.old_title);
    } else {
        x.leaf("PurchaseContract", e.contract).leaf("UnitNo", e.unit);
    }
    x.leaf("PriceFen", std::to_string(e.price))
        .leaf("DownPaymentFen", std::to_string(e.down_payment));
    x.close();
    x.open("Loan");
    x.leaf("LoanFen", std::to_string(e.amount)).leaf("Instalments", std::to_string(e.instalments));
    x.close().close();
    return x.take();
}

std::string supplement_message(const World& world,
                               const RemoteLoan& loan,
                               std::string_view serial) {
    XmlText x("UTF-8");
    open_message(x, "RemoteLoanSupplement", world, loan.supplied, serial);
    write_case(x, loan);
    write_yinchuan_person(x, "Applicant", world.enquiry.subject);
    x.leaf("SuppliedOn", iso(loan.supplied)).leaf("PurchaseContract", world.enquiry.contract);
    x.leaf("UnitNo", world.enquiry.unit);
    x.close();
    return x.take();
}

std::string decision_message(const World& world, const RemoteLoan& loan, std::string_view serial) {
    XmlText x("UTF-8");
    open_message(x, "LoanDecision", world, loan.decided, serial);
    write_case(x, loan);
    write_yinchuan_person(x, "Applicant", world.enquiry.subject);
    x.leaf("Outcome", loan.approved ? "A" : "R").leaf("DecidedOn", iso(loan.decided));
    if (loan.approved) {
        x.leaf("LoanFen", std::to_string(world.enquiry.amount))
            .leaf("Instalments", std::to_string(world.enquiry.instalments));
    } else {
        x.leaf("Reason", "还款能力不足");
    }
    x.close();
    return x.take();
}

std::string issued_message(const World& world, const RemoteLoan& loan, std::string_view serial) {
    const Enquiry& e = world.enquiry;
    XmlText x("UTF-8");
    open_message(x, "LoanIssued", world, loan.issued, serial);
    write_case(x, loan);
    write_yinchuan_person(x, "Borrower", e.subject);
    if (e.spouse) write_yinchuan_person(x, "CoBorrower", *e.spouse);
    x.leaf("LoanContract", loan.contract).leaf("PurchaseContract", e.contract);
    x.leaf("LoanFen", std::to_string(e.amount)).leaf("Instalments", std::to_string(e.instalments));
    x.leaf("IssuedOn", iso(loan.issued));
    const Period last =
        add_months({loan.issued.year * 100 + loan.issued.month}, static_cast<int>(e.instalments));
    Date ends{static_cast<std::int16_t>(last.yyyymm / 100),
              static_cast<std::uint8_t>(last.yyyymm % 100),
              loan.issued.day};
    constexpr std::uint8_t every_month_has = 28;
    ends.day = std::min(ends.day, every_month_has);
    x.open("Mortgage");
    x.leaf("ProofNo", loan.proof).leaf("SecuredFen", std::to_string(e.amount));
    x.leaf("DebtFrom", iso(loan.issued)).leaf("DebtTo", iso(ends));
    x.leaf("RegisteredOn", iso(loan.mortgaged));
    x.close().close();
    return x.take();
}

std::string feedback_message(const World& world, const RemoteLoan& loan, std::string_view serial) {
    XmlText x("UTF-8");
    open_message(x, "LoanFeedback", world, loan.reported, serial);
    write_case(x, loan);
    write_certificate_number(x, world, loan);
    write_yinchuan_person(x, "Borrower", world.enquiry.subject);
    if (world.enquiry.spouse) write_yinchuan_person(x, "CoBorrower", *world.enquiry.spouse);
    write_loan(x, world, loan);
    x.leaf("Settled", "N").leaf("SentOn", iso(loan.reported));
    x.close();
    return x.take();
}

std::string position_message(const World& world,
                             const RemoteLoan& loan,
                             const LoanMonth& month,
                             std::string_view serial) {
    XmlText x("UTF-8");
    open_message(x, "LoanPositionReport", world, month.told, serial);
    write_case(x, loan);
    write_certificate_number(x, world, loan);
    write_yinchuan_person(x, "Borrower", world.enquiry.subject);
    x.leaf("LoanContract", loan.contract);
    x.leaf("Month",
           std::to_string(month.month.yyyymm / 100) + "-" + padded(month.month.yyyymm % 100, 2));
    x.leaf("MonthsInArrears", std::to_string(month.months_in_arrears))
        .leaf("ArrearsFen", std::to_string(month.arrears))
        .leaf("PrincipalFen", std::to_string(month.principal))
        .leaf("PartRepaidEarly", month.part_repaid_early ? "Y" : "N");
    x.close();
    return x.take();
}

std::string settled_message(const World& world, const RemoteLoan& loan, std::string_view serial) {
    XmlText x("UTF-8");
    open_message(x, "LoanSettled", world, loan.settled, serial);
    write_case(x, loan);
    write_certificate_number(x, world, loan);
    write_yinchuan_person(x, "Borrower", world.enquiry.subject);
    x.leaf("LoanContract", loan.contract).leaf("SettledOn", iso(loan.settled));
    x.leaf("BalanceFen", "0").leaf("ReleaseAppliedOn", iso(loan.settled));
    x.close();
    return x.take();
}

std::string certificate_receipt(std::string_view message_no, Date today, std::string_view reason) {
    XmlText x("UTF-8");
    x.open("CertificateReceipt", namespaced("xmlns", loan_namespace));
    x.leaf("MessageNo", message_no).leaf("Accepted", reason.empty() ? "Y" : "N");
    if (reason.empty()) {
        x.leaf("AcceptanceNo",
               "YCDK" + compact(today) + "-" + std::string(message_no.substr(0, 20)));
        x.leaf("AcceptedOn", iso(today));
    }
    x.leaf_if("Reason", reason);
    x.close();
    return x.take();
}

std::string old_title_record(const World& world,
                             const RemoteLoan& loan,
                             std::string_view message_id,
                             std::string_view now) {
    XmlText x("UTF-8");
    x.open("Message", namespaced("xmlns", "urn:640100:bdc:ywbl:1")).open("Head");
    x.leaf("BizMsgID", message_id).leaf("AreaCode", "640100").leaf("RecType", "9200104");
    x.leaf("CreateDate", now).leaf("RtnCode", "0000").close();
    x.open("Data").empty(
        "JZLZ_JG", {{"YCQZH", loan.old_title}, {"BDCDYH", registry_unit(world.enquiry.unit)}});
    x.close().close();
    return x.take();
}

std::string old_contract_record(const World& world, const RemoteLoan& loan) {
    const Enquiry& e = world.enquiry;
    const Json contract = {{"contractNo", e.contract},
                           {"contractStatus", "4"},
                           {"contractPrice", yuan(e.price)},
                           {"otherContracts", "0"}};
    const Json house = {{"realestateNo", e.unit}, {"oldPrcNo", loan.old_title}};
    const Json buyer = {{"side", "2"},
                        {"name", e.subject.name},
                        {"idType", social_id(e.subject.id_kind)},
                        {"idNo", e.subject.id_number}};
    return Json{
        {"code", "0"}, {"contract", contract}, {"house", house}, {"traders", Json::array({buyer})}}
        .dump();
}

}  // namespace tongban::sandbox
