#!/usr/bin/python3
"""`tongban case` on a real city: a clerk opens a case, looks at it, orders about it, mends what went wrong."""
import datetime
import json
import pathlib
import re
import subprocess
import tempfile
import time

from harness import bin_folder, run_tests
from cases_city import CasesCity

CENTRE = "640100.housing-fund"
XIAN = "610100.housing-fund"
OPENING = ["--resource", "housing-fund/remote-loan", "--purpose", "loan-approval", "--schema",
           "640100.housing-fund/remote-loan-application@1", "--consent", "SQ-0001", "--consent-evidence", "a" * 64]


class Desk:
    """The clerk at the command line."""

    def __init__(self, city):
        self.city = city

    def run(self, *arguments, member=CENTRE, officer=None):
        command = [str(bin_folder() / "tongban"), "case", *map(str, arguments), "--member", member, "--data", str(self.city.data)]
        command += ["--officer", officer] if officer else []
        return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)

    def json(self, *arguments, **who):
        done = self.run(*arguments, "--format", "json", **who)
        assert done.returncode == 0, (arguments, done.returncode, done.stdout, done.stderr)
        return json.loads(done.stdout)

    def text(self, *arguments, **who):
        done = self.run(*arguments, **who)
        assert done.returncode == 0, (arguments, done.returncode, done.stdout, done.stderr)
        return done.stdout

    def refused(self, *arguments, code=1, **who):
        """Exit code, what went wrong and what to do."""
        done = self.run(*arguments, **who)
        assert done.returncode == code, (arguments, done.returncode, done.stdout, done.stderr)
        return done.stderr

    def open(self, request_id="C-1"):
        body = self.city.data / "offices" / "application.xml"
        body.write_text(self.city.sheet["messages"][0]["body"], encoding="utf-8")
        return self.json("open", body, "--request-id", request_id, *OPENING, officer="YC-2104")

    def wait(self, number, fits, seconds=60):
        deadline = time.monotonic() + seconds
        while True:
            case = self.json("show", number)
            if fits(case):
                return case
            assert time.monotonic() < deadline, (case["state"], case["status"], case["steps"], case["incidents"])
            time.sleep(0.1)


def a_clerk_opens_a_case_and_sees_the_whole_of_it():
    with CasesCity(bin_folder(), "G1", seed=3) as city:
        desk = Desk(city)
        opened = desk.open()
        number = opened["number"]
        assert re.fullmatch(r"\d{8}-[0-9A-Z]+-[0-9A-Z]", number), opened
        assert opened["outcome"] == "delivered" and opened["findings"] == [], opened
        assert desk.open()["number"] == number, "the same request is the same case"
        case = desk.wait(number, lambda one: one["state"] == "A_LOAN_ACCEPTED" and one["status"] == "waiting")
        the_list_finds_it(desk, number)
        the_document_is_whole(desk, case)
        orders_move_it_once(desk, number)
        mistakes_are_told_with_what_to_do(desk, number)
        assert desk.json("show", number)["priority"] == "normal"
        desk.json("prioritise", number, "urgent", "--reason", "抢险救灾", officer="YC-1")
        assert desk.json("show", number)["priority"] == "urgent"
        assert desk.run("prioritise", number, "soon", "--reason", "x", officer="YC-1").returncode == 2
        a_deadline_is_extended_once_and_by_two(desk, number)
        what_is_entered_by_hand_obeys_its_type(desk, number)
        it_is_cancelled(desk, number)
        assert number in desk.text("list", member="auditor"), "an auditor reads"


def the_list_finds_it(desk, number):
    def numbers(*filters, **who):
        return [one["number"] for one in desk.json("list", *filters, **who)["cases"]]
    assert numbers() == [number]
    assert numbers(member=XIAN) == [number], "who owed a step sees it"
    assert numbers(member="640100.tax") == []
    for fits, other in ((("--light", "green"), ("--light", "red")), (("--state", "A_LOAN_ACCEPTED"), ("--state", "A_CLOSED")),
                        (("--status", "waiting"), ("--status", "done")), (("--hall", CENTRE), ("--hall", XIAN)),
                        (("--owner", CENTRE), ("--owner", XIAN)),
                        (("--item", "housing-fund/remote-loan"), ("--item", "real-estate/joint-sale")),
                        (("--attribute", "application", "--value", desk.city.sheet["application"]),
                         ("--attribute", "application", "--value", "YD0"))):
        assert numbers(*fits) == [number], fits
        assert numbers(*other) == [], other
    assert desk.text("tasks") == "no tasks\n"


