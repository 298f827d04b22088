#!/usr/bin/python3
"""Who must not ask is refused with the right code, each refusal is a leaf of the log, and not one byte of the record leaves.

Turned away by TLS before anybody has a name that the hub could believe, so without a leaf: a certificate of another
authority, no certificate at all. A revoked certificate of our authority is answered by the hub itself, and is a leaf.
"""
import datetime
import json
import pathlib
import re
import shutil
import sqlite3
import ssl
import subprocess
import tempfile
import threading
import time
import xml.etree.ElementTree

from harness import ROOT, bin_folder, run_tests
from asker import Asker, leaves, leaves_of, misbehaving, texts_in
from city import ASKER, City
from thrift.transport import TTransport

STRANGER = "640200.housing-fund"
SEED = 21
STRANGER_FILE = """member: 640200.housing-fund
zh: 石嘴山住房公积金管理中心
en: Shizuishan housing fund centre
uscc: {uscc}
valid_from: 2026-01-01
roles: [requester]
rate: {{per_second: 50, burst: 200}}
in_flight: 16
signing:
  - {{certificate: 640200.housing-fund/signing.pem, from: 2026-01-01}}
"""


def uscc(first):
    """A unified social credit code with its check character (GB 32100)."""
    letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(letters.index(letter) * pow(3, place, 31) for place, letter in enumerate(first))
    return first + letters[(31 - total % 31) % 31]


def make_configs(folder):
    """The runnable pair, with a member that has no agreement, and two agreements that are not in force today."""
    configs = folder / "configs"
    shutil.copytree(ROOT / "configs", configs)
    (configs / "members" / f"{STRANGER}.yaml").write_text(STRANGER_FILE.format(uscc=uscc("12640200MB1A0002X")))
    today = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date()
    day = datetime.timedelta(days=1)
    good = (configs / "agreements" / "A-640100-hf-0001.yaml").read_text()
    for name, purpose, first, last in (("A-ended", "ended-purpose", "2026-01-01", today - day),
                                       ("A-later", "later-purpose", today + day, "2099-12-31")):
        text = good.replace("A-640100-hf-0001", name).replace("purpose: loan-approval", f"purpose: {purpose}")
        text = text.replace("valid_from: 2026-01-01", f"valid_from: {first}")
        text = text.replace("valid_to: 2028-12-31", f"valid_to: {last}")
        (configs / "agreements" / f"{name}.yaml").write_text(text)
    return configs


def make_keys(data):
    tool = bin_folder() / "tongban"
    subprocess.run([tool, "pki", "init", "--data", data], check=True, capture_output=True)
    for path in sorted((ROOT / "configs" / "members").glob("*.yaml")):
        subprocess.run([tool, "pki", "issue", path.stem, "--data", data], check=True, capture_output=True)
    subprocess.run([tool, "pki", "issue", STRANGER, "--role", "client", "--data", data], check=True, capture_output=True)
    subprocess.run([tool, "pki", "issue", "auditor", "--role", "auditor", "--data", data], check=True, capture_output=True)


def population():
    texts = set()
    for more in ([], ["--people", "2"]):
        done = subprocess.run([bin_folder() / "tongban-sandbox", "population", "--seed", str(SEED), *more],
                              capture_output=True, text=True, check=True)
        texts.update(line for line in done.stdout.splitlines() if line)
    assert len(texts) > 5
    return texts


def denials():
    return [leaf for leaf in leaves(CITY.data) if leaf["kind"] == "denied"]


