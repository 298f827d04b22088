#!/usr/bin/python3
"""Where cases do not go well: each refusal, expiry and return of the two flows on real processes, in one city: which office does
or says what, and in which state, with which finding and which end the case comes out.
"""
import json
import subprocess

from harness import bin_folder, run_tests
from cases_city import wire
from sales_city import REGISTRY, TAX, WINDOW, Sale, SalesCity

FUND, XIAN = "640100.housing-fund", "610100.housing-fund"
LOANS = ["G1-rejected", "G2-registry", "G2-supplied"] + ["G1"] * 7
SALES = ["G10"] * 8
SEED = 17
ORDERS = wire()[0].CaseAction


class Loan(Sale):
    """A loan on contributions of another city: all of its days are the first."""

    desk = FUND

    def tell(self):
        sheet = self.city.sandbox_json("story", self.story, "--index", str(self.index), "--at-once")
        for message in sheet["messages"]:
            message.update(at="/requests", waits="")
        return sheet

    def states(self):
        return self.city.states(self.case)

    def apply(self):
        self.send_next()
        self.wait(lambda: True, "opened")

    def sends(self, kind):
        message = self.sheet["messages"][self.next]
        assert message["kind"] == kind, (message["kind"], kind)
        self.send_next()

    def accepted(self):
        self.apply()
        self.wait(lambda: self.stands_at("decide"), "accepted")


class Refusals(SalesCity):
    def __init__(self):
        super().__init__(bin_folder(), LOANS + SALES, seed=SEED)

    def make_sale(self, index, story):
        return (Loan if index < len(LOANS) else Sale)(self, index, story)


def ends(case, state, ending, findings=(), reason=""):
    case.wait(lambda: case.case["status"] in ("done", "cancelled"), f"over in {state}")
    said = (case.case["state"], case.case["ending"], sorted({(one["code"], one["severity"]) for one in case.case["findings"]}))
    assert said == (state, ending, sorted(findings)), (said, [(one["step"], one["outcome"]) for one in case.case["steps"]])
    assert reason in case.case["reason"], case.case["reason"]
    assert not [one for one in case.case["incidents"] if one["open"]], case.case["incidents"]


def material(case, name):
    return next((one["how"], one["member"]) for one in case.case["materials"] if one["id"] == name)


def step(case, name):
    return next(run for run in case.case["steps"] if run["step"] == name)


# --- flow a ---------------------------------------------------------------------------------------------------------

def a_rejected_loan_ends_as_such():
    loan = CITY.sales[0]
    loan.accepted()
    loan.sends("loan-decision")
    ends(loan, "A_LOAN_REJECTED", "refused", reason="还款能力不足")
    assert loan.states() == loan.sheet["expect"]["states"], loan.states()


def a_contract_that_the_construction_office_lost_is_replaced_by_the_registrys_own_record():
    loan = CITY.sales[1]
    loan.accepted()
    assert step(loan, "old_contract")["outcome"] == "no_record" and step(loan, "old_unit")["outcome"] == "answered"
    assert material(loan, "old_contract") == ("fetched", REGISTRY), loan.case["materials"]
    assert "A_RETURNED" not in loan.states(), loan.states()
    told = sorted((one["code"], one["severity"]) for one in loan.case["findings"])
    assert told == sorted((one["code"], one["severity"]) for one in loan.sheet["expect"]["findings"]), told


def what_no_office_has_the_citizen_hands_in():
    loan = CITY.sales[2]
    loan.apply()
    loan.wait(lambda: loan.stands_at("supplement"), "waiting for papers")
    assert step(loan, "old_unit")["outcome"] == "no_record"
    loan.sends("remote-loan-supplement")
    loan.wait(lambda: loan.stands_at("decide"), "accepted")
    assert "A_RETURNED" in loan.states(), loan.states()
    assert material(loan, "old_contract")[0] != "fetched", loan.case["materials"]


def xian_refuses_before_and_after_it_has_gone_through_its_ledger():
    before, after = CITY.sales[3:5]
    CITY.misbehave(XIAN, "refuse-03")
    before.apply()
    ends(before, "A_REFUSED", "refused", reason="TWO_LOANS")
    assert "A_ELIGIBLE" not in before.states(), before.states()
    CITY.misbehave(XIAN, "refuse-06", only=["SQZM"])
    after.apply()
    ends(after, "A_REFUSED", "refused", reason="SHORT_CONTRIBUTION")
    assert "A_ELIGIBLE" in after.states(), after.states()
    CITY.behave(XIAN)


