"""The asker as a program of its own: a Thrift client made from the IDL, its keys, and what a test looks up afterwards in the
hub's log. Every byte that the hub sent is kept, so that a test can search it."""
import contextlib
import hashlib
import json
import pathlib
import sqlite3
import time
import uuid

from city import ASKER
from wire_client import Client, Signer, load_wire, make_request

RESOURCE = "housing-fund/loan-eligibility"


class Asker:
    def __init__(self, city, wire=None, member=ASKER, pki=None):
        self.city, self.member = city, member
        self.wire = wire or load_wire()
        self.types = self.wire[0]
        self.pki = pathlib.Path(pki or city.data / "pki")
        self.signer = Signer(self.pki / member / "signing.key")
        self.received = bytearray()
        self.listen_on = 0.0  # seconds: before a connection is closed, for what the hub sends beyond its answer

    def client(self, service="HubGateway", port=None, timeout_ms=40_000):
        """A connection whose incoming bytes are kept."""
        client = Client(self.wire, service, port or self.city.description["rpc_port"], self.pki, self.member, timeout_ms)
        read = client.socket.read

        def keeping(size):
            got = read(size)
            self.received += got
            return got
        client.socket.read = keeping
        close = client.transport.close

        def closing():
            if self.listen_on and client.socket.isOpen():
                self.received += rest_of(client.socket.handle, self.listen_on)
            close()
        client.transport.close = closing
        return client

    def body(self, *extra):
        return self.city.request_bytes("--serial", "SYS-" + uuid.uuid4().hex[:20], *extra)

    def consent(self, **changes):
        now = int(time.time() * 1000)
        fields = dict(consent_id="C-" + uuid.uuid4().hex[:20], resource=RESOURCE, purpose="loan-approval",
                      receiver=self.member, given_at_ms=now - 60_000, valid_until_ms=now + 86_400_000, channel="counter",
                      evidence_sha256="0" * 64)
        return self.types.Consent(**{**fields, **changes})

    def request(self, body=None, signer=None, **changes):
        fields = dict(request_id="sys-" + uuid.uuid4().hex[:20], consent=self.consent(), wait_ms=20_000)
        return make_request(self.types, signer or self.signer, body or self.body(), **{**fields, **changes})

    def exchange(self, request):
        with self.client() as hub:
            return hub.exchange(request)

    def refusal(self, request):
        """The code of the refusal; an assertion when it was not refused."""
        try:
            outcome = self.exchange(request)
        except self.types.Refusal as refusal:
            return refusal.code
        raise AssertionError(f"not refused: {self.state(outcome)}")

    def result(self, exchange_id, wait_ms=20_000):
        with self.client() as hub:
            return hub.result(exchange_id, wait_ms)

    def final(self, exchange_id, seconds=40):
        """What result() says in the end."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            outcome = self.result(exchange_id, 5_000)
            if self.state(outcome) not in ("pending", "releasing"):
                return outcome
        raise AssertionError(f"exchange {exchange_id} did not end")

    def acknowledge(self, outcome):
        """Signs for the document; the receipt of the outcome leaf."""
        digest = hashlib.sha256(outcome.document).hexdigest()
        signed = {"acknowledgement_sha256": "", "document_sha256": digest, "exchange": outcome.exchange_id, "hub": "hub.yc",
                  "job": "", "v": "tongban/acknowledgement/v1"}
        with self.client() as hub:
            return hub.acknowledge(outcome.exchange_id, digest, self.signer.sign(self.types, signed))

    def state(self, outcome):
        return self.types.ExchangeState._VALUES_TO_NAMES[outcome.state]


def rest_of(peer, seconds):
    """What comes on an open connection until it is closed, or nothing comes for so long."""
    rest = bytearray()
    peer.settimeout(seconds)
    with contextlib.suppress(OSError):
        while more := peer.recv(65536):
            rest += more
    return rest


def leaves(data):
    """Every leaf that the hub's store holds, as its JSON."""
    with contextlib.closing(sqlite3.connect(f"file:{data}/hub/hub.db?mode=ro", uri=True)) as store:
        return [json.loads(leaf) for (leaf,) in store.execute("SELECT leaf FROM audit ORDER BY ts_ms, shard, seq")]


def leaves_of(data, exchange_id):
    """The kinds of the leaves of one exchange."""
    return [leaf["kind"] for leaf in leaves(data) if leaf.get("exchange") == exchange_id]


def texts_in(content, texts):
    """How many of the texts stand in the bytes, in UTF-8 or GB18030."""
    content = bytes(content)
    return sum(1 for text in texts if text.encode("utf-8") in content or text.encode("gb18030") in content)


@contextlib.contextmanager
def misbehaving(city, member, mode, **more):
    order = city.data / "offices" / member / "misbehave.json"
    order.write_text(json.dumps({"mode": mode, **more}))
    try:
        yield
    finally:
        order.unlink(missing_ok=True)