def the_document_is_whole(desk, case):
    brought = {one["id"]: one["how"] for one in case["materials"]}
    assert brought == {"application_form": "brought", "identity": "brought", "consent": "brought", "eligibility_check": "fetched",
                       "certificate": "fetched", "old_contract": "not_needed"}, brought
    assert case["spared"] == {"papers": 2, "copies": 2, "trips": 2, "counters": 1}, case["spared"]
    own = [one for one in case["deadlines"] if one["step_no"] == 0]
    assert [(one["within"], one["unit"], one["calendar"]) for one in own] == [(20, "working_days", "cn-640100")], own
    assert set(own[0]["editions"]) >= {"cn/" + own[0]["from"][:4], "cn-64/" + own[0]["from"][:4]}, own
    assert len(case["exchanges"]) >= 4 and case["exchanges"][0], case["exchanges"]
    for exchange in case["exchanges"]:
        assert desk.city.tongban("trace", exchange, "--data", desk.city.data).returncode == 0
    text = desk.text("show", case["number"])
    for words in ("A_LOAN_ACCEPTED 贷款已受理 loan accepted", "绿灯 green", "缴存使用证明 certificate of contribution and loan use: 枢纽调取 "
                  "fetched from 610100.housing-fund", "20 个工作日 working days", "calendar cn-640100", "waits for event loan.decided",
                  "2 papers (2 copies), 2 trips, 1 counter"):
        assert words in text, (words, text)


def orders_move_it_once(desk, number):
    revision = desk.json("show", number)["revision"]
    pause = ["pause", number, "--for", "awaiting-citizen", "--request-id", "P-1", "--revision", revision]
    first = desk.json(*pause, officer="YC-1")
    assert first["status"] == "paused" and first["revision"] == revision + 1, first
    stopped = [one for one in desk.json("show", number)["deadlines"] if one["step_no"] == 0][0]
    assert stopped["stopped"] and stopped["stops"][0]["reason"] == "awaiting-citizen", stopped
    assert desk.json("resume", number, officer="YC-1")["status"] == "waiting"
    assert desk.json(*pause, officer="YC-1") == first, "the same order gets the first answer"
    a_pause_says_whether_the_clock_stands(desk, number, first)
    assert "request.conflict" in desk.refused(*pause, officer="YC-2")
    moved = desk.refused("pause", number, "--for", "judicial", "--revision", revision, officer="YC-1")
    assert "case.moved" in moved and "tongban case show" in moved, moved


def a_pause_says_whether_the_clock_stands(desk, number, first):
    assert first["clock"] == "stands", first
    unknown = desk.refused("pause", number, "--for", "holiday", code=2, officer="YC-1")
    assert "--for" in unknown and "awaiting-citizen" in unknown and "expert-review" in unknown, unknown
    assert "--for" in desk.refused("pause", number, code=2, officer="YC-1")
    said = desk.text("pause", number, "--for", "hearing", officer="YC-7")
    assert "已暂停 paused" in said and "法定期限继续计时 the legal clock runs on" in said, said
    case = desk.json("show", number)
    assert [one["clock"] for one in case["pauses"]] == ["stands", "runs"] and case["pauses"][1]["to"] == "", case["pauses"]
    assert not any(one["stopped"] for one in case["deadlines"] if one["step_no"] == 0), case["deadlines"]
    said = desk.text("show", number)
    for words in ("等待群众补件 awaiting-citizen", "法定期限中止计时 the legal clock stands", "听证 hearing",
                  "经办人 officer YC-7, 理由 reason hearing"):
        assert words in said, (words, said)
    assert desk.json("resume", number, officer="YC-1")["status"] == "waiting"


