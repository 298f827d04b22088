"""A city in which several homes are sold at once, each a story of its own (`tongban-sandbox story G10 ...`), and what the offices'
own tables must say of each in the end.

    with SalesCity(bin_folder(), ["G10", "G14"]) as city:
        city.play_all()
        for sale in city.sales:
            assert not sale.problems()
"""
import contextlib
import datetime
import json
import logging
import pathlib
import re
import sqlite3
import threading
import time
import urllib.error
import urllib.request

from asker import leaves
from cases_city import CasesCity, wire
from city import City

WINDOW, REGISTRY, TAX, CONSTRUCTION = "640100.approvals", "640100.real-estate", "640100.tax", "640100.construction"
ITEM = pathlib.Path(__file__).resolve().parents[2] / "configs" / "items" / "real-estate.joint-sale.v1.yaml"
DECISIONS = {0: "open", 1: "confirm", 2: "cancel"}


def states_of_steps():
    """step -> the state that the case has when it is done, as the item's file says."""
    states, step = {}, None
    for line in ITEM.read_text(encoding="utf-8").split("\nsteps:\n")[1].splitlines():
        if head := re.match(r"  (\w+):", line):
            step = head.group(1)
        if state := re.search(r"\bstate: (D_\w+)", line):
            states[step] = state.group(1)
    return states


STATES = states_of_steps()
logging.getLogger("thrift").setLevel(logging.CRITICAL)  # a hub that is killed is not worth a line each time


