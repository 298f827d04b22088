"""Steps that several inputs of bad_input_test.py share: a connector in another's place, a view that is not as agreed, files of
the registry that come late. What an input is called is its own method's name, there."""
import contextlib
import hashlib
import socket
import sqlite3
import ssl
import time

from bad_input_tools import CLOSED, REGISTRY, SOCIAL, XIAN, Tools, new_serial, part_of
from wire_client import Signer
from thrift.protocol import TCompactProtocol
from thrift.transport import TSSLSocket, TTransport


class Steps(Tools):
    """A city, and what is done to it on the way."""

    def handshake(self, context):
        try:
            with socket.create_connection(("127.0.0.1", self.rpc), timeout=20) as plain:
                with context.wrap_socket(plain, server_hostname="localhost") as peer:
                    peer.sendall(self.call_bytes())  # TLS 1.3 tells a client that it was refused only now
                    return self.closes(peer)
        except (ssl.SSLError, ConnectionError):
            return CLOSED

    def lease_with(self, context):
        transport = TTransport.TFramedTransport(TSSLSocket.TSSLSocket("localhost", self.lease, ssl_context=context,
                                                                      validate_callback=lambda *_: None))
        transport.open()
        try:
            service = self.wire[1]["ConnectorGateway"].Client(TCompactProtocol.TCompactProtocol(transport))
            service.lease(self.types.LeaseRequest(revision=1, max_jobs=1, wait_ms=0,
                                                  journal=self.types.JournalHead(number=0, hash=b"\0" * 32)))
            return "leased"
        except self.types.Refusal as refusal:
            self.last_zh = refusal.zh
            return refusal.code
        finally:
            transport.close()

    @contextlib.contextmanager
    def in_place_of_xian(self):
        name = "connector " + XIAN
        self.city.kill(name)
        try:
            yield
        finally:
            self.city.start(name)

    def leased_job(self, gateway, head):
        serial = new_serial()
        self.city.post_request(self.city.request_bytes("--serial", serial))
        deadline = time.monotonic() + 40
        while time.monotonic() < deadline:
            reply = gateway.lease(self.types.LeaseRequest(revision=1, max_jobs=16, wait_ms=2000, journal=head))
            for job in reply.jobs:
                return job
        raise RuntimeError("no job came")

    def envelope_of(self, job, native, signer=None, exchange=None, job_id=None, digest=None):
        signer = signer or Signer(self.pki / XIAN / "signing.key")
        now = int(time.time() * 1000)
        digest = digest or hashlib.sha256(native).hexdigest()
        signed = {"exchange": exchange or job.exchange_id, "hub": job.hub, "job": job_id or job.job_id, "sha256": digest,
                  "time_ms": now, "v": "tongban/envelope/v1"}
        return self.types.SignedEnvelope(member=XIAN, exchange_id=signed["exchange"], job_id=signed["job"],
                                         native_sha256=digest, time_ms=now, signature=signer.sign(self.types, signed))

    def completed(self, make_envelope):
        head = self.journal_head(XIAN)
        with self.in_place_of_xian(), self.client("ConnectorGateway", XIAN) as gateway:
            job = self.leased_job(gateway, head)
            native = b"<x/>"
            completion = self.types.Completion(token=job.token, exchange_id=job.exchange_id, job_id=job.job_id,
                                               kind=self.types.AnswerKind.answered, native_record=native,
                                               envelope=make_envelope(job, native), reason="", source_time_ms=0, findings=[])
            try:
                gateway.complete([completion], [], head)
            except self.types.Refusal as refusal:
                self.last_zh = refusal.zh
                return refusal.code
            return "accepted"

    def journal_head(self, member):
        with sqlite3.connect(f"file:{self.city.data}/connectors/{member}/connector.db?mode=ro", uri=True) as book:
            number, value = book.execute("SELECT n, hash FROM journal ORDER BY n DESC LIMIT 1").fetchone() or (0, b"\0" * 32)
        return self.types.JournalHead(number=number, hash=bytes(value))

    def posted(self, body):
        status, answer = self.city.post_request(body)
        if status < 400:
            return f"accepted {status}"
        self.last_zh = answer.get("zh")
        if status == 413 and not answer:
            return "request.too_large"  # refused by its length alone, before it was read
        codes = [finding["code"] for finding in answer.get("findings", [])]
        return codes[0] if codes else answer.get("code")

    def begin_slow_ones(self):
        inbox = self.city.data / "offices" / REGISTRY
        for name, mode in (("half_written_drop_file", "half"), ("foreign_drop_file", "wrong_id")):
            before = len(list(inbox.rglob("*.rsp.xml*")))
            with self.misbehaving(REGISTRY, mode, sticks=True):  # asked again, it answers no better
                self.slow[name] = new_serial()
                self.city.post_request(self.city.request_bytes("--serial", self.slow[name]))
                deadline = time.monotonic() + 30
                while len(list(inbox.rglob("*.rsp.xml*"))) == before and time.monotonic() < deadline:
                    time.sleep(0.05)

    def slow_one(self, name):
        final = self.city.wait_final(self.slow[name], 180)
        return part_of(final["state"], [finding["code"] for finding in final.get("findings", [])])

    def served_again(self):
        """A good exchange, once the breakers of the offices that were broken have closed again."""
        deadline = time.monotonic() + 60
        while True:
            state, codes = self.exchange()
            if state == "delivered" or time.monotonic() > deadline:
                return state, codes
            time.sleep(1)

    def set_aside(self):
        return list((self.city.data / "offices" / REGISTRY).rglob("*.reason"))

    @contextlib.contextmanager
    def other_view(self, change):
        """The view as `change` makes it of its own SQL; None drops it."""
        path = self.city.data / "offices" / SOCIAL / "view.db"
        with contextlib.closing(sqlite3.connect(path)) as book:
            (sql,) = book.execute("SELECT sql FROM sqlite_master WHERE name = 'V_CBJF'").fetchone()
            (kind,) = book.execute("SELECT type FROM sqlite_master WHERE name = 'V_CBJF'").fetchone()
            columns = [row[1] for row in book.execute("PRAGMA table_info(V_CBJF)")]
            book.execute("ALTER TABLE V_CBJF RENAME TO V_CBJF_KEPT") if kind == "table" else book.execute("DROP VIEW V_CBJF")
            if change:
                book.execute(change(sql, kind, columns))
            book.commit()
        try:
            yield
        finally:
            with contextlib.closing(sqlite3.connect(path)) as book:
                book.execute("DROP VIEW IF EXISTS V_CBJF")
                book.execute("ALTER TABLE V_CBJF_KEPT RENAME TO V_CBJF" if kind == "table" else sql)
                book.commit()

    def first_part_code(self):
        return part_of(*self.exchange(90))