def mistakes_are_told_with_what_to_do(desk, number):
    for arguments, words in (((("show", "20260101-1-1"), {}), ("case.unknown", "tongban case list")),
                             ((("show", number), {"member": "640100.tax"}), ("case.unknown",)),
                             ((("decide", number, "7", "approve"), {"officer": "YC-1"}), ("case.order", "task.none", "没有这项待办")),
                             ((("signal", number, "loan.sold"), {"officer": "YC-1"}), ("event.unknown",)),
                             ((("resume", number), {"officer": "YC-1"}), ("case.not_paused", "办件并未暂停")),
                             ((("cancel", number, "--reason", "x"), {"officer": "XA-1", "member": XIAN}), ("order.member",)),
                             ((("cancel", number, "--reason", "x"), {"officer": "A-1", "member": "auditor"}), ("call.role", "--member"))):
        said = desk.refused(*arguments[0], **arguments[1])
        assert all(word in said for word in words), (arguments, said)
        assert "do: " in said, said
    assert "--member" in desk.refused("list", code=2, member="nobody"), "whose keys there are not"
    assert desk.run("cancel", number, officer="YC-1").returncode == 2, "a cancel needs its reason"


def a_deadline_is_extended_once_and_by_two(desk, number):
    def due():
        return next(one for one in desk.json("show", number)["deadlines"] if one["step_no"] == 0)
    before = due()
    extend = ["extend", number, "--by", 10, "--ground", "行政许可法 第四十二条"]
    assert desk.run(*extend, officer="YC-1").returncode == 2, "a second officer is named"
    assert "command.two_officers" in desk.refused(*extend, "--approver", "YC-1", officer="YC-1")
    desk.json(*extend, "--approver", "YC-9", officer="YC-1")
    after = due()
    assert after["due"] > before["due"] and after["extension"]["ground"] == "行政许可法 第四十二条", (before, after)
    said = desk.text("show", number)
    for words in ("20 + 10 个工作日 working days", "延长 extended: by 10 on ", ", 行政许可法 第四十二条",
                  "command extend by 640100.housing-fund, 经办人 officer YC-1, by 10, 依据 ground 行政许可法 第四十二条"):
        assert words in said, (words, said)
    assert "limit.extend" in desk.refused(*extend, "--approver", "YC-9", officer="YC-1"), "once"
    assert "limit.none" in desk.refused("extend", number, 99, *extend[2:], "--approver", "YC-9", officer="YC-1")


def what_is_entered_by_hand_obeys_its_type(desk, number):
    record = desk.city.data / "offices" / "decision.json"
    record.write_text(json.dumps({"outcome": "PERHAPS"}), encoding="utf-8")
    said = desk.refused("signal", number, "loan.decided", "--record", record, officer="YC-1")
    assert "case.order" in said and "order.form" in said and "不符" in said, said
    record.write_text(json.dumps({"amounts": ["1.5"]}), encoding="utf-8")
    said = desk.refused("signal", number, "loan.decided", "--record", record, officer="YC-1")
    assert "定义以外的字段" in said, said
    assert desk.json("show", number)["state"] == "A_LOAN_ACCEPTED", "nothing was taken"


def it_is_cancelled(desk, number):
    assert desk.json("cancel", number, "--reason", "申请人撤回", officer="YC-1")["status"] == "cancelled"
    assert desk.json("show", number)["ending"] == "withdrawn"
    assert "command cancel by 640100.housing-fund, 经办人 officer YC-1, 理由 reason 申请人撤回" in desk.text("show", number)
    assert [one["number"] for one in desk.json("list", "--status", "cancelled")["cases"]] == [number]


