"""What bad_input_test.py needs to talk to a running city: TLS of its own, whole exchanges, offices told to misbehave."""
import contextlib
import json
import pathlib
import re
import socket
import ssl
import struct
import time
import urllib.request
import uuid

import harness  # noqa: F401 - makes tests/support known
from city import ASKER
from wire_client import Client, Signer, load_wire, make_request
from thrift.Thrift import TMessageType
from thrift.protocol import TCompactProtocol
from thrift.transport import TTransport

XIAN = "610100.housing-fund"
REGISTRY = "640100.real-estate"
SOCIAL = "610100.social-security"
CLOSED = "connection.closed"
SERVED = "others.served"


class Tools:
    """A city, and the ways to speak to it."""

    def __init__(self, city):
        self.city = city
        self.wire = load_wire()
        self.types = self.wire[0]
        self.pki = city.data / "pki"
        self.rpc = city.description["rpc_port"]
        self.lease = city.description["lease_port"]
        self.signer = Signer(self.pki / ASKER / "signing.key")
        self.slow = {}  # name -> serial of the request

    # --- tools ----------------------------------------------------------------------------------------------------

    def context(self, identity=ASKER, version=ssl.TLSVersion.TLSv1_3):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.load_verify_locations(self.pki / "ca.pem")
        context.minimum_version = context.maximum_version = version
        if identity:
            context.load_cert_chain(self.pki / identity / "tls.pem", self.pki / identity / "tls.key")
        return context

    @contextlib.contextmanager
    def tls(self, port=None):
        with socket.create_connection(("127.0.0.1", port or self.rpc), timeout=20) as plain:
            with self.context().wrap_socket(plain, server_hostname="localhost") as secured:
                yield secured

    @staticmethod
    def closes(peer, seconds=20):
        """CLOSED when the other side ends the connection without an answer."""
        peer.settimeout(seconds)
        try:
            said = peer.recv(4096)
        except (ConnectionError, ssl.SSLError):
            return CLOSED
        except TimeoutError:
            return "no answer"
        return CLOSED if said == b"" else f"answered {len(said)} bytes"

    def client(self, service="HubGateway", identity=ASKER):
        return Client(self.wire, service, self.lease if service == "ConnectorGateway" else self.rpc, self.pki, identity)

    def refusal(self, request, service="HubGateway"):
        with self.client(service) as hub:
            try:
                outcome = hub.exchange(request)
            except self.types.Refusal as refusal:
                self.last_zh = refusal.zh
                return refusal.code
        codes = [finding.code for finding in outcome.findings]
        return codes[0] if codes else self.types.ExchangeState._VALUES_TO_NAMES[outcome.state]

    def request(self, **changes):
        return make_request(self.types, self.signer, self.city.request_bytes("--serial", new_serial()), **changes)

    def call_bytes(self, name="checkpoint"):
        """A framed compact call without arguments."""
        memory = TTransport.TMemoryBuffer()
        protocol = TCompactProtocol.TCompactProtocol(memory)
        protocol.writeMessageBegin(name, TMessageType.CALL, 1)
        protocol.writeStructBegin("args")
        protocol.writeFieldStop()
        protocol.writeStructEnd()
        protocol.writeMessageEnd()
        body = memory.getvalue()
        return struct.pack(">i", len(body)) + body

    def serves(self):
        """The hub answers a call, the asker's connector its health."""
        with self.client() as hub:
            try:
                hub.result("no-such-exchange", 0)
            except self.types.Refusal:
                pass
        with urllib.request.urlopen(self.city.requests_url().rsplit("/", 1)[0] + "/health", timeout=10) as answer:
            assert json.loads(answer.read())["state"] == "ready"

    def exchange(self, seconds=60):
        """A whole exchange as the office starts it: (state, codes of findings)."""
        serial = new_serial()
        status, answer = self.city.post_request(self.city.request_bytes("--serial", serial))
        if status >= 400:
            return answer.get("code", str(status)), []
        final = self.city.wait_final(serial, seconds)
        return final["state"], [finding["code"] for finding in final.get("findings", [])]

    @contextlib.contextmanager
    def misbehaving(self, member, mode, **more):
        folder = self.city.data / "offices" / member
        order = folder / "misbehave.json"
        order.write_text(json.dumps({"mode": mode, **more}))
        try:
            yield
        finally:
            order.unlink()

    def part_code(self, member, mode, seconds=90, **more):
        """The code of the part's finding, or what became of the exchange."""
        with self.misbehaving(member, mode, **more):
            return part_of(*self.exchange(seconds))


def part_of(state, codes):
    """The code that a part's finding has, or what became of the exchange."""
    known = [code for code in codes if code.startswith(("part.", "encoding.", "xml.", "xsd.", "json", "rows."))]
    return known[0] if known else state


def new_serial():
    return "BAD-" + uuid.uuid4().hex[:20]


def memory_of(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024


def closes_after_alert(peer):
    """A TLS server answers nonsense with an alert (0x15) or nothing, and closes."""
    peer.settimeout(20)
    said = b""
    try:
        while more := peer.recv(4096):
            said += more
    except ConnectionError:
        pass
    except TimeoutError:
        return "no answer"
    return CLOSED if said[:1] in (b"", b"\x15") else f"answered {said[:16]!r}"
