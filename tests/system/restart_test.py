#!/usr/bin/python3
"""The hub is killed, told to read its policy again, told to stop, while exchanges run; what it acknowledged is kept.

Reloaded without a restart: agreements, members with their keys and witnesses, formats, resources and their routes in the
hub; the whole of its file in a connector. Whatever is wrong is refused with its place, and what was in force stays.
"""
import contextlib
import os
import pathlib
import re
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import threading
import time
import uuid

from harness import ROOT, bin_folder, run_tests
from asker import Asker, leaves, leaves_of, misbehaving
from city import ASKER, City
from newcomer import issue_keys, write_agreement, write_connector, write_formats, write_member, write_routes
from thrift.transport import TTransport

XIAN = "610100.housing-fund"
TAX = "640100.tax"
NEWCOMER = "640181.housing-fund"
ROUTES = "housing-fund.loan-eligibility.yaml"
SEED = 31


def a_pending_exchange_survives_kill_9_and_is_delivered_once():
    request = YINCHUAN.request(wait_ms=0)
    with misbehaving(CITY, XIAN, "slow", delay_ms=4000):
        first = YINCHUAN.exchange(request)
        assert YINCHUAN.state(first) == "pending", YINCHUAN.state(first)
        CITY.kill("hub", signal.SIGKILL)
        CITY.start("hub")
        assert YINCHUAN.state(YINCHUAN.result(first.exchange_id, 0)) == "pending", "it was answered before the kill"
    last = YINCHUAN.final(first.exchange_id)
    assert YINCHUAN.state(last) == "delivered", (YINCHUAN.state(last), last.findings)
    again = YINCHUAN.exchange(request)
    assert (again.exchange_id, again.document) == (first.exchange_id, last.document)
    YINCHUAN.acknowledge(last)
    YINCHUAN.acknowledge(last)
    assert leaves_of(CITY.data, first.exchange_id) == ["intent", "outcome"]


def a_pushed_exchange_survives_kill_9_and_reaches_the_office_once():
    before = received()
    serial = "RST-" + uuid.uuid4().hex[:20]
    with misbehaving(CITY, XIAN, "slow", delay_ms=3000):
        status, answer = CITY.post_request(CITY.request_bytes("--serial", serial))
        assert status < 400 and answer["exchange"], (status, answer)
        CITY.kill("hub", signal.SIGKILL)
        CITY.start("hub")
    final = CITY.wait_final(serial)
    assert final["state"] == "delivered", final
    assert final["exchange"] == answer["exchange"]
    assert leaves_of(CITY.data, final["exchange"]) == ["intent", "outcome"]
    assert received() == (before[0] + 1, before[1]), (before, received())


def received():
    """Deliveries that the asker's office took, and those it was offered again with other content."""
    with contextlib.closing(sqlite3.connect(f"file:{CITY.data}/offices/{ASKER}/office.db?mode=ro", uri=True)) as office:
        (taken,) = office.execute("SELECT count(*) FROM deliveries").fetchone()
        (other,) = office.execute("SELECT coalesce(sum(other_content), 0) FROM repeats").fetchone()
        return taken, other


def reload(expected, name="hub"):
    word, said = CITY.reload(name)
    assert word == expected, said
    return said


def a_policy_comes_into_force_by_sighup_and_a_wrong_one_does_not():
    agreement = CONFIGS / "agreements" / "A-640100-hf-0001.yaml"
    good = agreement.read_text()
    pid = CITY.pid("hub")

    agreement.write_text(good + "no_such_key: 1\n")
    said = reload("reload refused")
    assert "A-640100-hf-0001.yaml" in said, said
    assert delivered(), "the old policy must stay when the new one is wrong"

    agreement.unlink()  # the other one does not cover the purpose
    reload("reloaded")
    assert YINCHUAN.refusal(YINCHUAN.request()) == "agreement.purpose"

    agreement.write_text("agreement: [\n")
    reload("reload refused")
    assert YINCHUAN.refusal(YINCHUAN.request()) == "agreement.purpose"

    agreement.write_text(good)
    reload("reloaded")
    assert delivered()
    os.kill(pid, 0)  # the same process all the while


def newcomer_asks():
    """The newcomer asks in its own format; the outcome, or the code of the refusal."""
    try:
        with JOINING.client() as hub:
            return hub.exchange(JOINING.request(schema=f"{NEWCOMER}/loan-eligibility-request@1"))
    except JOINING.types.Refusal as refusal:
        return refusal.code


