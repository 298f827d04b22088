#!/usr/bin/env python3
"""Homes are sold at the joint window, from the application to the mortgage, on real processes: the golden cases G10 to G15 from
the offices' own messages, once undisturbed and once under kill -9; and the joint filing with offices that misbehave in its middle.
"""
import sys
import threading
import time

from harness import bin_folder, run_tests
from cases_city import Killer, wire
from sales_city import REGISTRY, TAX, WINDOW, SalesCity

STORIES = ["G10", "G11", "G12", "G12-cut", "G13", "G14", "G15"]
RESERVE, CONFIRM = "9200501", "9200502"  # the registry's kinds of message


def all_problems(city):
    return [problem for sale in city.sales for problem in sale.problems()] + city.log_problems()


def check(problems):
    assert not problems, "\n".join(problems)


def every_golden_sale_ends_as_its_story_says():
    with SalesCity(bin_folder(), STORIES, seed=11) as city:
        city.play_all()
        check(all_problems(city))


def and_so_it_does_when_a_process_is_killed_on_the_way_of_each():
    """Each sale has its own kill, between its first message and its last, of a process that it passes through."""
    seed = int(time.time())
    print(f"seed {seed}", flush=True)
    with SalesCity(bin_folder(), STORIES, seed=12) as city:
        killers = {}
        for sale in city.sales:  # G11 has one message, and is refused at once
            messages = len(sale.sheet["messages"])
            killers[sale] = Killer(f"{seed}/{sale}", story=sale.story, messages=messages, first=min(2, messages), soon=0.5,
                                   last=0.0 if messages > 1 else 0.2)
        city.play_all(killers=killers)
        for sale, killer in killers.items():
            killer.join(city)
            print(f"        {sale}: {', '.join(killer.killed)}", flush=True)
        check([problem for killer in killers.values() for problem in killer.problems(city)] + all_problems(city))


def the_joint_filing_stands_offices_that_misbehave():
    """One sale each: the misconduct begins when the case is about to be reviewed, and concerns the joint filing alone."""
    troubles = [
        (REGISTRY, "late", {"only": [CONFIRM], "times": 1}),     # entered, and the answer is "busy"
        (REGISTRY, "fail", {"only": [RESERVE], "times": 2}),     # busy, nothing done
        (REGISTRY, "twice", {"only": [RESERVE, CONFIRM]}),
        (REGISTRY, "slow", {"only": [CONFIRM], "times": 1, "delay_ms": 3000}),
        (REGISTRY, "refuse", {"only": [RESERVE], "times": 1}),   # cancelled, and entered the second time
        (REGISTRY, "down", {}),
        (TAX, "refuse", {"only": ["sd"], "times": 1}),
        (TAX, "late", {"only": ["sdqr"], "times": 1}),
        (TAX, "lost", {"only": ["sd", "sdqr"], "times": 2}),
        (TAX, "down", {}),
    ]
    with SalesCity(bin_folder(), ["G10"] * len(troubles), seed=13) as city:
        city.play_all(until="D_REVIEW")
        for sale, (office, mode, terms) in zip(city.sales, troubles):
            city.misbehave(office, mode, **terms)
            back = threading.Timer(3.0 if mode == "down" else 60.0, city.behave, (office,))
            back.start()
            sale.play()
            back.cancel()
            city.behave(office)
            print(f"        {office} {mode}: {sale.case['state']}", flush=True)
        check(all_problems(city))


def a_seizure_between_tax_and_entry_ends_in_a_refund():
    with SalesCity(bin_folder(), ["G10"], seed=14) as city:
        sale = city.sales[0]
        sale.play(until="D_REVIEW")
        told = city.sandbox_json("story", "G14", "--index", "0")  # the same sale, seized earlier
        sale.sheet["expect"] = {**told["expect"], "states": [*told["expect"]["states"][:10], "D_REVIEWED",
                                                             *told["expect"]["states"][10:]]}
        sale.sheet["messages"].append(told["messages"][-1])  # tax has paid it back
        city.misbehave(REGISTRY, "seize", only=[RESERVE])
        sale.play()
        assert [step["outcome"] for step in sale.case["steps"] if step["kind"] == "joint"] == ["cancelled"]
        check(all_problems(city))


def a_hold_that_ran_out_after_the_decision_is_mended_by_an_officer():
    """The office broke its word: tax is used up, the registry does not enter. The decision stands; an officer has it asked anew."""
    with SalesCity(bin_folder(), ["G10"], seed=15) as city:
        sale = city.sales[0]
        sale.play(until="D_REVIEW")
        city.misbehave(REGISTRY, "expire", only=[CONFIRM], times=1)
        sale.send_next()
        sale.wait(lambda: any(one["code"] == "joint.hazard" for one in sale.case["incidents"]), "a hazard")
        assert list(city.joint_decisions().values()) == ["confirm"]
        assert (sale.books()["used"], sale.books()["entered"]) == (1, 0)
        hazard = next(one for one in sale.case["incidents"] if one["code"] == "joint.hazard")
        city.order(WINDOW, sale.number, wire()[0].CaseAction.mend, f"i{hazard['no']}", "retry", reason="重新预占后登簿")
        sale.play()
        check(all_problems(city))


if __name__ == "__main__":
    sys.exit(run_tests([every_golden_sale_ends_as_its_story_says,
                        and_so_it_does_when_a_process_is_killed_on_the_way_of_each,
                        the_joint_filing_stands_offices_that_misbehave,
                        a_seizure_between_tax_and_entry_ends_in_a_refund,
                        a_hold_that_ran_out_after_the_decision_is_mended_by_an_officer]))