def an_incident_is_seen_by_whom_it_concerns_and_mended():
    with CasesCity(bin_folder(), "G1", seed=4) as city:
        desk = Desk(city)
        city.kill("office " + XIAN)
        number = desk.open()["number"]
        desk.wait(number, lambda one: one["steps"][-1]["step"] == "eligibility")
        city.set_clock(city.clock_day() + datetime.timedelta(days=5))  # it has one working day
        desk.wait(number, lambda one: one["light"] == "red" and one["incidents"])
        history = desk.json("show", number)["history"]
        days = (history[-1]["at_ms"] - history[-1]["logged_ms"]) / 86_400_000
        assert 4 < days < 7, "by the cases' clock, which was moved"
        assert [one["at_ms"] for one in history] == sorted(one["at_ms"] for one in history), history
        incident = desk.json("incidents", "list", member=XIAN)[0]
        assert (incident["number"], incident["step"], incident["code"]) == (number, "eligibility", "deadline.breach"), incident
        said = desk.text("incidents", "list", number)
        assert "已超过办理期限 the deadline has passed" in said and "can be done: skip" in said, said
        assert [one["number"] for one in desk.json("list", "--light", "red")["cases"]] == [number]
        assert desk.text("incidents", "list", member="640100.tax") == "no open incidents\n"
        act = ["incidents", "skip", number, incident["incident"], "--reason", "已电话催办"]
        assert "case.unknown" in desk.refused(*act, officer="SW-1", member="640100.tax")
        desk.json(*act, officer="XA-1", member=XIAN)
        assert desk.text("incidents", "list", number) == "no open incidents\n"
        assert "incident.none" in desk.refused(*act, "--approver", "XA-2", officer="XA-1", member=XIAN)


def a_task_is_claimed_and_passed_on():
    with CasesCity(bin_folder(), "G2", seed=5) as city:
        desk = Desk(city)
        number = desk.open()["number"]
        case = desk.wait(number, lambda one: one["steps"][-1]["step"] == "weigh")
        task = desk.json("tasks")[0]["task"]
        assert str(case["steps"][-1]["no"]) == task
        desk.json("claim", number, task, officer="YC-1")
        assert "task.claimed" in desk.refused("claim", number, task, officer="YC-2")
        assert "task.claimed" in desk.refused("decide", number, task, "accept", officer="YC-2")
        assert "order.member" in desk.refused("claim", number, task, officer="XA-1", member=XIAN)
        desk.json("claim", number, task, "--release", officer="YC-1")
        desk.json("claim", number, task, officer="YC-2")
        form = city.data / "offices" / "form.json"
        form.write_text(json.dumps({"note": "x"}), encoding="utf-8")
        assert "order.form" in desk.refused("decide", number, task, "accept", "--form", form, officer="YC-2"), "it has no form"
        passed = ["assign", number, task, "--to", XIAN, "--reason", "由缴存地核实"]
        assert "order.member" in desk.refused(*passed, officer="XA-1", member=XIAN)
        for nobody in ("640100.nobody", "housing-fund", "999999.tax"):
            said = desk.refused("assign", number, task, "--to", nobody, "--reason", "x", officer="YC-1")
            assert "transfer.member" in said and "没有这个成员单位" in said, said
        desk.json(*passed, officer="YC-1")
        assert desk.text("tasks") == "no tasks\n"
        assert [one["task"] for one in desk.json("tasks", member=XIAN)] == [task]
        back = ["assign", number, task, "--to", CENTRE, "--reason", "退回"]
        assert "transfer.back" in desk.refused(*back, officer="YC-1"), "to and fro is the supervisor's"
        desk.json("decide", number, task, "accept", officer="XA-1", member=XIAN)
        desk.wait(number, lambda one: one["state"] == "A_LOAN_ACCEPTED")
        assert "decision accept by 610100.housing-fund, 经办人 officer XA-1" in desk.text("show", number)


def a_hub_that_is_away_is_said_to_be():
    with tempfile.TemporaryDirectory() as folder:
        keys = pathlib.Path(folder)
        for make in (["init"], ["issue", CENTRE]):
            subprocess.run([bin_folder() / "tongban", "pki", *make, "--data", keys], capture_output=True, check=True)
        done = subprocess.run([bin_folder() / "tongban", "case", "list", "--member", CENTRE, "--data", keys],
                              capture_output=True, text=True, check=False)
        assert done.returncode == 3 and "枢纽未运行" in done.stderr and "do: " in done.stderr, done.stderr


if __name__ == "__main__":
    run_tests([a_clerk_opens_a_case_and_sees_the_whole_of_it, an_incident_is_seen_by_whom_it_concerns_and_mended,
               a_task_is_claimed_and_passed_on, a_hub_that_is_away_is_said_to_be])