def a_certificate_for_another_centre_or_out_of_date_is_not_accepted():
    elsewhere, old = CITY.sales[5:7]
    CITY.misbehave(XIAN, "wrong_city")
    elsewhere.apply()
    ends(elsewhere, "A_WRONG_CITY", "not_accepted", [("L-01", "block")])
    CITY.misbehave(XIAN, "expired")
    old.apply()
    ends(old, "A_EXPIRED", "expired", [("L-01", "block")])
    CITY.behave(XIAN)


def the_lending_centre_may_not_accept_the_loan():
    loan = CITY.sales[7]
    CITY.misbehave(FUND, "reject")
    loan.apply()
    ends(loan, "A_NOT_ACCEPTED", "not_accepted", reason="材料不符合受理条件")
    CITY.behave(FUND)


def a_certificate_that_is_withdrawn_ends_the_loan():
    loan = CITY.sales[8]
    loan.accepted()
    serial = f"ZF-{loan.index}"
    notice = subprocess.run([str(CITY.bin / "tongban-sandbox"), "revocation", "--seed", str(SEED), "--index", str(loan.index),
                             "--today", CITY.description["today"], "--story", loan.story, "--serial", serial], capture_output=True,
                            check=True, timeout=30).stdout
    CITY.post_message({"member": XIAN, "kind": "certificate-revoked", "at": "/requests", "serial": serial, "body": notice})
    ends(loan, "A_REVOKED", "refused")


def a_loan_that_is_paid_out_is_not_cancelled_any_more():
    loan = CITY.sales[9]
    loan.accepted()
    loan.sends("loan-decision")
    loan.wait(lambda: loan.stands_at("pay_out"), "approved")
    loan.sends("loan-issued")
    loan.wait(lambda: loan.stands_at("report"), "paid out")
    for state in ("A_LOAN_ISSUED", "A_MARKED"):
        assert loan.case["state"] == state, loan.case["state"]
        try:
            CITY.order(FUND, loan.number, ORDERS.cancel, "", "", reason="申请人撤回")
            raise AssertionError(f"cancelled in {state}: the account would be marked for ever, or never")
        except wire()[0].Refusal as refusal:
            assert refusal.where == "case.past_pivot", refusal
        if state == "A_LOAN_ISSUED":
            loan.sends("loan-feedback")
            loan.wait(lambda: loan.stands_at("settle"), "marked")
    loan.sends("loan-settled")
    ends(loan, "A_CLOSED", "completed")


# --- flow d ---------------------------------------------------------------------------------------------------------

def sale_of(number):
    return CITY.sales[len(LOANS) + number]


def change(sale, kind, **values):
    """The office's own message says something else; a value of another message's is left."""
    message = next(one for one in sale.sheet["messages"] if one["kind"] == kind)
    body = json.loads(message["body"])
    for name, value in values.items():
        body[name] = {**body[name], **value} if isinstance(value, dict) else value
    message["body"] = json.dumps(body, ensure_ascii=False)
    return message


def a_price_that_is_not_the_contracts_is_returned_and_supplied_once():
    sale = sale_of(0)
    application = json.loads(sale.sheet["messages"][0]["body"])
    change(sale, "joint-sale-application", contract={"price": "123456.00"})
    sale.send_next()
    sale.wait(lambda: sale.stands_at("supplement"), "returned")
    assert [(one["code"], one["severity"]) for one in sale.case["findings"]] == [("R-14", "return")], sale.case["findings"]
    serial = sale.sheet["application"] + "-S"
    CITY.post_message({"member": WINDOW, "kind": "joint-sale-supplement", "at": "/requests/supplement", "serial": serial,
                       "body": json.dumps({"head": {**application["head"], "serialNo": serial},
                                           "acceptNo": application["acceptNo"], "applicant": application["applicant"],
                                           "suppliedOn": application["applyDate"],
                                           "contract": {"price": application["contract"]["price"]}, "parties": []},
                                          ensure_ascii=False)})
    sale.wait(lambda: sale.stands_at("tax_check"), "received by tax")
    assert sale.states() == ["D_APPLIED", "D_VERIFIED", "D_RETURNED", "D_VERIFIED", "D_ACCEPTED",
                             "D_TAX_RECEIVED"], sale.states()
    assert sale.case["findings"] == [], sale.case["findings"]


