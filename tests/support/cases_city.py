"""A whole city with cases: nine offices, their connectors, a hub, and a clock that the test owns.

A story (`tongban-sandbox story NAME`) says which native messages the offices' own systems send on which day, and what must come
of it. `CasesCity.play` sends them day by day, waiting at each for the case to want it; with a `Killer`, processes die on the way.

    with CasesCity(bin_folder(), "G1") as city:
        case = city.play()
        city.check(case)
"""
import collections
import contextlib
import datetime
import hashlib
import json
import os
import pathlib
import random
import sqlite3
import subprocess
import threading
import time
import urllib.error
import uuid

from asker import leaves
from city import FINAL, City
from wire_client import Client, Signer, load_wire

SHANGHAI = datetime.timezone(datetime.timedelta(hours=8))
VERIFY_RECEIPT = pathlib.Path(__file__).resolve().parents[1] / "tools" / "verify_receipt.py"
WIRE = []  # made once
LIVES = collections.defaultdict(threading.Lock)  # (city, process): one kill of it at a time


def wire():
    if not WIRE:
        WIRE.append(load_wire())
    return WIRE[0]


def workdays_after(day, count):
    """As the stories count: weekends left out, holidays are the hub's business."""
    while count > 0:
        day += datetime.timedelta(days=1)
        count -= day.weekday() < 5
    return day


