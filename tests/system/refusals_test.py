#!/usr/bin/python3
"""Who must not ask is refused with the right code, each refusal is a leaf of the log, and not one byte of the record leaves.

Every byte that the hub sent on the connection is looked at, to its end: it is the refusal and nothing behind it; it is the
same, byte for byte, whoever is asked about; and it holds no value of the offices' own records, short ones among them.

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
import struct
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request

from harness import ROOT, bin_folder, run_tests
from asker import Asker, leaves, leaves_of, misbehaving, texts_in
from city import ASKER, City
from newcomer import issue_keys, write_member
from thrift.Thrift import TMessageType
from thrift.protocol import TCompactProtocol
from thrift.transport import TTransport

STRANGER = "640200.housing-fund"
SEED = 21
HOLDERS = ("610100.housing-fund", "610100.social-security", "640100.real-estate", "640100.tax", ASKER)
ANOTHER = ("--people", "2", "--index", "1")  # the second of the same people


def make_configs(folder):
    """The runnable pair, with a member that has no agreement, and two agreements that are not in force today."""
    configs = folder / "configs"
    shutil.copytree(ROOT / "configs", configs)
    write_member(configs, STRANGER)
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
        issue_keys(tool, path.stem, data)
    issue_keys(tool, STRANGER, data, role="client")
    issue_keys(tool, "auditor", data, role="auditor")


def sandbox(*arguments):
    return subprocess.run([bin_folder() / "tongban-sandbox", *arguments, "--seed", str(SEED)], capture_output=True,
                          check=True).stdout


def population():
    texts = set()
    for more in ([], ["--people", "2"]):
        texts.update(line for line in sandbox("population", *more).decode().splitlines() if line)
    assert len(texts) > 5
    return texts


def held_about(index):
    """Every value of the native records that the offices hold about one of the people: ledger and opening balance, wage base,
    single amounts and dates, as they are written there."""
    values = set()
    for member in HOLDERS:
        record = sandbox("record", member, "--people", "2", "--index", str(index))
        values |= values_of(record.decode("gb18030" if b"GB18030" in record else "utf-8"))
    return values


def values_of(text):
    """Of XML, or of JSON: one document, or one a row. What is shorter than four letters stands anywhere."""
    values = set(re.findall(r">\s*([^<>]*[^<>\s])\s*<", text)) | set(re.findall(r'\s[\w:]+="([^"<>]*)"', text))
    for line in text.splitlines():
        if line.startswith("{"):
            values.update(scalars(json.loads(line, parse_float=str, parse_int=str)))
    return {value for value in values if len(value) >= 4}


def scalars(value):
    if isinstance(value, dict):
        return [one for below in value.values() for one in scalars(below)]
    if isinstance(value, list):
        return [one for below in value for one in scalars(below)]
    return [value] if isinstance(value, str) else []


def distinct(values):
    """Of the values, those that no hash, identifier or time can hold by chance."""
    return {value for value in values if len(value) >= 9 or not re.fullmatch("[0-9a-fA-F-]+", value)}


def denials():
    return [leaf for leaf in leaves(CITY.data) if leaf["kind"] == "denied"]


def whole_refusal(asker, sent):
    """The bytes end with one frame, whose one reply holds the exception and nothing else; before it came at most answers that
    nothing has ended yet."""
    (size,) = struct.unpack(">i", sent[:4])
    while size < len(sent) - 4:
        sent = sent[4 + size:]
        (size,) = struct.unpack(">i", sent[:4])
    assert size == len(sent) - 4, f"{len(sent) - 4 - size} bytes beyond the frame"
    buffer = TTransport.TMemoryBuffer(sent[4:])
    protocol = TCompactProtocol.TCompactProtocol(buffer)
    method, kind, _ = protocol.readMessageBegin()
    assert method in ("exchange", "result") and kind == TMessageType.REPLY, (method, kind)
    result = getattr(asker.wire[1]["HubGateway"], f"{method}_result")()
    result.read(protocol)
    assert result.success is None and result.refusal is not None
    assert buffer.read(1) == b"", "more than one message"
    again = TTransport.TMemoryBuffer()  # what we cannot read in it would be missing when it is written again
    writing = TCompactProtocol.TCompactProtocol(again)
    writing.writeMessageBegin(method, kind, 0)
    result.write(writing)
    assert len(again.getvalue()) == size, "the refusal has a field that the IDL does not"


def refused(asker, code, call):
    """The call is refused with the code, by one new leaf of the log that a trace shows, and no field came with it: the bytes
    that came."""
    before = {leaf["exchange"] for leaf in denials()}
    asker.received.clear()
    try:
        outcome = call()
        raise AssertionError(f"not refused: {outcome}")
    except asker.types.Refusal as refusal:
        assert refusal.code == code, (code, refusal.code, refusal.where)
        assert refusal.zh and refusal.en
    sent = bytes(asker.received)
    assert len(sent) > 50, "the recorder recorded nothing"
    assert texts_in(sent, TEXTS | VALUES) == 0, f"{code}: a value left with the refusal"
    whole_refusal(asker, sent)
    new = [leaf for leaf in denials() if leaf.get("exchange") not in before]
    assert len(new) == 1, f"{code}: {len(new)} leaves"
    (leaf,) = new
    assert leaf["requester"] == asker.member and leaf["decision"] == code, leaf
    assert leaves_of(CITY.data, leaf["exchange"]) == ["denied"]
    traced = json.loads(CITY.tongban("trace", leaf["exchange"], "--data", CITY.data, "--format", "json").stdout)
    assert [entry["kind"] for entry in traced["leaves"]] == ["denied"], traced
    assert texts_in(json.dumps(traced, ensure_ascii=False).encode(), TEXTS | distinct(VALUES)) == 0
    return sent


def refused_request(asker, code, **changes):
    """Refused, and, where it is not said whom it is about, in the same bytes whoever that is."""
    request = asker.request(**changes)
    sent = refused(asker, code, lambda: asker.exchange(request))
    if "body" not in changes:
        other = asker.request(**{**changes, "body": asker.body(*ANOTHER)})
        assert refused(asker, code, lambda: asker.exchange(other)) == sent, f"{code}: what is sent depends on the person"


def the_search_finds_what_a_delivery_holds():
    YINCHUAN.received.clear()
    outcome = YINCHUAN.exchange(YINCHUAN.request())
    assert YINCHUAN.state(outcome) == "delivered", outcome.findings
    assert texts_in(YINCHUAN.received, TEXTS) >= 2, "then it would find no leak either"
    assert texts_in("".join(TEXTS).encode("gb18030"), TEXTS) == len(TEXTS)
    granted = texts_in(YINCHUAN.received, VALUES)
    assert granted > 5, f"nor of the offices' own values: {granted}"
    # And those that are delivered in the asker's own words: fen for yuan, dates with hyphens. What is a word or a member's
    # id names nobody.
    own = {value for value in values_of(outcome.document.decode()) if not re.fullmatch(r"[\d.]*[a-z.-]+", value)}
    VALUES.update(own - held_about(1))
    assert texts_in(YINCHUAN.received, VALUES) > granted + 10


def a_delivery_holds_what_was_granted_and_nothing_of_the_rest():
    """The agreement names neither the ledger, nor the balance before it, nor the agency's wage base."""
    fund = sandbox("record", HOLDERS[0], "--people", "2").decode("gb18030")
    agency = [json.loads(line) for line in sandbox("record", HOLDERS[1], "--people", "2").decode().splitlines()]
    withheld = re.findall(r"<gjj:QCYE>([^<]+)<", fund) + re.findall(r"<gjj:YWLSH>([^<]+)<", fund)
    withheld += [row["AAC001"] for row in agency]
    interest = [value for value in re.findall(r"<gjj:FSLXE>([^<]+)<", fund) if not value.endswith(".00")]
    assert len(set(withheld)) > 10 and interest, "then nothing is shown"
    forms = {form for value in withheld + interest for form in (value, value.replace(".", "")) if len(form) >= 4}
    YINCHUAN.received.clear()
    assert YINCHUAN.state(YINCHUAN.exchange(YINCHUAN.request())) == "delivered"
    assert texts_in(YINCHUAN.received, forms) == 0