def a_member_joins_a_running_hub_with_all_that_is_its_own():
    pid = CITY.pid("hub")
    assert newcomer_asks() == "member.unknown"

    file = write_member(CONFIGS, NEWCOMER)
    good = file.read_text()
    for wrong, names in ((good.replace("roles: [requester]", "roles: [guest]"), "guest"),
                         (good.replace(f"{NEWCOMER}/signing.pem", f"{ASKER}/signing.pem"), "signing")):
        assert wrong != good
        file.write_text(wrong)
        said = reload("reload refused")
        assert f"{NEWCOMER}.yaml" in said and "line=" in said, said
        assert newcomer_asks() == "member.unknown" and delivered()

    file.write_text(good)
    reload("reloaded")
    assert newcomer_asks() == "agreement.none"

    write_formats(FILES, NEWCOMER)
    write_agreement(CONFIGS, NEWCOMER, "A-640181-hf-0001")
    said = reload("reload refused")  # nobody answers for its city yet
    assert "A-640181-hf-0001.yaml" in said, said
    assert newcomer_asks() == "agreement.none"

    write_routes(CONFIGS, ROUTES, "640181")
    reload("reloaded")
    outcome = newcomer_asks()
    assert JOINING.state(outcome) == "delivered", outcome
    assert set(outcome.envelopes) == {"certificate", "employment", "homes", "tax"}, set(outcome.envelopes)
    (intent,) = [leaf for leaf in leaves(CITY.data) if leaf.get("exchange") == outcome.exchange_id]
    assert (intent["requester"], intent["agreement"]) == (NEWCOMER, "A-640181-hf-0001@1"), intent
    named = [leaf for leaf in leaves(CITY.data) if leaf["kind"] == "config"][-1]["versions"]
    assert any("A-640181-hf-0001" in name for name in named), sorted(named)[:5]
    os.kill(pid, 0)  # the same process all the while
    assert CITY.pid("hub") == pid


