#!/usr/bin/python3
"""`tongban demo --case`: a golden case to its end in legal time, with the outcome that its story expects, and no other."""
import json
import pathlib
import shutil
import subprocess
import tempfile

from harness import bin_folder, leaks, run_tests


class CaseDemo:
    def __init__(self, flow, seed, story, form="json"):
        self.flow, self.seed, self.story, self.form = flow, seed, story, form
        self.data = pathlib.Path(tempfile.mkdtemp(prefix="tongban-case-demo-"))

    def __enter__(self):
        done = subprocess.run([bin_folder() / "tongban", "demo", "--case", self.flow, "--seed", str(self.seed), "--data", self.data,
                               "--format", self.form], capture_output=True, text=True, timeout=240, check=False)
        self.code, self.text = done.returncode, done.stdout
        assert done.returncode == 0, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        if self.form == "json":
            lines = done.stdout.strip().splitlines()
            assert len(lines) == 1, f"one JSON object expected:\n{done.stdout}"
            self.result = json.loads(lines[0])
            self.today = json.loads((self.data / "demo.json").read_text())["today"]
            self.sheet = json.loads(self.sandbox("story", self.story))
        return self

    def __exit__(self, kind, value, trace):
        if kind is None:
            shutil.rmtree(self.data, ignore_errors=True)
        else:
            print(f"kept for inspection: {self.data}")

    def sandbox(self, *arguments):
        return subprocess.run([bin_folder() / "tongban-sandbox", *arguments, "--seed", str(self.seed), "--today", self.today],
                              capture_output=True, text=True, timeout=60, check=True).stdout


def as_its_story_expects(demo, spared, hall):
    result, expect = demo.result, demo.sheet["expect"]
    assert result["outcome"] == "completed", result
    assert result["findings"] == [], result["findings"]
    case, = result["cases"]
    assert case["status"] == "done" and case["state"] == expect["state"] and case["incidents"] == [], case
    assert [one["state"] for one in case["states"]] == expect["states"], case["states"]
    days = [one["day"] for one in case["states"]]
    assert days == sorted(days) and days[0] == demo.today, days
    assert {one["light"] for one in case["states"]} <= {"green", "yellow", "orange"}, "nothing came too late"
    assert all(one["zh"] and one["en"] for one in case["states"]), case["states"]
    assert case["spared"] == spared, case["spared"]
    assert case["brought"] == {"papers": 3, "copies": 0, "trips": 1, "counters": 1}, case["brought"]
    assert {one["member"] for one in case["materials"] if one["how"] == "brought"} == {hall}, case["materials"]
    assert len(result["exchanges"]) == len(set(result["exchanges"])) > len(demo.sheet["messages"]), result["exchanges"]
    assert {one["exchange"] for one in result["receipts"]} == set(result["exchanges"])
    assert all(one["verified"] for one in result["receipts"]), result["receipts"]
    done = subprocess.run([bin_folder() / "tongban", "audit", "verify", "--data", demo.data, "--journals"], capture_output=True,
                          text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    people = [line for line in demo.sandbox("population", "--story", demo.story).splitlines() if line.strip()]
    assert leaks(demo.data, people) == []


def the_certificate_goes_from_the_application_to_the_lifted_mark():
    with CaseDemo("certificate", seed=1, story="G1") as demo:
        as_its_story_expects(demo, {"papers": 2, "copies": 2, "trips": 2, "counters": 1}, "640100.housing-fund")


def the_joint_filing_goes_from_the_window_to_the_mortgage():
    with CaseDemo("joint-filing", seed=1, story="G10") as demo:
        as_its_story_expects(demo, {"papers": 5, "copies": 9, "trips": 5, "counters": 4}, "640100.approvals")


def a_person_reads_every_state_and_what_was_spared():
    with CaseDemo("certificate", seed=2, story="G1", form="text") as demo:
        for words in ("A_ELIGIBLE 具备开具条件", "A_CLOSED 贷款结清，标记已解除", "绿灯 green", "缴存使用证明 certificate of contribution",
                      "on foot:  5 papers (2 copies), 3 trips, 2 counters", "here:     3 papers (0 copies), 1 trip, 1 counter\n", "all verified", ": completed"):
            assert words in demo.text, (words, demo.text)


if __name__ == "__main__":
    run_tests([the_certificate_goes_from_the_application_to_the_lifted_mark,
               the_joint_filing_goes_from_the_window_to_the_mortgage, a_person_reads_every_state_and_what_was_spared])
