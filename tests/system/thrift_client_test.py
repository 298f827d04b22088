#!/usr/bin/python3
"""A client that `thrift --gen py` made from the IDL: asks over mutual TLS, acknowledges, verifies its receipts offline."""
import hashlib
import json
import pathlib
import re
import subprocess
import tempfile

from harness import ROOT, bin_folder, run_tests
from asker import Asker, leaves, leaves_of, misbehaving, texts_in
from city import City

XIAN = "610100.housing-fund"
SEED = 11


def verify_receipt(receipt, leaf):
    """Exit code of the independent verifier."""
    with tempfile.TemporaryDirectory() as folder:
        proof, entry = pathlib.Path(folder, "receipt"), pathlib.Path(folder, "leaf")
        proof.write_text(receipt)
        entry.write_bytes(leaf)
        tool = ROOT / "tests" / "tools" / "verify_receipt.py"
        return subprocess.run(["/usr/bin/python3", tool, proof, entry, CITY.data / "pki" / "hub" / "log.vkey"],
                              capture_output=True, check=False).returncode


def population():
    done = subprocess.run([bin_folder() / "tongban-sandbox", "population", "--seed", str(SEED)], capture_output=True,
                          text=True, check=True)
    return [line for line in done.stdout.splitlines() if line]


def a_reply_is_delivered_acknowledged_and_proven():
    outcome = ASKER.exchange(ASKER.request())
    assert ASKER.state(outcome) == "delivered", outcome.findings
    assert outcome.findings == [], outcome.findings
    assert outcome.document_schema == "640100.housing-fund/loan-eligibility@1"
    assert texts_in(outcome.document, population()) > 0, "a record without its person"
    assert set(outcome.envelopes) == {"certificate", "employment", "homes", "tax"}, outcome.envelopes.keys()
    assert leaves_of(CITY.data, outcome.exchange_id) == ["intent"]
    assert verify_receipt(outcome.receipt, outcome.leaf) == 0
    assert verify_receipt(outcome.receipt, outcome.leaf.replace(b'"intent"', b'"outcome"')) == 1, "a changed leaf"
    receipt = ASKER.acknowledge(outcome)
    assert receipt.startswith("c2sp.org/tlog-proof@v1\n")
    assert leaves_of(CITY.data, outcome.exchange_id) == ["intent", "outcome"]
    ASKER.acknowledge(outcome)  # again: the same leaf
    assert leaves_of(CITY.data, outcome.exchange_id) == ["intent", "outcome"]


def a_wrong_digest_acknowledges_nothing():
    outcome = ASKER.exchange(ASKER.request())
    kept = outcome.document
    outcome.document = kept + b" "
    try:
        ASKER.acknowledge(outcome)
        raise AssertionError("acknowledged another document")
    except ASKER.types.Refusal as refusal:
        assert refusal.code == "document.differs", refusal.code
    assert leaves_of(CITY.data, outcome.exchange_id) == ["intent"]
    outcome.document = kept
    ASKER.acknowledge(outcome)
    (leaf,) = [leaf for leaf in leaves(CITY.data) if leaf.get("exchange") == outcome.exchange_id and leaf["kind"] == "outcome"]
    assert leaf["document_sha256"] == hashlib.sha256(kept).hexdigest()


def an_asynchronous_question_is_answered_by_result():
    with misbehaving(CITY, XIAN, "slow", delay_ms=1500):
        first = ASKER.exchange(ASKER.request(wait_ms=0))
        assert ASKER.state(first) == "pending" and not first.document and not first.receipt
        early = ASKER.result(first.exchange_id, 0)
        assert ASKER.state(early) == "pending", ASKER.state(early)
        last = ASKER.final(first.exchange_id)
    assert ASKER.state(last) == "delivered" and last.exchange_id == first.exchange_id
    assert verify_receipt(last.receipt, last.leaf) == 0


def claims_get_verdicts_and_no_data():
    verdicts = ASKER.types.Verdict
    fetch = ASKER.exchange(ASKER.request())
    assert ASKER.state(fetch) == "delivered"
    ASKER.received.clear()
    body = ASKER.body("--verify")
    outcome = ASKER.exchange(ASKER.request(body, kind=ASKER.types.ExchangeKind.verify))
    assert ASKER.state(outcome) == "verified", (ASKER.state(outcome), outcome.findings)
    assert outcome.document is None
    seen = {item.field: verdicts._VALUES_TO_NAMES[item.verdict] for item in outcome.verdicts}
    assert seen == expected_verdicts(), seen
    assert texts_in(ASKER.received, population()) == 0, "a verdict must not carry data"
    assert verify_receipt(outcome.receipt, outcome.leaf) == 0


def expected_verdicts():
    """The generator's own word; one of its claims is wrong on purpose."""
    sheet = json.loads(subprocess.run([bin_folder() / "tongban-sandbox", "answer-sheet", "--seed", str(SEED)],
                                      capture_output=True, check=True).stdout)
    found = {claim["field"]: claim["verdict"] for claim in sheet["expected_verdicts"]}
    assert len(found) == 5 and set(found.values()) == {"match", "mismatch"}, found
    return found


def a_wrong_claim_is_a_mismatch_and_a_silent_office_no_verdict():
    names = ASKER.types.Verdict._VALUES_TO_NAMES
    body = ASKER.body("--verify")
    body = re.sub(rb"(<Field>certificate.base</Field>\s*<Value>)[^<]+", rb"\g<1>1.00", body)
    outcome = ASKER.exchange(ASKER.request(body, kind=ASKER.types.ExchangeKind.verify))
    seen = {item.field: names[item.verdict] for item in outcome.verdicts}
    assert seen == {**expected_verdicts(), "certificate.base": "mismatch"}, (seen, outcome.findings)
    with misbehaving(CITY, XIAN, "no_record"):
        outcome = ASKER.exchange(ASKER.request(ASKER.body("--verify"), kind=ASKER.types.ExchangeKind.verify))
    assert {names[item.verdict] for item in outcome.verdicts} == {"no_record"}, outcome.verdicts


if __name__ == "__main__":
    with City(bin_folder(), seed=SEED) as CITY:
        ASKER = Asker(CITY)
        run_tests([a_reply_is_delivered_acknowledged_and_proven, a_wrong_digest_acknowledges_nothing,
                   an_asynchronous_question_is_answered_by_result, claims_get_verdicts_and_no_data,
                   a_wrong_claim_is_a_mismatch_and_a_silent_office_no_verdict])