def the_people_have_little_in_common():
    """Or it would say nothing that a refusal about one of them is the refusal about the other."""
    first, second = held_about(0), held_about(1)
    assert len(first - second) > 60 and len(second - first) > 60, (len(first), len(second), len(first & second))
    amounts = [value for value in VALUES if re.fullmatch(r"\d+\.\d\d", value)]
    assert len(amounts) > 20 and any(len(value) <= 7 for value in amounts), "no ledger, no single amount"


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
    other = YINCHUAN.body(*ANOTHER)
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
    assert texts_in(OTHER.received, TEXTS | VALUES) == 0


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
    assert texts_in(YINCHUAN.received, TEXTS | VALUES) == 0


def status(path):
    url = f"http://127.0.0.1:{CITY.process('hub')['status_port']}{path}"
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read().decode()


def the_status_door_counts_the_denials_and_names_nobody():
    assert status("/health") == (200, '{"state":"alive"}\n')
    assert status("/ready") == (200, '{"state":"ready"}\n')
    code, text = status("/metrics")
    assert code == 200
    line = re.compile(r'# (HELP|TYPE) tongban_[a-z_]+ .+|(tongban_[a-z_]+)(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? ([0-9.]+)')
    series = {}
    for one in text.splitlines():
        found = line.fullmatch(one)
        assert found, one
        if found[2]:
            series[found[2] + (found[3] or "")] = float(found[5])
    assert series["tongban_denials_total"] == len(denials()), series["tongban_denials_total"]
    assert series['tongban_exchanges_total{state="delivered"}'] >= 5 and series["tongban_ready"] == 1
    assert series["tongban_middle_seconds_count"] == series['tongban_middle_seconds_bucket{le="+Inf"}'] >= 5
    assert series["tongban_log_size"] >= len(denials()) + 5
    names = {value for value in distinct(VALUES) if not re.fullmatch(r"[\d.]+", value)}
    assert texts_in(text.encode(), TEXTS | names) == 0
    assert status("/trace")[0] == 404


