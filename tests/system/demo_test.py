#!/usr/bin/env python3
"""The main job, as a user runs it: `tongban demo`, clean and dirty, and what is left behind checked by other tools.

    TONGBAN_BIN=... demo_test.py [--seeds 1-50] [--clean | --dirty]

Each seed is a city of its own with other people. After each run everything outside offices/, and all that the program
printed, is searched for any of them.
"""
import argparse
import collections
import contextlib
import json
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile
from unittest.mock import ANY

from harness import ROOT, bin_folder, leaks, run_tests

ASKER = "640100.housing-fund"
SEEDS = []


class Demo:
    def __init__(self, seed, dirty=False, form="json"):
        self.seed, self.dirty, self.form = seed, dirty, form
        self.data = pathlib.Path(tempfile.mkdtemp(prefix="tongban-demo-test-"))

    def __enter__(self):
        flags = ["--dirty"] if self.dirty else []
        done = subprocess.run([bin_folder() / "tongban", "demo", "--format", self.form, "--seed", str(self.seed),
                               "--data", self.data, *flags], capture_output=True, timeout=180, check=False)
        self.printed = {"stdout": done.stdout, "stderr": done.stderr}
        self.sheet = json.loads(self.sandbox("answer-sheet"))
        if self.form == "json":
            lines = done.stdout.strip().splitlines()
            assert len(lines) == 1, f"one JSON object expected:\n{done.stdout}\n{done.stderr}"
            self.result = json.loads(lines[0])
        return self

    def __exit__(self, kind, value, trace):
        if kind is None:
            shutil.rmtree(self.data, ignore_errors=True)
        else:
            print(f"kept for inspection: {self.data}")

    def sandbox(self, *arguments):
        flags = ["--dirty"] if self.dirty else []
        return subprocess.run([bin_folder() / "tongban-sandbox", *arguments, "--seed", str(self.seed), *flags],
                              capture_output=True, text=True, timeout=60, check=True).stdout


def found(findings):
    return collections.Counter((finding["code"], finding["part"]) for finding in findings)


def clean_people_are_delivered_without_a_finding():
    for seed in SEEDS:
        with Demo(seed) as demo:
            nobody_stands_outside_the_offices(demo)
            assert demo.result["outcome"] == "delivered", demo.result
            assert demo.result["findings"] == [], demo.result["findings"]
            assert demo.result["receipts"], demo.result
            assert all(receipt["verified"] for receipt in demo.result["receipts"]), demo.result["receipts"]


def planted_faults_are_found_and_no_others():
    for seed in SEEDS:
        with Demo(seed, dirty=True) as demo:
            nobody_stands_outside_the_offices(demo)
            assert found(demo.result["findings"]) == found(demo.sheet["expected_findings"]), (
                seed, demo.sheet, demo.result["findings"])
            assert demo.result["outcome"] == demo.sheet["outcome"], (demo.sheet, demo.result)
            assert all(receipt["verified"] for receipt in demo.result["receipts"]), demo.result["receipts"]


def what_is_left_behind_proves_itself_by_other_tools():
    with Demo(SEEDS[0], form="text") as demo:
        the_record_alone_is_printed_as_it_was_delivered(demo, delivered(demo))
        envelope_verifies_with_openssl(demo)
        receipt_verifies_with_python(demo)
        log_verifies_with_python(demo)
        an_altered_row_is_found(demo)
        nobody_stands_outside_the_offices(demo)