class CasesCity(City):
    """City of one story. `member` is whose system sends the story's messages and whose case it is."""

    def __init__(self, bin_folder, story, seed=1, member="640100.housing-fund", options=()):
        super().__init__(bin_folder, seed=seed, options=["--whole", "--story", story, *options])
        self.story, self.member = story, member
        self.seen_states, self.seen_lights, self.replies = [], set(), {}
        self.decided, self.weighed = set(), []  # steps that an officer decided, and the case as they saw it

    def __enter__(self):
        super().__enter__()
        self.today = datetime.date.fromisoformat(self.description["today"])
        self.sheet = self.sandbox_json("story", self.story)
        return self

    def sandbox_json(self, *arguments):
        done = subprocess.run([str(self.bin / "tongban-sandbox"), *arguments, "--seed", str(self.seed), "--today",
                               self.description["today"]], capture_output=True, check=True, timeout=60)
        return json.loads(done.stdout)

    # --- the clock of cases and offices ----------------------------------------------------------------------------

    def set_clock(self, day, hour=9, minute=30):
        """The clock stands at that hour of that day, and goes on from there. It never goes back."""
        wanted = datetime.datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)
        file = self.data / "clock.ms"
        ahead = max(int(file.read_text()), int((wanted.timestamp() - time.time()) * 1000))
        fresh = self.data / "clock.ms.new"
        fresh.write_text(f"{ahead}\n")
        os.replace(fresh, file)

    def clock_day(self):
        ahead = int((self.data / "clock.ms").read_text()) / 1000
        return datetime.datetime.fromtimestamp(time.time() + ahead, SHANGHAI).date()

    def pass_days_until(self, day):
        """Each day comes, as far as it is not years away; what falls due on it happens."""
        while (day - self.clock_day()).days > 1:
            far = (day - self.clock_day()).days > 60
            self.set_clock(day - datetime.timedelta(days=1) if far else self.clock_day() + datetime.timedelta(days=1))
            time.sleep(0.15)
            self.look()
        self.set_clock(day)

    # --- the case as the hub tells it ------------------------------------------------------------------------------

    def desk(self, member=None):
        return Client(wire(), "CaseGateway", self.description["rpc_port"], self.data / "pki", member or self.member)

    def ask(self, call, seconds=60, member=None):
        """`call(service)` over the CaseGateway; again while the hub is away."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                with self.desk(member) as service:
                    return call(service)
            except wire()[0].Refusal as refusal:
                if refusal.code not in ("busy", "unavailable", "stopping") or time.monotonic() > deadline:
                    raise
            except Exception:  # noqa: BLE001 - whatever a connection that dies raises
                if time.monotonic() > deadline:
                    raise
            time.sleep(0.1)

    def order(self, member, number, action, subject, choice, reason="", officer="officer-0007"):
        """A member's officer orders something about a case, signed."""
        types = wire()[0]
        signer = Signer(self.data / "pki" / member / "signing.key")
        order = types.CaseOrder(revision=1, hub="hub.yc", request_id=f"py-{uuid.uuid4().hex[:20]}", action=action,
                                case_number=number, subject=subject, choice=choice, detail=b"", reason=reason,
                                officer=officer, case_revision=0, signed_at_ms=int(time.time() * 1000))
        empty, words = (hashlib.sha256(text.encode("utf-8")).hexdigest() for text in ("", reason))
        order.signature = signer.sign(types, {
            "action": types.CaseAction._VALUES_TO_NAMES[action], "case": number, "case_revision": 0, "choice": choice,
            "detail_sha256": empty, "hub": "hub.yc", "officer": order.officer, "reason_sha256": words,
            "request_id": order.request_id, "signed_at_ms": order.signed_at_ms, "subject": subject,
            "v": "tongban/case-order/v1"})

        return self.ask(lambda service: service.order(order), member=member)

    def case_number(self):
        """Of the story's case, by the office's own application number; None before it is opened."""
        query = wire()[0].CaseQuery(revision=1, item="", state="", status="", light="", attribute="application",
                                    value=self.sheet["application"], after="", limit=10)
        found = self.ask(lambda service: service.list_cases(query)).cases
        assert len(found) <= 1, f"{len(found)} cases of one application"
        return found[0].case_number if found else None

    def look(self):
        """The case now; what it was seen in is remembered."""
        number = self.case_number()
        if number is None:
            return {}
        case = json.loads(self.ask(lambda service: service.show_case(number)))
        if not self.seen_states or self.seen_states[-1] != case["state"]:
            self.seen_states.append(case["state"])
        self.seen_lights.add(case["light"])
        return case

    def wait_case(self, fits, what, seconds=120):
        deadline = time.monotonic() + seconds
        case = {}
        while time.monotonic() < deadline:
            case = self.look()
            if case and fits(case):
                return case
            time.sleep(0.1)
        steps = [(step["step"], step["status"], step["outcome"]) for step in case.get("steps", [])]
        raise AssertionError(f"the case is not {what}: {case.get('state')} {case.get('status')}, steps {steps}, incidents "
                             f"{case.get('incidents')}, findings {[one['code'] for one in case.get('findings', [])]}")

    # --- playing the story -----------------------------------------------------------------------------------------

    def send(self, message, seconds=120):
        """The office's system hands its message to its connector until that has it, and waits for the outcome."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                status, answer = self.post_request(message["body"].encode("utf-8"), member=message["member"], timeout=20)
            except (OSError, urllib.error.URLError):
                time.sleep(0.2)  # the connector is down: the office tries again, with the same message
                continue
            if status in (429, 502, 503, 504):
                time.sleep(0.2)
                continue
            assert status < 400, (message["kind"], status, answer)
            break
        state = self.wait_message(message, deadline)
        assert state.get("state") == "delivered", (message["kind"], state)
        self.replies[message["serial"]] = state
        return state

    def wait_message(self, message, deadline):
        state = {}
        while time.monotonic() < deadline:
            try:
                state = self.request_state(message["serial"], member=message["member"])
            except OSError:
                state = {}
            if state.get("state") in FINAL:
                break
            time.sleep(0.05)
        return state

    def ready_for(self, message):
        """The case wants this message: an office is waited for, and no officer."""
        if message["n"] > 1:
            self.wait_case(lambda case: not self.decides(case) and case["status"] in ("waiting", "incident"),
                           f"waiting for {message['kind']}")

    def decides(self, case):
        """An officer has to decide; what this story says that they do is done, once."""
        tasks = [step for step in case["steps"] if step["kind"] == "task" and not step["ended_ms"]]
        for decision in self.sheet["decisions"]:
            for task in tasks:
                if task["step"] == decision["step"] and task["no"] not in self.decided:
                    self.weighed.append(case)
                    self.order(self.member, case["number"], wire()[0].CaseAction.decide, str(task["no"]), decision["action"])
                    self.decided.add(task["no"])
        return bool(tasks)

    def play(self, killer=None, before=None):
        """Every message on its day. `before(message)` is called when the case is ready for it; `killer` kills on the way."""
        for message in self.sheet["messages"]:
            self.ready_for(message)
            self.pass_days_until(datetime.date.fromisoformat(message["on"]))
            if before:
                before(message)
            if killer:
                killer.strike(self, message["n"])
            self.send(message)
        case = self.wait_case(lambda case: case["status"] in ("done", "cancelled"), "done")
        if killer:
            killer.join(self)
        return case

    # --- what must be so afterwards --------------------------------------------------------------------------------

    def case_leaves(self):
        return [leaf for leaf in leaves(self.data) if leaf.get("kind") == "case"]

    @staticmethod
    def states(case):
        """The item's states that the case went through, step by step: one transition may pass several."""
        passed = []
        for step in case["steps"]:
            if step.get("state") and (not passed or passed[-1] != step["state"]):
                passed.append(step["state"])
        return passed

    def problems(self, case):
        """What is not as the story's sheet expects it; nothing, in a good run."""
        expect, found = self.sheet["expect"], []
        if case["state"] != expect["state"]:
            found.append(f"ended as {case['state']}, expected {expect['state']}")
        if self.states(case) != expect["states"]:
            found.append(f"states {self.states(case)}, expected {expect['states']}")
        after = [leaf["state_after"] for leaf in self.case_leaves()]
        if after[-1] != case["state"] or not set(after) <= set(expect["states"]):
            found.append(f"the leaves say {after}")
        codes = sorted({(one["code"], one["severity"]) for one in case["findings"]})
        wanted = sorted({(one["code"], one["severity"]) for one in expect["findings"]})
        if codes != wanted:
            found.append(f"findings {codes}, expected {wanted}")
        if any(light["light"] == "red" for light in expect["lights"]) != ("red" in self.seen_lights):
            found.append(f"lights {sorted(self.seen_lights)}, expected {expect['lights']}")
        opened = [one["code"] for one in case["incidents"] if one["open"]]
        if opened:
            found.append(f"incidents are open: {opened}")
        return found + self.proof_problems()

    def proof_problems(self):
        """The log as a whole, each leaf of the case, each receipt that was given, and no personal value outside offices/."""
        found = []
        verified = self.tongban("audit", "verify", "--data", self.data, "--journals", "--format", "json", check=False, timeout=300)
        if verified.returncode != 0:
            found.append(f"audit verify: {verified.stdout.decode()} {verified.stderr.decode()}")
        revs = [leaf["rev"] for leaf in self.case_leaves()]
        if revs != list(range(1, len(revs) + 1)):
            found.append(f"the case's leaves are {revs}")
        folder = self.data / "receipts"
        folder.mkdir(exist_ok=True)
        self.tongban("audit", "export", folder / "export", "--data", self.data)
        for reply in self.replies.values():
            found += self.receipt_problems(folder, reply["exchange"])
        return found

    def receipt_problems(self, folder, exchange):
        receipt, leaf = folder / f"{exchange}.tlog-proof", folder / f"{exchange}.leaf"
        self.tongban("receipt", "get", exchange, "--data", self.data, "--out", receipt, "--leaf-out", leaf)
        done = subprocess.run(["/usr/bin/python3", str(VERIFY_RECEIPT), str(receipt), str(leaf),
                               str(folder / "export" / "log.vkey")], capture_output=True, text=True, check=False)
        return [] if done.returncode == 0 else [f"receipt of {exchange}: {done.stdout} {done.stderr}"]

    def personal(self):
        done = subprocess.run([str(self.bin / "tongban-sandbox"), "population", "--seed", str(self.seed), "--story", self.story,
                               "--today", self.description["today"]], capture_output=True, text=True, check=True, timeout=30)
        return [line for line in done.stdout.splitlines() if line]