def refused(asker, code, call):
    """The call is refused with the code, by one new leaf of the log that a trace shows, and no field came with it."""
    before = {leaf["exchange"] for leaf in denials()}
    asker.received.clear()
    try:
        outcome = call()
        raise AssertionError(f"not refused: {outcome}")
    except asker.types.Refusal as refusal:
        assert refusal.code == code, (code, refusal.code, refusal.where)
        assert refusal.zh and refusal.en
    assert len(asker.received) > 50, "the recorder recorded nothing"
    assert texts_in(asker.received, TEXTS) == 0, f"{code}: personal data left with the refusal"
    new = [leaf for leaf in denials() if leaf.get("exchange") not in before]
    assert len(new) == 1, f"{code}: {len(new)} leaves"
    (leaf,) = new
    assert leaf["requester"] == asker.member and leaf["decision"] == code, leaf
    assert leaves_of(CITY.data, leaf["exchange"]) == ["denied"]
    traced = json.loads(CITY.tongban("trace", leaf["exchange"], "--data", CITY.data, "--format", "json").stdout)
    assert [entry["kind"] for entry in traced["leaves"]] == ["denied"], traced
    assert texts_in(json.dumps(traced, ensure_ascii=False).encode(), TEXTS) == 0


def refused_request(asker, code, **changes):
    request = asker.request(**changes)
    refused(asker, code, lambda: asker.exchange(request))


def the_search_finds_what_a_delivery_holds():
    YINCHUAN.received.clear()
    outcome = YINCHUAN.exchange(YINCHUAN.request())
    assert YINCHUAN.state(outcome) == "delivered", outcome.findings
    assert texts_in(YINCHUAN.received, TEXTS) >= 2, "then it would find no leak either"
    assert texts_in("".join(TEXTS).encode("gb18030"), TEXTS) == len(TEXTS)
    # From here on every long value of the record is searched for, not only the names and numbers of its people.
    values = {text.strip() for text in xml.etree.ElementTree.fromstring(outcome.document).itertext()}
    TEXTS.update(value for value in values if len(value.encode("utf-8")) >= 9 and not re.fullmatch(r"[\d-]{1,10}", value))
    assert len(TEXTS) > 20, len(TEXTS)


def a_member_without_an_agreement_is_refused():
    refused_request(OTHER, "agreement.none")


def another_purpose_is_refused():
    refused_request(YINCHUAN, "agreement.purpose", purpose="curiosity",
                    consent=YINCHUAN.consent(purpose="curiosity"))


def an_agreement_holds_on_its_days_alone():
    for purpose, code in (("ended-purpose", "agreement.ended"), ("later-purpose", "agreement.not_yet")):
        refused_request(YINCHUAN, code, purpose=purpose, consent=YINCHUAN.consent(purpose=purpose))


def no_consent_or_one_that_does_not_fit_is_refused():
    now = int(time.time() * 1000)
    refused_request(YINCHUAN, "consent.missing", consent=None)
    refused_request(YINCHUAN, "consent.purpose", consent=YINCHUAN.consent(purpose="curiosity"))
    refused_request(YINCHUAN, "consent.receiver", consent=YINCHUAN.consent(receiver=STRANGER))
    refused_request(YINCHUAN, "consent.ended", consent=YINCHUAN.consent(valid_until_ms=now - 1000))


def a_withdrawn_consent_is_refused():
    consent = YINCHUAN.consent()
    assert YINCHUAN.state(YINCHUAN.exchange(YINCHUAN.request(consent=consent))) == "delivered"
    with YINCHUAN.client() as hub:
        hub.withdraw_consent(consent.consent_id)
    refused_request(YINCHUAN, "consent.withdrawn", consent=consent)


def a_consent_withdrawn_while_an_office_is_slow_lets_nothing_out():
    """First seen with this very exchange, so it is on no file yet; and acknowledged long ago, with the answer still to come."""
    for durable in (False, True):
        consent = YINCHUAN.consent()
        request = YINCHUAN.request(consent=consent, wait_ms=0 if durable else 20_000)
        with misbehaving(CITY, "640100.tax", "slow", delay_ms=4_000):
            if durable:
                pending = YINCHUAN.exchange(request)
                assert YINCHUAN.state(pending) == "pending"

            def ended(durable=durable, request=request):
                return YINCHUAN.final(pending.exchange_id) if durable else YINCHUAN.exchange(request)
            window = threading.Timer(1.5, withdraw_at_the_window, [consent.consent_id])
            window.start()
            refused(YINCHUAN, "consent.withdrawn", ended)
            window.join()
        withdrawals = [leaf for leaf in leaves(CITY.data) if leaf["kind"] == "consent" and leaf["consent"] == consent.consent_id]
        assert len(withdrawals) == 1, withdrawals
        refused_again = YINCHUAN.refusal(request)
        assert refused_again == "consent.withdrawn", refused_again