def the_log_with_all_denials_verifies():
    assert len(denials()) >= 15
    CITY.tongban("audit", "verify", "--data", CITY.data)
    exported = CITY.data / "export"
    CITY.tongban("audit", "export", exported, "--data", CITY.data)
    done = subprocess.run(["/usr/bin/python3", ROOT / "tests" / "tools" / "verify_log.py", exported], capture_output=True,
                          text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    for leaf in denials():
        assert texts_in(json.dumps(leaf, ensure_ascii=False).encode(), TEXTS | distinct(VALUES)) == 0


if __name__ == "__main__":
    TEXTS = population()
    VALUES = held_about(0) ^ held_about(1)  # what both have, or every message holds, names nobody
    with tempfile.TemporaryDirectory(prefix="tongban-configs-") as temporary:
        CITY = City(bin_folder(), seed=SEED, options=["--configs", make_configs(pathlib.Path(temporary))])
        make_keys(CITY.data)
        with CITY:
            YINCHUAN = Asker(CITY)
            OTHER = Asker(CITY, YINCHUAN.wire, STRANGER)
            YINCHUAN.listen_on = OTHER.listen_on = 0.1
            run_tests([the_search_finds_what_a_delivery_holds, the_people_have_little_in_common,
                       a_delivery_holds_what_was_granted_and_nothing_of_the_rest, a_member_without_an_agreement_is_refused,
                       another_purpose_is_refused, an_agreement_holds_on_its_days_alone,
                       no_consent_or_one_that_does_not_fit_is_refused, a_withdrawn_consent_is_refused,
                       a_consent_withdrawn_while_an_office_is_slow_lets_nothing_out,
                       a_withdrawal_twice_changes_nothing_and_of_nobodys_consent_is_refused, a_consent_of_another_person_is_refused,
                       someone_elses_signature_is_refused, someone_elses_exchange_is_not_shown,
                       a_certificate_of_another_authority_does_not_pass_the_door, a_repeated_request_gets_the_first_outcome,
                       a_request_id_with_other_content_is_a_conflict,
                       a_revoked_certificate_is_refused_at_the_next_call,
                       the_status_door_counts_the_denials_and_names_nobody, the_log_with_all_denials_verifies])