FUNDS = ("610100.housing-fund", "640100.housing-fund")
SALE = ("640100.approvals", "640100.civil-affairs", "640100.construction", "640100.real-estate")
# Whose processes a story passes through, beside the hub.
PARTIES = {"G1": FUNDS, "G2": (*FUNDS, "640100.construction"), "G3": FUNDS, "G11": SALE, "G12-cut": (*SALE, "640100.tax"),
           **dict.fromkeys(["G10", "G12", "G13", "G14", "G15"], (*SALE, "640100.tax", "640100.bank"))}


class Killer:
    """kill -9 of one of the processes that a story passes through, once in it (or `times`); it is started again at once. Every
    third victim is the hub, whom every message passes.

    `messages` of the story, when the city plays several; none before message `first`; so long after the message at most (`soon`), and
    after the last one (`last`)."""

    def __init__(self, seed, times=1, names=None, story=None, messages=None, first=1, soon=1.0, last=1.0):
        self.chance = random.Random(seed)
        self.times, self.names, self.story, self.messages = times, names, story, messages
        self.first, self.soon, self.last = first, soon, last
        self.killed, self.victims, self.threads = [], [], []

    def strike(self, city, n):
        """Called as message `n` of the story is about to be sent: kills now, soon, or later."""
        messages = self.messages or len(city.sheet["messages"])
        if n < self.first or len(self.threads) >= self.times:
            return
        if self.chance.random() > (self.times - len(self.threads)) / (messages - n + 1):
            return
        name = self.victim(city)
        pause = self.chance.uniform(0.0, self.soon if n < messages else self.last)
        away = self.chance.uniform(0.0, 0.5)
        self.victims.append(name)
        self.killed.append(f"{name} at message {n} after {pause:.2f} s, away {away:.2f} s")
        thread = threading.Thread(target=self.kill, args=(city, name, pause, away), daemon=True)
        self.threads.append(thread)
        thread.start()

    def victim(self, city):
        if self.names:
            return self.chance.choice(self.names)
        if self.chance.random() < 1 / 3:
            return "hub"
        return self.chance.choice(["connector ", "office "]) + self.chance.choice(PARTIES[self.story or city.story])

    @staticmethod
    def kill(city, name, pause, away):
        time.sleep(pause)
        with LIVES[id(city), name]:
            city.kill(name)
            time.sleep(away)
            city.start(name, wait=False)

    def join(self, city):
        for thread in self.threads:
            thread.join(timeout=30)
        for name in city.children:
            city.wait_ready(name, seconds=60)

    def problems(self, city):
        """Whoever was killed had a part in the story: its connector's journal tells of it. And somebody was killed."""
        found = [] if len(self.victims) == self.times else [f"{len(self.victims)} were killed, not {self.times}"]
        for name in self.victims:
            if name == "hub":
                continue
            path = city.data / "connectors" / name.split()[-1] / "connector.db"
            with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)) as journal:
                entries, = journal.execute("SELECT count(*) FROM journal").fetchone()
            if not entries:
                found.append(f"{name} was killed and takes no part")
        return found