def delivered(demo):
    """The delivered bytes validate against Yinchuan's XSD with xmllint."""
    with sqlite3.connect(demo.data / "offices" / ASKER / "office.db") as office:
        rows = office.execute("SELECT body FROM deliveries").fetchall()
    assert len(rows) == 1, f"{len(rows)} deliveries"
    record = demo.data / "offices" / ASKER / "delivered.xml"
    record.write_bytes(rows[0][0] if isinstance(rows[0][0], bytes) else rows[0][0].encode("utf-8"))
    folder = ROOT / "schemas" / "native" / ASKER / "loan-eligibility" / "v1"
    done = subprocess.run(["xmllint", "--nonet", "--noout", "--schema", folder / "file.xsd", record],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return record.read_bytes()


def the_record_alone_is_printed_as_it_was_delivered(demo, record):
    """The demo shows what Yinchuan received, by design; nothing else that it prints names anybody."""
    assert demo.printed["stdout"].count(record.strip()) == 1, "the record is not shown"
    assert leaks(demo.data, people(demo), demo.printed) == [("stdout", ANY)], "then the search would find nobody either"
    demo.printed["stdout"] = demo.printed["stdout"].replace(record.strip(), b"")


def envelope_verifies_with_openssl(demo):
    certificate = demo.data / "pki" / "610100.housing-fund" / "signing.pem"
    public = demo.data / "proof" / "public.pem"
    public.write_bytes(subprocess.run(["openssl", "x509", "-in", certificate, "-pubkey", "-noout"], capture_output=True,
                                      check=True).stdout)
    signed = demo.data / "proof" / "envelope.certificate.json"
    command = ["openssl", "dgst", "-sha256", "-verify", public, "-signature", signed.with_suffix(".sig"), signed]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "Verified OK" in done.stdout, done.stdout + done.stderr
    signed.write_bytes(signed.read_bytes().replace(b'"hub"', b'"bub"'))
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0, "a changed text must not verify"


def receipt_verifies_with_python(demo):
    vkey = demo.data / "pki" / "hub" / "log.vkey"
    for kind in ("intent", "outcome"):
        proof = demo.data / "proof" / f"{kind}.tlog-proof"
        command = ["/usr/bin/python3", ROOT / "tests" / "tools" / "verify_receipt.py", proof, f"{proof}.leaf", vkey]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def log_verifies_with_python(demo):
    exported = demo.data / "export"
    subprocess.run([bin_folder() / "tongban", "audit", "export", exported, "--data", demo.data], check=True,
                   capture_output=True)
    done = subprocess.run(["/usr/bin/python3", ROOT / "tests" / "tools" / "verify_log.py", exported],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    done = subprocess.run([bin_folder() / "tongban", "audit", "verify", "--data", demo.data, "--journals"],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def audit_verify(demo):
    done = subprocess.run([bin_folder() / "tongban", "audit", "verify", "--data", demo.data], capture_output=True, text=True,
                          check=False)
    return done.returncode, done.stdout + done.stderr


def an_altered_row_is_found(demo):
    """`tongban trace` prints from the exchange's row: it must say what the leaves and the sealed request say."""
    with contextlib.closing(sqlite3.connect(demo.data / "hub" / "hub.db", isolation_level=None)) as hub:
        ((exchange,),) = hub.execute("SELECT exchange_id FROM exchange").fetchall()
        for column, altered, code in (("requester", "640100.tax", "exchange.requester"), ("resource", "x/y", "exchange.resource"),
                                      ("state", 5, "exchange.state"), ("request_id", "R-2", "exchange.request"),
                                      ("created_ms", 1_700_000_000_000, "exchange.time"),
                                      ("updated_ms", 1_700_000_000_000, "exchange.time")):
            ((kept,),) = hub.execute(f"SELECT {column} FROM exchange").fetchall()
            hub.execute(f"UPDATE exchange SET {column}=?", (altered,))
            found, said = audit_verify(demo)
            assert found == 1 and f"{code} exchange {exchange}: " in said and "does NOT hold" in said, (column, said)
            hub.execute(f"UPDATE exchange SET {column}=?", (kept,))
        assert audit_verify(demo)[0] == 0, "and nothing else was"
        hub.execute("DELETE FROM exchange")
        found, said = audit_verify(demo)
        assert found == 1 and f"exchange.row exchange {exchange}: " in said, said


def what_cannot_be_read_is_no_finding():
    with tempfile.TemporaryDirectory() as folder:
        data = pathlib.Path(folder)
        subprocess.run([bin_folder() / "tongban", "pki", "init", "--data", data], capture_output=True, check=True)
        (data / "hub").mkdir()
        (data / "hub" / "sealing.key").write_text("0" * 64 + "\n")
        (data / "hub" / "hub.db").touch()
        for broken, code in (("hub/hub.db", "input.database"), ("hub/sealing.key", "input.seal_key"),
                             ("pki/hub/log.vkey", "input.vkey")):
            (data / broken).write_bytes(b"")
            done = subprocess.run([bin_folder() / "tongban", "audit", "verify", "--data", data], capture_output=True, text=True,
                                  check=False)
            assert done.returncode == 2 and f"tongban: {code}: " in done.stderr and not done.stdout, done


def people(demo):
    texts = [line for line in demo.sandbox("population").splitlines() if line.strip()]
    assert len(texts) >= 4, "the generator named nobody"
    return texts


def nobody_stands_outside_the_offices(demo):
    found = leaks(demo.data, people(demo), demo.printed)
    assert found == [], found
    logs = [path for path in (demo.data / "logs").iterdir() if path.stat().st_size > 0]
    assert len(logs) >= 6, f"{len(logs)} logs were searched: hub and connectors have written none"


def seeds_of(text):
    """1-50, 7, or 1-3,9."""
    seeds = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        seeds.extend(range(int(first), int(last or first) + 1))
    if not seeds:
        raise argparse.ArgumentTypeError("no seed")
    return seeds


def main():
    options = argparse.ArgumentParser(description="tongban demo, and what comes of it")
    options.add_argument("--seeds", type=seeds_of, default="1-3", help="1-50, 7, or 1-3,9 (1-3)")
    which = options.add_mutually_exclusive_group()
    which.add_argument("--clean", action="store_true", help="only people without faults")
    which.add_argument("--dirty", action="store_true", help="only people with planted faults")
    told = options.parse_args()
    SEEDS.extend(told.seeds)
    tests = [what_cannot_be_read_is_no_finding]
    if not told.dirty:
        tests += [clean_people_are_delivered_without_a_finding, what_is_left_behind_proves_itself_by_other_tools]
    if not told.clean:
        tests.append(planted_faults_are_found_and_no_others)
    run_tests(tests)


if __name__ == "__main__":
    main()
