"""Every receipt that a running hub gives for its exchanges' leaves, verified by the independent verifier: one connection, one
process, so that thousands are a matter of seconds."""
import contextlib
import json
import pathlib
import sqlite3
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tools"))
from tlog import Bad, Key  # noqa: E402
from verify_receipt import verify  # noqa: E402
from wire_client import Client, load_wire  # noqa: E402

KINDS = {1: "denied", 2: "intent", 3: "outcome"}


def rows_of(path, query, *values):
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)) as database:
        return database.execute(query, values).fetchall()


def wait_logged(city, seconds=60):
    """Until no exchange is open and no leaf waits for its place in the log."""
    path = city.data / "hub" / "hub.db"
    deadline = time.monotonic() + seconds
    while True:
        left, = rows_of(path, "SELECT (SELECT count(*) FROM exchange WHERE is_open=1), (SELECT count(*) FROM log_pending)")
        if left == (0, 0):
            return
        if time.monotonic() > deadline:
            raise AssertionError(f"{left[0]} exchanges are open, {left[1]} leaves wait")
        time.sleep(0.1)


def logged_leaves(city):
    """[(exchange, kind, place in the log, leaf's bytes, its JSON)] of every exchange."""
    found = rows_of(city.data / "hub" / "hub.db",
                    "SELECT a.exchange_id, a.kind, e.idx, a.leaf FROM audit a LEFT JOIN log_entry e ON e.shard=a.shard AND "
                    "e.seq=a.seq WHERE a.kind IN (1,2,3) ORDER BY e.idx")
    return [(exchange, KINDS[kind], index, bytes(leaf), json.loads(leaf)) for exchange, kind, index, leaf in found]


def receipt_problems(city, leaves, wire=None):
    """What is wrong with the receipts of these leaves."""
    exported = city.data / "receipts-export"
    city.tongban("audit", "export", exported, "--data", city.data)
    log = Key((exported / "log.vkey").read_text(encoding="utf-8"))
    wire = wire or load_wire()
    found = []
    with Client(wire, "AuditGateway", city.description["rpc_port"], city.data / "pki", "auditor") as auditor:
        for exchange, kind, index, leaf, _ in leaves:
            try:
                receipt = auditor.receipt(exchange, kind)
                said = verify(receipt, leaf, log, [], 0)
                if f"entry {index} of" not in said:
                    found.append(f"{kind} receipt of {exchange}: {said}, but it is entry {index}")
            except (Bad, wire[0].Refusal) as error:
                found.append(f"{kind} receipt of {exchange}: {error}")
    return found