def its_connector_is_a_witness_of_the_log_at_once():
    """Its key came with a reload: the hub counts its cosignatures, and so does whoever verifies the log."""
    config = write_connector(CONFIGS, NEWCOMER)
    settings = [f"DATA={CITY.data}", f"HUB_RPC_PORT={CITY.description['rpc_port']}",
                f"HUB_LEASE_PORT={CITY.description['lease_port']}"]
    command = [bin_folder() / "tongban", "connector", "--config", config]
    command += [word for setting in settings for word in ("--set", setting)]
    with open(CITY.data / "logs" / "newcomer.log", "wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as child:
        try:
            deadline = time.monotonic() + 30
            while not cosigned_by(NEWCOMER) and time.monotonic() < deadline:
                assert child.poll() is None, "the newcomer's connector ended"
                time.sleep(0.1)
        finally:
            child.terminate()
    assert child.returncode == 0, child.returncode
    assert cosigned_by(NEWCOMER) > 0, "no cosignature of the newcomer was taken"


def cosigned_by(member):
    with contextlib.closing(sqlite3.connect(f"file:{CITY.data}/hub/hub.db?mode=ro", uri=True)) as store:
        return store.execute("SELECT count(*) FROM log_cosig WHERE witness = ?", (f"{member}/witness",)).fetchone()[0]


def a_route_moves_by_a_reload_and_a_wrong_one_does_not():
    resource = CONFIGS / "resources" / ROUTES
    good = resource.read_text()
    pid = CITY.pid("hub")

    resource.write_text(good.replace(f"member: {TAX}", "member: 640100.nobody"))
    said = reload("reload refused")
    assert ROUTES in said and "line=" in said, said
    assert "tax" in YINCHUAN.exchange(YINCHUAN.request()).envelopes, "the old route must stay when the new one is wrong"

    resource.write_text(re.sub(r"operation: deed-tax\b", "operation: no-such-operation", good))
    reload("reloaded")
    outcome = YINCHUAN.exchange(YINCHUAN.request())
    assert YINCHUAN.state(outcome) == "delivered" and "tax" not in outcome.envelopes, set(outcome.envelopes)
    assert [one.part for one in outcome.findings if one.part == "tax"], outcome.findings

    resource.write_text(good)
    reload("reloaded")
    assert "tax" in YINCHUAN.exchange(YINCHUAN.request()).envelopes
    assert CITY.pid("hub") == pid


def a_connector_reads_its_file_again_whole_or_not_at_all():
    name = f"connector {TAX}"
    file = CONFIGS / "connectors" / f"{TAX}.yaml"
    good = file.read_text()
    pid = CITY.pid(name)

    file.write_text(good.replace("path: /api/qs/query", "path: /api/moved") + "no_such_key: 1\n")
    said = reload("reload refused", name)
    assert "no_such_key" in said and f"{TAX}.yaml" in said and "line=" in said, said
    assert "tax" in YINCHUAN.exchange(YINCHUAN.request()).envelopes, "half of a wrong file came into force"

    file.write_text(good.replace("lanes: 4", "lanes: 5"))
    said = reload("reload refused", name)
    assert "lanes" in said and "restart" in said, said

    file.write_text(good.replace("path: /api/qs/query", "path: /api/moved"))
    reload("reloaded", name)
    outcome = YINCHUAN.exchange(YINCHUAN.request())
    assert "tax" not in outcome.envelopes and [one for one in outcome.findings if one.part == "tax"], outcome.findings

    file.write_text(good)
    reload("reloaded", name)
    assert "tax" in answered_again(), "the office is asked where it is"
    os.kill(pid, 0)
    assert CITY.pid(name) == pid


def answered_again():
    """Parts of the first good exchange, once the breaker of an office that failed has closed again."""
    deadline = time.monotonic() + 30
    while True:
        parts = set(YINCHUAN.exchange(YINCHUAN.request()).envelopes)
        if "tax" in parts or time.monotonic() > deadline:
            return parts
        time.sleep(0.5)


def add_second_agreement():
    folder = CONFIGS / "agreements"
    text = (folder / "A-640100-hf-0001.yaml").read_text()
    text = text.replace("agreement: A-640100-hf-0001", "agreement: A-review").replace("purpose: loan-approval", "purpose: review")
    (folder / "A-review.yaml").write_text(text)


def delivered():
    return YINCHUAN.state(YINCHUAN.exchange(YINCHUAN.request())) == "delivered"


def sigterm_ends_with_0_while_exchanges_run_and_nothing_acknowledged_is_lost():
    CITY.kill("hub", signal.SIGKILL)
    CITY.start("hub")  # a child of this test's, so that its exit code can be had
    child = CITY.children["hub"]
    answers = []

    def ask(request):
        try:
            answers.append(YINCHUAN.exchange(request))
        except YINCHUAN.types.Refusal as refusal:
            answers.append(refusal.code)
        except (OSError, EOFError, TTransport.TTransportException) as error:
            answers.append(type(error).__name__)

    requests = [YINCHUAN.request(wait_ms=20_000 if i % 2 else 0) for i in range(6)]
    with misbehaving(CITY, XIAN, "slow", delay_ms=3000):
        threads = [threading.Thread(target=ask, args=(request,)) for request in requests]
        for thread in threads:
            thread.start()
        deadline = time.monotonic() + 20
        while len(answers) < 3 and time.monotonic() < deadline:  # the asynchronous half has its acknowledgement
            time.sleep(0.02)
        started = time.monotonic()
        child.send_signal(signal.SIGTERM)
        code = child.wait(timeout=30)
        took = time.monotonic() - started
        for thread in threads:
            thread.join(timeout=40)
    assert code == 0, f"exit {code}"
    assert took < 20, f"{took:.1f} s to stop"
    assert len(answers) == len(requests), "a caller hangs"
    CITY.children.pop("hub")
    CITY.start("hub")
    acknowledged = [one for one in answers if not isinstance(one, str)]
    assert len(acknowledged) >= 3, answers
    assert all(one in ("stopping", "TTransportException") for one in answers if isinstance(one, str)), answers
    for one in acknowledged:
        assert YINCHUAN.state(YINCHUAN.final(one.exchange_id)) == "delivered"
        assert leaves_of(CITY.data, one.exchange_id) == ["intent"]
    for request in requests:  # whoever got no answer asks again with the same id
        outcome = YINCHUAN.exchange(request)
        assert YINCHUAN.state(YINCHUAN.final(outcome.exchange_id)) == "delivered"
        assert leaves_of(CITY.data, outcome.exchange_id) == ["intent"]


def the_log_verifies_with_the_journals_of_both_sides():
    CITY.tongban("audit", "verify", "--data", CITY.data, "--journals")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="tongban-configs-") as temporary:
        FILES = pathlib.Path(temporary)
        CONFIGS = FILES / "configs"
        for folder in ("configs", "schemas", "mapping"):
            shutil.copytree(ROOT / folder, FILES / folder)
        add_second_agreement()
        with City(bin_folder(), seed=SEED, options=["--root", FILES, "--configs", CONFIGS]) as CITY:
            YINCHUAN = Asker(CITY)
            issue_keys(bin_folder() / "tongban", NEWCOMER, CITY.data)
            JOINING = Asker(CITY, YINCHUAN.wire, NEWCOMER)
            run_tests([a_pending_exchange_survives_kill_9_and_is_delivered_once,
                       a_pushed_exchange_survives_kill_9_and_reaches_the_office_once,
                       a_policy_comes_into_force_by_sighup_and_a_wrong_one_does_not,
                       a_member_joins_a_running_hub_with_all_that_is_its_own,
                       its_connector_is_a_witness_of_the_log_at_once,
                       a_route_moves_by_a_reload_and_a_wrong_one_does_not,
                       a_connector_reads_its_file_again_whole_or_not_at_all,
                       sigterm_ends_with_0_while_exchanges_run_and_nothing_acknowledged_is_lost,
                       the_log_verifies_with_the_journals_of_both_sides])