def each_comparison_that_fails_is_looked_into_by_tax():
    for code, action in (("1", "passed"), ("2", "return"), ("3", "passed"), ("4", "return")):
        sale = sale_of(int(code))
        change(sale, "declaration-status", sbzt=code)
        sale.play(until="D_TAX_RECEIVED")
        sale.send_next()
        sale.wait(lambda: sale.stands_at("tax_mend"), "a task for tax")
        task = next(run["no"] for run in sale.open_steps())
        CITY.order(TAX, sale.number, ORDERS.decide, str(task), action, reason="婚姻信息不一致")
        if action == "passed":
            sale.wait(lambda: sale.stands_at("confirm_declaration"), "assessed")
            assert sale.states()[-3:] == ["D_TAX_CHECK", "D_TAX_CHECKED", "D_TAX_ASSESSED"], sale.states()
        else:
            ends(sale, "D_WITHDRAWN", "withdrawn", reason="婚姻信息不一致")
            assert sale.states()[-2:] == ["D_TAX_CHECK", "D_WITHDRAWN"], sale.states()
            assert sale.books()["refunded"] == 0


def a_declaration_that_the_taxpayer_does_not_confirm_is_withdrawn():
    sale = sale_of(5)
    change(sale, "joint-sale-declaration", accepts="N")
    sale.play(until="D_TAX_ASSESSED")
    sale.send_next()
    ends(sale, "D_WITHDRAWN", "withdrawn", reason="纳税人不确认申报")


def a_registry_that_refuses_names_its_reason_and_the_tax_goes_back():
    sale = sale_of(6)
    message = next(one for one in sale.sheet["messages"] if one["kind"] == "review-result")
    message["body"] = message["body"].replace('CZJG="1"', 'CZJG="2" BYDJYY="D2" SHYJ="存在尚未解决的权属争议"')
    sale.play(until="D_REVIEW")
    sale.send_next()
    sale.wait(lambda: sale.stands_at("refund_paid"), "waiting for the refund")
    CITY.post_message(CITY.sandbox_json("story", "G14", "--index", str(sale.index))["messages"][-1])
    ends(sale, "D_REFUSED", "refused", reason="存在尚未解决的权属争议")
    assert sale.states()[-3:] == ["D_REFUND_OPEN", "D_REFUNDED", "D_REFUSED"], sale.states()
    assert sale.books()["refunded"] == 1 and sale.disagreement() == [], sale.disagreement()
    said = CITY.rows(REGISTRY, "SELECT count(*) FROM deliveries WHERE CAST(body AS TEXT) LIKE '%9200301%BYYY=\"D2\"%'")
    assert said == [(1,)], said


def a_seizure_that_the_book_does_not_show_leaves_the_decision_to_the_registry():
    sale = sale_of(7)
    sale.play(until="D_REVIEW")
    told = CITY.sandbox_json("story", "G14", "--index", str(sale.index))["messages"]
    CITY.post_message(next(one for one in told if one["kind"] == "seizure-notice"))
    sale.wait(lambda: len([run for run in sale.case["steps"] if run["step"] == "reviewed"]) == 2, "waiting for the decision again")
    assert sale.books()["entered"] == 0 and not [run for run in sale.case["steps"] if run["step"] == "enter"]


if __name__ == "__main__":
    with Refusals() as CITY:
        run_tests([a_rejected_loan_ends_as_such,
                   a_contract_that_the_construction_office_lost_is_replaced_by_the_registrys_own_record,
                   what_no_office_has_the_citizen_hands_in,
                   xian_refuses_before_and_after_it_has_gone_through_its_ledger,
                   a_certificate_for_another_centre_or_out_of_date_is_not_accepted,
                   the_lending_centre_may_not_accept_the_loan,
                   a_certificate_that_is_withdrawn_ends_the_loan,
                   a_loan_that_is_paid_out_is_not_cancelled_any_more,
                   a_price_that_is_not_the_contracts_is_returned_and_supplied_once,
                   each_comparison_that_fails_is_looked_into_by_tax,
                   a_declaration_that_the_taxpayer_does_not_confirm_is_withdrawn,
                   a_registry_that_refuses_names_its_reason_and_the_tax_goes_back,
                   a_seizure_that_the_book_does_not_show_leaves_the_decision_to_the_registry])