class SalesCity(CasesCity):
    def __init__(self, bin_folder, stories, seed=1, options=()):
        super().__init__(bin_folder, ",".join(stories), seed=seed, member=WINDOW, options=options)
        self.stories = stories
        self.sales = []

    def __enter__(self):
        City.__enter__(self)
        self.today = datetime.date.fromisoformat(self.description["today"])
        self.sales = [self.make_sale(index, story) for index, story in enumerate(self.stories)]
        self.sheet = self.sales[0].sheet
        return self

    def make_sale(self, index, story):
        return Sale(self, index, story)

    def misbehave(self, member, mode, **terms):
        """As misconduct.h of the sandbox says: only=[kinds], times=1, delay_ms=..."""
        path = self.data / "offices" / member / "misbehave.json"
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps({"mode": mode, **terms}))
        fresh.replace(path)

    def behave(self, member):
        (self.data / "offices" / member / "misbehave.json").unlink(missing_ok=True)

    def rows(self, member, query, *values):
        path = self.data / "offices" / member / "office.db"
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)) as book:
            return book.execute(query, values).fetchall()

    def play_all(self, sales=None, until=None, killers=None):
        """All at once, as at a window with several clerks. Raises what the first of them raised."""
        wrong = []

        def play(sale):
            try:
                sale.play(until, killers and killers[sale])
            except Exception as error:  # noqa: BLE001 - told below
                wrong.append((sale, error))
        threads = [threading.Thread(target=play, args=(sale,), daemon=True) for sale in sales or self.sales]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if wrong:
            raise AssertionError("; ".join(f"{sale}: {error}" for sale, error in wrong)) from wrong[0][1]

    def post_message(self, message, seconds=180):
        """The office's own system hands it to its connector until that has it, and waits for the outcome."""
        deadline = time.monotonic() + seconds
        while True:
            assert time.monotonic() < deadline, f"{message['kind']} was not taken"
            try:
                status, answer = self.post_once(message)
            except OSError:  # the connector is down: the office tries again, with the same message
                status = 503
            if status not in (429, 502, 503, 504):
                assert status < 400, (message["kind"], status, answer)
                break
            time.sleep(0.2)
        state = self.wait_message(message, deadline)
        assert state.get("state") == "delivered", (message["kind"], state)
        self.replies[message["serial"]] = state

    def post_once(self, message):
        port = self.process("connector " + message["member"])["port"]
        body = message["body"] if isinstance(message["body"], bytes) else message["body"].encode("utf-8")
        request = urllib.request.Request(f"http://127.0.0.1:{port}{message['at']}", data=body, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as refusal:
            return refusal.code, json.loads(refusal.read() or b"{}")

    def log_problems(self):
        """The log as a whole, both sides' journals, and the receipt of each message that was sent."""
        verified = self.tongban("audit", "verify", "--data", self.data, "--journals", "--format", "json", check=False, timeout=300)
        found = [] if verified.returncode == 0 else [f"audit verify: {verified.stdout.decode()} {verified.stderr.decode()}"]
        folder = self.data / "receipts"
        folder.mkdir(exist_ok=True)
        self.tongban("audit", "export", folder / "export", "--data", self.data)
        for reply in self.replies.values():
            found += self.receipt_problems(folder, reply["exchange"])
        return found + self.flipped()

    def flipped(self):
        """Each joint filing was decided once, in one leaf; the hub's table says the same."""
        decided, found = {}, []
        for leaf in leaves(self.data):
            for joint in leaf.get("joints", []):
                if joint["decision"] not in ("", "open"):
                    decided.setdefault((leaf["case"], joint["group"]), []).append(joint["decision"])
        found += [f"joint filing {key} was decided {all_of_them}" for key, all_of_them in decided.items() if len(all_of_them) != 1]
        return found

    def joint_decisions(self):
        """(case id, group) -> the decision as the hub's table has it now."""
        with contextlib.closing(sqlite3.connect(f"file:{self.data}/hub/hub.db?mode=ro", uri=True, timeout=30)) as hub:
            return {(case, group): DECISIONS[decision]
                    for case, group, decision in hub.execute("SELECT case_id, grp, decision FROM joint")}


class Sale:
    """One of the city's sales: its messages, its case, and the rows about it in the offices' tables."""

    desk = WINDOW  # whose case it is

    def __init__(self, city, index, story):
        self.city, self.index, self.story = city, index, story
        self.sheet = self.tell()
        self.next, self.number, self.case = 0, None, {}
        self.decided = set()  # steps that an officer has decided

    def __str__(self):
        return f"{self.story} (sale {self.index})"

    def tell(self):
        return self.city.sandbox_json("story", self.story, "--index", str(self.index))

    # --- its case --------------------------------------------------------------------------------------------------

    def ask(self, call):
        return self.city.ask(call, member=self.desk)

    def look(self):
        if self.number is None:
            query = wire()[0].CaseQuery(revision=1, item="", state="", status="", light="", attribute="application",
                                        value=self.sheet["application"], after="", limit=10)
            found = self.ask(lambda service: service.list_cases(query)).cases
            assert len(found) <= 1, f"cases of one application: {[one.case_number for one in found]}"
            if not found:
                return {}
            self.number = found[0].case_number
        self.case = json.loads(self.ask(lambda service: service.show_case(self.number)))
        return self.case

    def open_steps(self):
        return [step for step in self.case.get("steps", []) if not step["ended_ms"]]

    def wait(self, fits, what, seconds=180):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.look() and fits():
                return self.case
            time.sleep(0.15)
        steps = [(step["step"], step["status"], step["outcome"], step.get("branches")) for step in self.case.get("steps", [])][-6:]
        raise AssertionError(f"not {what}: {self.case.get('state')} {self.case.get('status')}, steps {steps}, incidents "
                             f"{self.case.get('incidents')}, findings {[one['code'] for one in self.case.get('findings', [])]}")

    def stands_at(self, step):
        return any(run["step"] == step for run in self.open_steps())

    def over(self):
        at = self.sheet["expect"]["at"]
        return self.stands_at(at) if at else self.case["status"] in ("done", "cancelled")

    def decide(self):
        """What an officer decides in this story, when it is at that."""
        for decision in self.sheet["decisions"]:
            run = next((run for run in self.open_steps() if run["step"] == decision["step"]), None)
            if run and run["no"] not in self.decided:
                self.city.order(WINDOW, self.number, wire()[0].CaseAction.decide, str(run["no"]), decision["action"])
                self.decided.add(run["no"])

    # --- playing ---------------------------------------------------------------------------------------------------

    def ready_for(self, message):
        def ready():
            self.decide()
            waiting = any(run["kind"] == "wait" for run in self.open_steps())
            return waiting and self.case["state"] == message["waits"]
        if message["waits"]:
            self.wait(ready, f"waiting in {message['waits']} for {message['kind']}")

    def play(self, until=None, killer=None):
        """Sends its messages as the case wants them, up to the one that waits for the state `until`; else to the end."""
        while self.next < len(self.sheet["messages"]):
            message = self.sheet["messages"][self.next]
            self.ready_for(message)
            if until and message["waits"] == until:
                return self.case
            if killer:
                killer.strike(self.city, self.next + 1)
            self.send_next()

        def ended():
            self.decide()
            return self.over()
        return self.wait(ended, "over")

    def send_next(self):
        message = self.sheet["messages"][self.next]
        self.city.post_message(message)
        self.next += 1

    # --- what must be so afterwards --------------------------------------------------------------------------------

    def declaration(self):
        return "100164" + self.sheet["application"][3:11] + self.sheet["application"][12:]

    def books(self):
        """How often it was entered, used up, paid, refunded; the offices that have the new certificate in their own books; and
        the phase of each reservation at each office."""
        city, number = self.city, self.sheet["application"]
        phases = {(office, key[len(number):]): phase for office in (TAX, REGISTRY)
                  for key, phase in city.rows(office, "SELECT key, phase FROM reservations WHERE key LIKE ?", number + "-%")}
        count = lambda office, query, what: city.rows(office, query, what)[0][0]  # noqa: E731
        return {"entered": count(REGISTRY, "SELECT count(*) FROM entries WHERE unit = ?", self.sheet["unit"]),
                "used": count(TAX, "SELECT count(*) FROM used WHERE declaration = ?", self.declaration()),
                "paid": count(TAX, "SELECT count(*) FROM payments WHERE declaration = ?", self.declaration()),
                "refunded": count(TAX, "SELECT count(*) FROM refunds WHERE declaration = ?", self.declaration()),
                "told": [office for office in (TAX, CONSTRUCTION)
                         if count(office, "SELECT count(*) FROM ownership WHERE unit = ?", self.sheet["unit"])],
                "phases": phases}

    def disagreement(self):
        """I4: both offices and the hub say the same of the entry, and nothing is left half done."""
        books, state = self.books(), self.case["state"]
        done = state in ("D_REGISTERED", "D_CERTIFIED", "D_MORTGAGED", "D_CLOSED")
        found = []
        if books["entered"] != books["used"] or books["entered"] != (1 if done else 0):
            found.append(f"{state}, but entered {books['entered']} times and used {books['used']} times")
        if books["told"] != ([TAX, CONSTRUCTION] if state == "D_CLOSED" else []) and (state == "D_CLOSED" or not done):
            found.append(f"{state}, and the new owner stands in the books of {books['told']}")
        if books["entered"] and books["refunded"]:
            found.append("entered, and its tax refunded")
        if self.case["status"] in ("done", "cancelled") and books["paid"] and not books["entered"] and not books["refunded"]:
            found.append(f"{state}: over, its tax paid, and neither title nor refund")
        if self.case["status"] in ("done", "cancelled") and any(phase == "reserved" for phase in books["phases"].values()):
            found.append(f"over, but still held: {books['phases']}")
        for group in {key for _, key in books["phases"]}:
            both = {books["phases"].get((office, group)) for office in (TAX, REGISTRY)}
            if "confirmed" in both and both != {"confirmed"}:
                found.append(f"reservation {group}: {books['phases']}")
        decisions = {step["outcome"] for step in self.case["steps"] if step["kind"] == "joint" and step["ended_ms"]}
        if ("confirmed" in decisions) != bool(books["entered"]):
            found.append(f"the hub decided {decisions}, entered {books['entered']} times")
        return found

    def own_leaves(self):
        with contextlib.closing(sqlite3.connect(f"file:{self.city.data}/hub/hub.db?mode=ro", uri=True, timeout=30)) as hub:
            case_id, = hub.execute("SELECT case_id FROM cases WHERE number = ?", (self.number,)).fetchone()
        return [leaf for leaf in leaves(self.city.data) if leaf.get("case") == f"case-{case_id:016x}" and leaf["kind"] == "case"]

    def states(self):
        """The item's states that it came through: a leaf names the last one alone, its steps tell those on the way."""
        passed = []
        for leaf in self.own_leaves():
            for step in leaf.get("steps", []):
                state = STATES.get(step["step"]) if step["status"] == "done" else None
                if state and (not passed or passed[-1] != state):
                    passed.append(state)
        return passed

    def problems(self):
        """What is not as the story's sheet expects it."""
        self.look()
        expect, found = self.sheet["expect"], []
        if self.case["state"] != expect["state"]:
            found.append(f"ended as {self.case['state']}, expected {expect['state']}")
        if expect["end"] and self.case["ending"] != expect["end"]:
            found.append(f"ended {self.case['ending']}, expected {expect['end']}")
        if self.states() != expect["states"]:
            found.append(f"states {self.states()}, expected {expect['states']}")
        codes = sorted({(one["code"], one["severity"]) for one in self.case["findings"]})
        wanted = sorted({(one["code"], one["severity"]) for one in expect["findings"]})
        if codes != wanted:
            found.append(f"findings {codes}, expected {wanted}")
        opened = [one["code"] for one in self.case["incidents"] if one["open"]]
        if opened:
            found.append(f"incidents are open: {opened}")
        refund = 1 if "D_REFUND_OPEN" in expect["states"] else 0
        if self.books()["refunded"] != refund:
            found.append(f"{self.books()['refunded']} refunds, expected {refund}")
        return [f"{self}: {one}" for one in found + self.disagreement()]
