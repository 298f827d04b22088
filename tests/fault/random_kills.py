#!/usr/bin/env python3
"""Random kill -9 of hub, connectors and offices under a stream of exchanges; then the books must balance.

    random_kills.py --bin build/release/bin --kills 300 [--seed N]

Checked at the end:
  - every acknowledged request ends exactly once, and its office holds the record exactly once;
  - every delivery has its intent leaf before it; both sides' journals agree with the log; sealed payloads open
    (`tongban audit verify` with the connectors' journals);
  - every receipt verifies by the independent Python verifier against the exported log's key;
  - no office saw an effect twice.
"""
import argparse
import json
import pathlib
import random
import re
import sqlite3
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
from city import ASKER, City  # noqa: E402

VERIFY_RECEIPT = HERE.parent / "tools" / "verify_receipt.py"


class Stream(threading.Thread):
    """Posts the asker's requests one after another; remembers which were acknowledged."""

    def __init__(self, city, pause_s):
        super().__init__(daemon=True)
        self.city = city
        self.pause_s = pause_s
        self.template = city.request_bytes().decode("utf-8")
        self.letter = re.search(r"<LetterNo>([^<]+)</LetterNo>", self.template).group(1)
        self.serial = re.search(r"<SerialNo>([^<]+)</SerialNo>", self.template).group(1)
        self.acknowledged = []
        self.errors = []
        self.stopping = threading.Event()

    def body(self, number):
        serial = f"{self.serial[:8]}K{number:06d}"
        return serial, self.template.replace(self.serial, serial).encode("utf-8")

    def run(self):
        number = 0
        while not self.stopping.is_set():
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
                    break
                if status in (429, 502, 503, 504):
                    time.sleep(0.2)
                    continue
                self.errors.append((serial, status, answer))
                break
            time.sleep(self.pause_s)


def kill_at_random(city, kills, chance, say):
    names = city.names
    for count in range(1, kills + 1):
        time.sleep(chance.uniform(0.05, 0.5))
        name = chance.choice(names)
        city.kill(name)
        time.sleep(chance.uniform(0.0, 0.2))
        city.start(name, wait=False)
        if count % 25 == 0 or count == kills:
            say(f"{count} kills")
    for name in names:
        city.wait_ready(name, seconds=60)


def effects_at_the_office(city):
    """How often each exchange's record stands in the asker's own books."""
    database = city.data / "offices" / ASKER / "office.db"
    effects = {}
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as office:
        for (body,) in office.execute("SELECT body FROM deliveries"):
            text = body.decode("utf-8") if isinstance(body, bytes) else body
            exchange = re.search(r"<ExchangeNo>([^<]+)</ExchangeNo>", text).group(1)
            effects[exchange] = effects.get(exchange, 0) + 1
    return effects


def check_receipts(city, folder, exchanges):
    exported = folder / "export"
    city.tongban("audit", "export", exported, "--data", city.data)
    bad = []
    for exchange in exchanges:
        receipt, leaf = folder / f"{exchange}.tlog-proof", folder / f"{exchange}.leaf"
        city.tongban("receipt", "get", exchange, "--data", city.data, "--out", receipt, "--leaf-out", leaf)
        done = subprocess.run(["/usr/bin/python3", str(VERIFY_RECEIPT), str(receipt), str(leaf),
                               str(exported / "log.vkey")], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            bad.append((exchange, done.stdout + done.stderr))
    return bad


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--bin", required=True)
    options.add_argument("--kills", type=int, default=10)
    options.add_argument("--seed", type=int, default=int(time.time()))
    options.add_argument("--receipts", type=int, default=50, help="how many receipts to verify offline")
    chosen = options.parse_args()
    chance = random.Random(chosen.seed)
    print(f"random kills: {chosen.kills}, seed {chosen.seed}", flush=True)
    problems = []
    with City(chosen.bin, seed=1 + chosen.seed % 50) as city:
        stream = Stream(city, pause_s=0.02)
        stream.start()
        kill_at_random(city, chosen.kills, chance, lambda text: print(f"  {text}", flush=True))
        time.sleep(1.0)
        stream.stopping.set()
        stream.join(timeout=60)
        problems += [f"refused: {error}" for error in stream.errors]

        states = {}
        for serial in stream.acknowledged:
            states[serial] = city.wait_final(serial, seconds=180)
        print(f"  {len(states)} acknowledged exchanges ended", flush=True)
        problems += [f"{serial}: ended {state['state']}" for serial, state in states.items()
                     if state["state"] not in ("delivered", "failed")]
        effects = effects_at_the_office(city)
        for serial, state in states.items():
            expected = 1 if state["state"] == "delivered" else 0
            found = effects.pop(state.get("exchange"), 0)
            if found != expected:
                problems.append(f"{serial}: {state['state']}, but {found} records at the office")
        problems += [f"exchange {exchange} is at the office, but nobody's request names it" for exchange in effects]

        exchanges = [state["exchange"] for state in states.values() if state["state"] == "delivered"]
        verified = city.tongban("audit", "verify", "--data", city.data, "--journals", "--format", "json", check=False,
                                timeout=600)
        report = json.loads(verified.stdout or b"{}")
        if verified.returncode != 0:
            problems += [f"audit verify: {problem}" for problem in report.get("problems", [verified.stderr.decode()])]
        receipts = pathlib.Path(city.data) / "receipts"
        receipts.mkdir()
        sample = chance.sample(exchanges, min(len(exchanges), chosen.receipts))
        problems += [f"receipt of {exchange}: {why}" for exchange, why in check_receipts(city, receipts, sample)]
        delivered = len(exchanges)
        if delivered < chosen.kills // 10:
            problems.append(f"only {delivered} exchanges were delivered: the stream did not run")
        if problems:
            print("\n".join(problems[:40]))
            print(f"0 passed, {len(problems)} failed")
            raise SystemExit(1)
        print(f"  {delivered} delivered once each, {len(sample)} receipts verified, log and journals agree")
    return 0


if __name__ == "__main__":
    sys.exit(main())