def withdraw_at_the_window(consent_id):
    said = CITY.tongban("consent", "withdraw", consent_id, "--member", ASKER, "--data", CITY.data, "--format", "json")
    assert json.loads(said.stdout) == {"consent": consent_id, "state": "withdrawn"}, said.stdout


def a_withdrawal_twice_changes_nothing_and_of_nobodys_consent_is_refused():
    consent = YINCHUAN.consent()
    assert YINCHUAN.state(YINCHUAN.exchange(YINCHUAN.request(consent=consent))) == "delivered"
    withdraw_at_the_window(consent.consent_id)
    withdraw_at_the_window(consent.consent_id)
    unknown = CITY.tongban("consent", "withdraw", "C-nobodys", "--member", ASKER, "--data", CITY.data, check=False)
    assert unknown.returncode == 1 and b"consent.unknown" in unknown.stderr, unknown


def a_consent_of_another_person_is_refused():
    consent = YINCHUAN.consent()
    assert YINCHUAN.state(YINCHUAN.exchange(YINCHUAN.request(consent=consent))) == "delivered"
    other = YINCHUAN.body("--people", "2", "--index", "1")
    refused_request(YINCHUAN, "consent.subject", consent=consent, body=other)


def someone_elses_signature_is_refused():
    refused_request(YINCHUAN, "signature.key", signer=OTHER.signer)
    refused_request(OTHER, "signature.key", signer=YINCHUAN.signer)
    changed = YINCHUAN.request()
    changed.purpose = "other-purpose"
    refused(YINCHUAN, "signature.invalid", lambda: YINCHUAN.exchange(changed))


def someone_elses_exchange_is_not_shown():
    mine = YINCHUAN.exchange(YINCHUAN.request())
    OTHER.received.clear()
    for call in (lambda hub: hub.result(mine.exchange_id, 0), lambda hub: hub.acknowledge(
            mine.exchange_id, "0" * 64, OTHER.types.Signature("es256", OTHER.signer.key_id, b"x"))):
        with OTHER.client() as hub:
            try:
                call(hub)
                raise AssertionError("another member's exchange was shown")
            except OTHER.types.Refusal as refusal:
                assert refusal.code == "exchange.unknown", refusal.code
    assert texts_in(OTHER.received, TEXTS) == 0


def a_certificate_of_another_authority_does_not_pass_the_door():
    with tempfile.TemporaryDirectory() as folder:
        tool = bin_folder() / "tongban"
        subprocess.run([tool, "pki", "init", "--data", folder], check=True, capture_output=True)
        subprocess.run([tool, "pki", "issue", ASKER, "--data", folder], check=True, capture_output=True)
        shutil.copy(CITY.data / "pki" / "ca.pem", pathlib.Path(folder, "pki", "ca.pem"))  # it knows the hub
        foreign = Asker(CITY, YINCHUAN.wire, pki=pathlib.Path(folder, "pki"))
        before = len(leaves(CITY.data))
        request = foreign.request()
        try:
            foreign.exchange(request)
            raise AssertionError("another authority's certificate was let in")
        except (ssl.SSLError, ConnectionError, EOFError, TTransport.TTransportException):
            pass
        assert foreign.received == b"", "the hub answered"
        assert len(leaves(CITY.data)) == before  # it has no name that could be believed


