#!/usr/bin/env python3
"""Random kill -9 of hub, connectors and offices under a stream of exchanges; then the books must balance.

    random_kills.py --bin build/release/bin --kills 300 [--seed N]

Checked at the end:
  - every acknowledged request ends exactly once; one that failed says in its leaf that the part of an office that was killed could
    not be had, and nothing else; once all processes are up again none fails;
  - every delivery has its intent leaf before it: in time, by the office's own clock, and in the log's order;
  - both sides' journals agree with the log, each way; sealed payloads open (`tongban audit verify --journals`);
  - every receipt of every intent and outcome verifies by the independent Python verifier;
  - no office saw an effect twice: the asker's has each record once, under one number, never with another content; nobody else
    took anything in.
"""
import argparse
import collections
import json
import pathlib
import random
import re
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
from city import ASKER, FINAL, OFFICES, City  # noqa: E402
from receipts import logged_leaves, receipt_problems, rows_of, wait_logged  # noqa: E402

MOST_FAILED = 0.4  # of the exchanges: nobody kills a city twice a second
MOST_OPEN = 40      # exchanges of the asker at a time
UNDISTURBED = 20   # exchanges after the last kill, of which none may fail


class Stream(threading.Thread):
    """Posts the asker's requests one after another, no more than the asker has open at a time; remembers which were acknowledged.

    Without that bound the slowest office (files in a folder) falls behind for ever, and every question ends at its deadline.
    """

    def __init__(self, city, pause_s):
        super().__init__(daemon=True)
        self.city = city
        self.pause_s = pause_s
        self.template = city.request_bytes().decode("utf-8")
        self.letter = re.search(r"<LetterNo>([^<]+)</LetterNo>", self.template).group(1)
        self.serial = re.search(r"<SerialNo>([^<]+)</SerialNo>", self.template).group(1)
        self.acknowledged = []
        self.open = collections.deque()  # acknowledged, and not known to have ended
        self.errors = []
        self.stopping = threading.Event()

    def body(self, number):
        serial = f"{self.serial[:8]}K{number:06d}"
        return serial, self.template.replace(self.serial, serial).encode("utf-8")

    def wait_for_room(self):
        while len(self.open) >= MOST_OPEN and not self.stopping.is_set():
            try:
                ended = self.city.request_state(self.open[0]).get("state") in FINAL
            except OSError:
                ended = False  # the connector is down
            if ended:
                self.open.popleft()
            else:
                time.sleep(0.05)

    def run(self):
        number = 0
        while not self.stopping.is_set():
            self.wait_for_room()
            number += 1
            serial, body = self.body(number)
            while not self.stopping.is_set():
                try:
                    status, answer = self.city.post_request(body, timeout=20)
                except OSError:
                    time.sleep(0.1)  # the connector is down: the office tries again, with the same message
                    continue
                if status in (200, 202):
                    self.acknowledged.append(serial)
                    self.open.append(serial)
                    break
                if status in (429, 502, 503, 504):
                    time.sleep(0.2)
                    continue
                self.errors.append((serial, status, answer))
                break
            time.sleep(self.pause_s)


def kill_at_random(city, kills, chance, say):
    names, killed = city.names, []
    for count in range(1, kills + 1):
        time.sleep(chance.uniform(0.05, 0.5))
        name = chance.choice(names)
        city.kill(name)
        killed.append(name)
        time.sleep(chance.uniform(0.0, 0.2))
        city.start(name, wait=False)
        if count % 25 == 0 or count == kills:
            say(f"{count} kills")
    for name in names:
        city.wait_ready(name, seconds=60)
    return killed


def exchange_in(body):
    text = body.decode("utf-8") if isinstance(body, bytes) else body
    return re.search(r"<ExchangeNo>([^<]+)</ExchangeNo>", text).group(1)


class Books:
    """What the offices' own tables say."""

    def __init__(self, city):
        self.taken = {}  # exchange -> [(message number, when, SHA-256)] at the asker's office
        self.problems = []
        for member in OFFICES:
            path = city.data / "offices" / member / "office.db"
            if not path.exists():
                self.problems.append(f"{member} has no book")
                continue
            taken = rows_of(path, "SELECT message_no, at_ms, sha256, body FROM deliveries")
            for number, times, other in rows_of(path, "SELECT message_no, times, other_content FROM repeats"):
                if other:
                    self.problems.append(f"{member}: message {number} came {times} times again, {other} with another content")
                if member == ASKER and not any(row[0] == number for row in taken):
                    self.problems.append(f"{member}: message {number} came again and is not in the book")
            if member != ASKER and taken:
                self.problems.append(f"{member} took {len(taken)} documents in and asked for none")
            marks, = rows_of(path, "SELECT count(*) FROM marks")[0]
            if marks:
                self.problems.append(f"{member} made {marks} marks and was asked for none")
            for number, at_ms, sha256, body in taken if member == ASKER else []:
                self.taken.setdefault(exchange_in(body), []).append((number, at_ms, sha256))


def effect_problems(states, books):
    """Each delivered exchange is in the asker's book once, and nothing else is."""
    found, left = list(books.problems), dict(books.taken)
    for serial, state in states.items():
        rows = left.pop(state.get("exchange"), [])
        if len(rows) != (1 if state["state"] == "delivered" else 0):
            found.append(f"{serial}: {state['state']}, but {len(rows)} records at the office")
    return found + [f"exchange {exchange} is at the office, but nobody's request names it" for exchange in left]


