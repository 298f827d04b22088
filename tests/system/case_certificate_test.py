#!/usr/bin/python3
"""Flow a on real processes: from Yinchuan's own application to the lifted mark, undisturbed and with one process killed on the way."""
import contextlib
import datetime
import os
import random
import sqlite3

from harness import bin_folder, leaks, run_tests
from cases_city import SHANGHAI, CasesCity, Killer, workdays_after

SEED = 7
KILL_SEED = int(os.environ.get("TONGBAN_KILL_SEED", random.SystemRandom().randrange(10**6)))


def marks(city):
    """What Xi'an's own book says: how often an account was marked, and whether the mark was lifted."""
    with contextlib.closing(sqlite3.connect(f"file:{city.data}/offices/610100.housing-fund/office.db?mode=ro", uri=True)) as book:
        return [lifted is not None for (lifted,) in book.execute("SELECT lifted_ms FROM marks")]


def ends_as_expected(city, case):
    assert city.problems(case) == [], "\n".join(city.problems(case))
    assert marks(city) == [True], "one account, marked once and lifted once"
    found = leaks(city.data, city.personal())
    assert found == [], f"personal values outside offices/: {found}"


def g1_a_certificate_a_loan_a_mark_in_five_working_days_without_findings():
    with CasesCity(bin_folder(), "G1", seed=SEED) as city:
        case = city.play()
        ends_as_expected(city, case)
        marked = next(step["ended_ms"] for step in case["steps"] if step["step"] == "marked") / 1000
        marked_on = datetime.datetime.fromtimestamp(marked, SHANGHAI).date()
        assert marked_on <= workdays_after(city.today, 5), f"{city.today} to {marked_on}: more than five working days"


def g2_papers_are_returned_once_and_found_at_the_construction_office():
    with CasesCity(bin_folder(), "G2", seed=SEED + 1) as city:
        case = city.play()
        ends_as_expected(city, case)
        returned = [step for step in case["steps"] if step["outcome"] == "returned"]
        assert len(returned) == city.sheet["expect"]["returns"] == 1, returned
        an_officer_decided_with_both_readings_before_them(city, case)


def an_officer_decided_with_both_readings_before_them(city, case):
    """Two cities read "continuous" differently. The case says how each does, by which rule and on which ground; a person decides."""
    assert len(city.weighed) == 1, "decided once"
    seen = {one["code"]: one for one in city.weighed[0]["findings"]}
    for code, division, city_zh in (("C-02-640100", "640100", "银川"), ("C-02-610100", "610100", "西安")):
        reading = seen[code]
        assert (reading["rule"], reading["jurisdictions"]) == (f"{code}@1", [division]), reading
        assert "建金〔2014〕148号" in reading["ground"] and city_zh in reading["ground"], reading
        assert city_zh in reading["zh"] and division in reading["en"], reading
    assert seen["C-02-640100"]["en"] != seen["C-02-610100"]["en"], "they differ, and nobody says which is right"
    assert (seen["C-02"]["rule"], seen["C-02"]["severity"], seen["C-02"]["jurisdictions"]) == ("C-02@1", "review", []), seen
    assert [step["outcome"] for step in case["steps"] if step["step"] == "weigh"] == ["accept"], case["steps"]
    shown = city.tongban("case", "show", case["number"], "--member", city.member, "--data", city.data).stdout.decode()
    for words in ("规则 rule C-02-640100@1, 适用 policy of 640100, 依据 ground 建金〔2014〕148号",
                  "规则 rule C-02-610100@1, 适用 policy of 610100, 依据 ground 建金〔2014〕148号",
                  "规则 rule C-02@1, 适用 policy of 全国 the nation"):
        assert words in shown, (words, shown)


def g3_twelve_days_without_a_report_are_a_red_light_and_the_mark_comes_afterwards():
    with CasesCity(bin_folder(), "G3", seed=SEED + 2) as city:
        def overdue(message):
            if message["kind"] != "loan-feedback":
                return
            case = city.look()
            assert case["state"] == "A_FEEDBACK_OVERDUE", case["state"]
            assert case["light"] == "red", case["light"]
            assert [one["code"] for one in case["findings"]] == ["L-08"], case["findings"]
        case = city.play(before=overdue)
        ends_as_expected(city, case)


def positions(city):
    """What Xi'an's own book says of the loan, month after month: how many are in arrears, and whether a part was repaid early."""
    with contextlib.closing(sqlite3.connect(f"file:{city.data}/offices/610100.housing-fund/office.db?mode=ro", uri=True)) as book:
        return book.execute("SELECT months_in_arrears, part_repaid_early FROM positions ORDER BY month").fetchall()


def a_loan_in_arrears_stands_in_xians_book_and_is_seen_until_all_is_paid():
    with CasesCity(bin_folder(), "G1-arrears", seed=SEED + 6) as city:
        seen, told = [], []

        def stands(message):
            if told and told[-1]["kind"] == "loan-position-report":  # the same month told again is the same message
                city.send(told[-1])
                assert len(positions(city)) == sum(one["kind"] == "loan-position-report" for one in told), positions(city)
                case = city.look()
                assert (case["state"], case["light"]) == ("A_MARKED", "green"), case
                seen.append([(one["code"], one["severity"], one["rule"]) for one in case["findings"]])
            told.append(message)
        case = city.play(before=stands)
        ends_as_expected(city, case)
        assert positions(city) == [("1", "2"), ("2", "2"), ("3", "2"), ("0", "1")], positions(city)
        assert seen == [[], [], [("L-11", "warn", "L-11@1")], []], seen
        assert len([step for step in case["steps"] if step["step"] == "tell"]) == 4, case["steps"]


def killed_on_the_way(story, seed):
    killer = Killer(f"{KILL_SEED}/{story}")
    with CasesCity(bin_folder(), story, seed=seed) as city:
        case = city.play(killer=killer)
        print(f"        {killer.killed}", flush=True)
        ends_as_expected(city, case)


def g1_goes_on_after_a_kill():
    killed_on_the_way("G1", SEED + 3)


def g2_goes_on_after_a_kill():
    killed_on_the_way("G2", SEED + 4)


def g3_goes_on_after_a_kill():
    killed_on_the_way("G3", SEED + 5)


if __name__ == "__main__":
    print(f"kills: TONGBAN_KILL_SEED={KILL_SEED}", flush=True)
    run_tests([g1_a_certificate_a_loan_a_mark_in_five_working_days_without_findings,
               g2_papers_are_returned_once_and_found_at_the_construction_office,
               g3_twelve_days_without_a_report_are_a_red_light_and_the_mark_comes_afterwards,
               a_loan_in_arrears_stands_in_xians_book_and_is_seen_until_all_is_paid,
               g1_goes_on_after_a_kill,
               g2_goes_on_after_a_kill,
               g3_goes_on_after_a_kill])