def a_repeated_request_gets_the_first_outcome():
    request = YINCHUAN.request()
    first = YINCHUAN.exchange(request)
    asked = questions()
    assert asked >= 4, "the journals count no questions"
    count = len(leaves(CITY.data))
    again = YINCHUAN.exchange(request)
    assert (again.exchange_id, again.state, again.leaf) == (first.exchange_id, first.state, first.leaf)
    later = YINCHUAN.request(request_id=request.request_id, body=request.body, consent=request.consent)  # signed anew
    assert later.signed_at_ms != request.signed_at_ms
    third = YINCHUAN.exchange(later)
    assert (third.exchange_id, third.document) == (first.exchange_id, again.document) and third.document == first.document
    assert len(leaves(CITY.data)) == count and leaves_of(CITY.data, first.exchange_id) == ["intent"]
    assert questions() == asked, "the offices were asked again"


def questions():
    """How many questions the offices' connectors have put down in their journals."""
    total = 0
    for path in sorted((CITY.data / "connectors").glob("*/connector.db")):
        book = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        total += book.execute("SELECT count(*) FROM journal WHERE kind = 'job'").fetchone()[0]
        book.close()
    return total


def a_request_id_with_other_content_is_a_conflict():
    request = YINCHUAN.request()
    first = YINCHUAN.exchange(request)
    refused_request(YINCHUAN, "request.conflict", request_id=request.request_id)
    refused_request(YINCHUAN, "request.conflict", request_id=request.request_id, body=request.body,
                    consent=request.consent, officer="officer-0043")
    again = YINCHUAN.exchange(request)
    assert again.exchange_id == first.exchange_id and again.document == first.document


def a_revoked_certificate_is_refused_at_the_next_call():
    open_client = YINCHUAN.client()
    request = YINCHUAN.request()
    with open_client as hub:
        assert YINCHUAN.state(hub.exchange(request)) == "delivered"
        CITY.tongban("pki", "revoke", ASKER, "--data", CITY.data)
        # On a connection that was open before, and by its own finished exchange too.
        refused(YINCHUAN, "certificate.revoked", lambda: hub.exchange(request))
    YINCHUAN.received.clear()
    for attempt in (YINCHUAN.request(), request):
        assert YINCHUAN.refusal(attempt) == "certificate.revoked"  # told once a minute, refused always
    assert texts_in(YINCHUAN.received, TEXTS) == 0


def the_log_with_all_denials_verifies():
    assert len(denials()) >= 15
    CITY.tongban("audit", "verify", "--data", CITY.data)
    exported = CITY.data / "export"
    CITY.tongban("audit", "export", exported, "--data", CITY.data)
    done = subprocess.run(["/usr/bin/python3", ROOT / "tests" / "tools" / "verify_log.py", exported], capture_output=True,
                          text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    for leaf in denials():
        assert texts_in(json.dumps(leaf, ensure_ascii=False).encode(), TEXTS) == 0


if __name__ == "__main__":
    TEXTS = population()
    with tempfile.TemporaryDirectory(prefix="tongban-configs-") as temporary:
        CITY = City(bin_folder(), seed=SEED, options=["--configs", make_configs(pathlib.Path(temporary))])
        make_keys(CITY.data)
        with CITY:
            YINCHUAN = Asker(CITY)
            OTHER = Asker(CITY, YINCHUAN.wire, STRANGER)
            run_tests([the_search_finds_what_a_delivery_holds, a_member_without_an_agreement_is_refused,
                       another_purpose_is_refused, an_agreement_holds_on_its_days_alone,
                       no_consent_or_one_that_does_not_fit_is_refused, a_withdrawn_consent_is_refused,
                       a_consent_withdrawn_while_an_office_is_slow_lets_nothing_out,
                       a_withdrawal_twice_changes_nothing_and_of_nobodys_consent_is_refused, a_consent_of_another_person_is_refused,
                       someone_elses_signature_is_refused, someone_elses_exchange_is_not_shown,
                       a_certificate_of_another_authority_does_not_pass_the_door, a_repeated_request_gets_the_first_outcome,
                       a_request_id_with_other_content_is_a_conflict,
                       a_revoked_certificate_is_refused_at_the_next_call, the_log_with_all_denials_verifies])