def failure_problems(states, leaves, killed):
    """An exchange fails because somebody who was killed is away, and for nothing else."""
    away = {name.split()[-1] for name in killed}
    intents = {exchange: leaf for exchange, kind, _, _, leaf in leaves if kind == "intent"}
    found = []
    for serial, state in states.items():
        if state["state"] != "failed":
            continue
        leaf = intents.get(state["exchange"], {})
        missing = {part["provider"] for part in leaf.get("parts", []) if part["status"] == "unavailable"}
        other = [finding["code"] for finding in leaf.get("findings", []) if finding["code"] != "part.unavailable"]
        if not missing or other or not missing <= away:
            found.append(f"{serial} failed without {missing or 'anybody'}, and with {other}")
    return found


def last_stretch(city, stream):
    """All are up again: the serials of the exchanges that nothing disturbs any more."""
    deadline = time.monotonic() + 240

    def newest():  # one whose question died with its office ends at its own deadline: look at the next
        try:
            return city.wait_final(stream.acknowledged[-1], seconds=10)["state"]
        except RuntimeError:
            return "pending"
    while newest() != "delivered":  # until the hub asks its offices again
        if time.monotonic() > deadline:
            raise AssertionError("nothing is delivered any more")
        time.sleep(0.2)
    begin = len(stream.acknowledged)
    while len(stream.acknowledged) < begin + UNDISTURBED:
        if time.monotonic() > deadline:
            raise AssertionError("the stream stands still")
        time.sleep(0.1)
    return stream.acknowledged[begin:begin + UNDISTURBED]


def order_problems(leaves, books):
    """No record is in the book that its intent leaf had not released before, with these bytes."""
    intents = {exchange: (index, leaf) for exchange, kind, index, _, leaf in leaves if kind == "intent"}
    outcomes = {exchange: index for exchange, kind, index, _, _ in leaves if kind == "outcome"}
    found = []
    for exchange, rows in books.taken.items():
        index, intent = intents.get(exchange, (None, None))
        if intent is None:
            found.append(f"{exchange} is at the office without an intent leaf")
            continue
        for number, at_ms, sha256 in rows:
            if at_ms < intent["time_ms"]:
                found.append(f"message {number} was taken in {intent['time_ms'] - at_ms} ms before its intent leaf was written")
            if sha256 != intent["document_sha256"]:
                found.append(f"message {number} is another document than its intent leaf names")
        if index is None or exchange not in outcomes or outcomes[exchange] <= index:
            found.append(f"{exchange}: intent at {index} in the log, outcome at {outcomes.get(exchange)}")
    return found


def log_problems(city, killed):
    verified = city.tongban("audit", "verify", "--data", city.data, "--journals", "--format", "json", check=False, timeout=900)
    report = json.loads(verified.stdout or b"{}")
    found = []
    if verified.returncode != 0:
        found += [f"audit verify: {problem}" for problem in report.get("problems", [verified.stderr.decode()])]
    # A read that is not answered yet lives in the hub's memory alone: each death of the hub may forget the one under way, and the
    # one that its asker sent again.
    forgotten = {entry.split()[-1] for entry in report.get("unlogged", [])}
    if len(forgotten) > 2 * killed.count("hub"):
        found.append(f"offices were asked {len(forgotten)} times that the log does not tell of; the hub died {killed.count('hub')} "
                     f"times: {report['unlogged'][:4]}")
    return found, len(forgotten)


def fewest(kills):
    """Deliveries without which the kills would have hit nothing; the last stretch comes on top."""
    return UNDISTURBED + max(20, 2 * kills)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--bin", required=True)
    options.add_argument("--kills", type=int, default=10)
    options.add_argument("--seed", type=int, default=int(time.time()))
    chosen = options.parse_args()
    chance = random.Random(chosen.seed)
    print(f"random kills: {chosen.kills}, seed {chosen.seed}", flush=True)
    problems = []
    with City(chosen.bin, seed=1 + chosen.seed % 50) as city:
        stream = Stream(city, pause_s=0.02)
        stream.start()
        killed = kill_at_random(city, chosen.kills, chance, lambda text: print(f"  {text}", flush=True))
        undisturbed = last_stretch(city, stream)
        stream.stopping.set()
        stream.join(timeout=60)
        problems += [f"refused: {error}" for error in stream.errors]

        states = {}
        for serial in stream.acknowledged:
            states[serial] = city.wait_final(serial, seconds=180)
        print(f"  {len(states)} acknowledged exchanges ended", flush=True)
        problems += [f"{serial}: ended {state['state']}" for serial, state in states.items()
                     if state["state"] not in ("delivered", "failed")]
        problems += [f"{serial}: failed though nobody was killed any more" for serial in undisturbed
                     if states[serial]["state"] != "delivered"]
        wait_logged(city)
        books, leaves = Books(city), logged_leaves(city)
        problems += effect_problems(states, books) + order_problems(leaves, books) + receipt_problems(city, leaves)
        problems += failure_problems(states, leaves, killed)
        of_the_log, forgotten = log_problems(city, killed)
        problems += of_the_log
        delivered = sum(state["state"] == "delivered" for state in states.values())
        failed = len(states) - delivered
        if delivered < fewest(chosen.kills):
            problems.append(f"only {delivered} exchanges were delivered, {fewest(chosen.kills)} expected: the stream did not run")
        if failed > MOST_FAILED * len(states):
            problems.append(f"{failed} of {len(states)} exchanges failed")
        if problems:
            print("\n".join(problems[:40]))
            print(f"0 passed, {len(problems)} failed")
            raise SystemExit(1)
        print(f"  {delivered} delivered once each, {failed} failed, {forgotten} questions forgotten by a hub that died, "
              f"{len(leaves)} receipts verified, log and journals agree")
    return 0


if __name__ == "__main__":
    sys.exit(main())
