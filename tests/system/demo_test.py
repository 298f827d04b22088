#!/usr/bin/env python3
"""The main job, as a user runs it: `tongban demo`, clean and dirty, and what is left behind checked by other tools."""
import collections
import json
import pathlib
import shutil
import subprocess
import tempfile

from harness import ROOT, bin_folder, leaks, run_tests

ASKER = "640100.housing-fund"
SEEDS = (1, 2, 3)


class Demo:
    def __init__(self, seed, dirty=False):
        self.seed, self.dirty = seed, dirty
        self.data = pathlib.Path(tempfile.mkdtemp(prefix="tongban-demo-test-"))

    def __enter__(self):
        flags = ["--dirty"] if self.dirty else []
        done = subprocess.run([bin_folder() / "tongban", "demo", "--format", "json", "--seed", str(self.seed),
                               "--data", self.data, *flags], capture_output=True, text=True, timeout=180, check=False)
        lines = done.stdout.strip().splitlines()
        assert len(lines) == 1, f"one JSON object expected:\n{done.stdout}\n{done.stderr}"
        self.result = json.loads(lines[0])
        self.sheet = json.loads(self.sandbox("answer-sheet"))
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
            assert demo.result["outcome"] == "delivered", demo.result
            assert demo.result["findings"] == [], demo.result["findings"]
            assert demo.result["receipts"], demo.result
            assert all(receipt["verified"] for receipt in demo.result["receipts"]), demo.result["receipts"]


def planted_faults_are_found_and_no_others():
    for seed in SEEDS:
        with Demo(seed, dirty=True) as demo:
            assert found(demo.result["findings"]) == found(demo.sheet["expected_findings"]), (
                seed, demo.sheet, demo.result["findings"])
            assert demo.result["outcome"] == demo.sheet["outcome"], (demo.sheet, demo.result)
            assert all(receipt["verified"] for receipt in demo.result["receipts"]), demo.result["receipts"]


def what_is_left_behind_proves_itself_by_other_tools():
    with Demo(1) as demo:
        delivered(demo)
        envelope_verifies_with_openssl(demo)
        receipt_verifies_with_python(demo)
        log_verifies_with_python(demo)
        no_name_stands_outside_the_offices(demo)


def delivered(demo):
    """The delivered bytes validate against Yinchuan's XSD with xmllint."""
    import sqlite3
    with sqlite3.connect(demo.data / "offices" / ASKER / "office.db") as office:
        rows = office.execute("SELECT body FROM deliveries").fetchall()
    assert len(rows) == 1, f"{len(rows)} deliveries"
    record = demo.data / "offices" / ASKER / "delivered.xml"
    record.write_bytes(rows[0][0] if isinstance(rows[0][0], bytes) else rows[0][0].encode("utf-8"))
    folder = ROOT / "schemas" / "native" / ASKER / "loan-eligibility" / "v1"
    done = subprocess.run(["xmllint", "--nonet", "--noout", "--schema", folder / "file.xsd", record],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


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


def no_name_stands_outside_the_offices(demo):
    texts = [line for line in demo.sandbox("population").splitlines() if line.strip()]
    assert len(texts) > 5, "the generator named nobody"
    assert leaks(demo.data, texts) == []


if __name__ == "__main__":
    run_tests([clean_people_are_delivered_without_a_finding, planted_faults_are_found_and_no_others,
               what_is_left_behind_proves_itself_by_other_tools])
