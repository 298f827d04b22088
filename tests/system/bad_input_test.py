#!/usr/bin/python3
"""Sends a running city what can only come through a socket, a folder or a driver, and checks each answer and that hub
and connectors serve afterwards.

The list is the second table of docs/bad-input.md, which the unit test bad_inputs_test writes from the catalogue in
tests/support/bad_inputs/: every row has a method of its name here, and every method a row. A method returns the code that
it saw.

    TONGBAN_BIN=... bad_input_test.py [NAME...]
"""
import json
import re
import shutil
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import time

from harness import ROOT, bin_folder  # noqa: I001 - it also makes tests/support known
from bad_input_steps import Steps
from bad_input_tools import CLOSED, REGISTRY, SERVED, XIAN, closes_after_alert, memory_of, new_serial, part_of
from city import ASKER, City
from wire_client import make_request
from thrift.Thrift import TMessageType


def rows_of_the_page():
    """name -> (enters at, code, Chinese text) of the second table."""
    page = (ROOT / "docs" / "bad-input.md").read_text(encoding="utf-8")
    table = page.split("## Sockets, folders, drivers", 1)[1]
    found = {}
    for line in table.splitlines():
        match = re.match(r"\| `(\w+)`: .*? \| (.*?) \| `([\w.]+)` .*? \| (.*?)<br>", line)
        if match:
            found[match[1]] = (match[2], match[3], match[4])
    return found


class Inputs(Steps):
    """One method an input; the name is the row's."""

    # --- the hub's ports ------------------------------------------------------------------------------------------

    def frame_of_200_mb_announced(self):
        with self.tls() as peer:
            before = memory_of(self.city.pid("hub"))
            peer.sendall(struct.pack(">i", 200 << 20) + b"abcd")
            ended = self.closes(peer)
            assert memory_of(self.city.pid("hub")) - before < 64 << 20
            return ended

    def frame_of_17_mb_sent(self):
        with self.tls() as peer:
            try:
                peer.sendall(struct.pack(">i", 17 << 20))
                for _ in range(17 * 16):
                    peer.sendall(b"\0" * 65536)
            except (ConnectionError, ssl.SSLError):
                return CLOSED
            return self.closes(peer)

    def negative_frame(self):
        with self.tls() as peer:
            peer.sendall(struct.pack(">i", -5) + b"abcd")
            return self.closes(peer)

    def garbage_in_a_frame(self):
        with self.tls() as peer:
            peer.sendall(struct.pack(">i", 1000) + bytes((7 * i) % 251 for i in range(1000)))
            return self.closes(peer)

    def deep_thrift_struct(self):
        # result(exchange_id, wait_ms) with an unknown field 9: a struct in a struct in a struct ...
        body = b"\x82\x21\x01\x06result" + b"\x9c" + b"\x1c" * 10_000 + b"\0" * 10_001
        with self.tls() as peer:
            peer.sendall(struct.pack(">i", len(body)) + body)
            return self.closes(peer)

    def long_thrift_list(self):
        # An unknown field 9: a list of two thousand million bytes.
        body = b"\x82\x21\x01\x06result" + b"\x99" + b"\xf3\xff\xff\xff\xff\x07" + b"\0" * 16
        with self.tls() as peer:
            before = memory_of(self.city.pid("hub"))
            peer.sendall(struct.pack(">i", len(body)) + body)
            ended = self.closes(peer)
            assert memory_of(self.city.pid("hub")) - before < 64 << 20
            return ended

    def garbage_on_the_port(self):
        with socket.create_connection(("127.0.0.1", self.rpc), timeout=20) as peer:
            peer.sendall(b"GET / HTTP/1.1\r\nHost: hub\r\n\r\n")
            return closes_after_alert(peer)

    def thrift_without_tls(self):
        with socket.create_connection(("127.0.0.1", self.rpc), timeout=20) as peer:
            peer.sendall(self.call_bytes())
            return closes_after_alert(peer)

    def no_certificate(self):
        return self.handshake(self.context(identity=None))

    def old_tls(self):
        return self.handshake(self.context(version=ssl.TLSVersion.TLSv1_2))

    def foreign_certificate(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                            "-subj", f"/CN={ASKER}/OU=connector", "-days", "1", "-keyout", f"{folder}/k", "-out", f"{folder}/c"],
                           check=True, capture_output=True)
            context = self.context(identity=None)
            context.load_cert_chain(f"{folder}/c", f"{folder}/k")
            return self.handshake(context)

    def silent_peers(self):
        peers = [socket.create_connection(("127.0.0.1", self.rpc), timeout=20) for _ in range(64)]
        try:
            started = time.monotonic()
            self.serves()
            return SERVED if time.monotonic() - started < 10 else "slow"
        finally:
            for peer in peers:
                peer.close()

    def slow_peer(self):
        with self.tls() as peer:
            started = time.monotonic()
            for byte in self.call_bytes()[:8]:
                peer.sendall(bytes([byte]))
                time.sleep(0.2)
                self.serves()
            return SERVED if time.monotonic() - started < 20 else "slow"

    def tls_record_in_many_pieces(self):
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        session = self.context().wrap_bio(incoming, outgoing, server_hostname="localhost")
        with socket.create_connection(("127.0.0.1", self.rpc), timeout=20) as peer:
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

            def until(step):
                while True:
                    try:
                        return step()
                    except ssl.SSLWantReadError:
                        peer.sendall(outgoing.read())
                        incoming.write(peer.recv(65536))

            until(session.do_handshake)
            peer.sendall(outgoing.read())
            session.write(self.call_bytes("nothing" + "x" * 900))
            record = outgoing.read()
            size = len(record) // 40 + 1
            for at in range(0, len(record), size):
                peer.sendall(record[at:at + size])
                time.sleep(0.01)
            said = until(lambda: session.read(4096))
            return "answered" if len(said) > 8 else f"{len(said)} bytes"

    def reset_in_the_answer(self):
        for _ in range(10):
            with self.tls() as peer:
                peer.sendall(self.call_bytes("nothing"))
                peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.serves()
        return SERVED

    def unknown_method(self):
        with self.tls() as peer:
            peer.sendall(self.call_bytes("drop_all_tables"))
            first = peer.recv(4096)
            peer.sendall(self.call_bytes("drop_all_tables"))
            second = peer.recv(4096)
            # compact protocol: 0x82, then type in the upper three bits: 3 is an exception
            exception = all(len(said) > 8 and said[5] >> 5 == TMessageType.EXCEPTION for said in (first, second))
            return "thrift.unknown_method" if exception else repr((first[:16], second[:16]))

    def wrong_revision(self):
        return self.refusal(self.request(revision=99))

    def stale_signature(self):
        return self.refusal(self.request(signed_at_ms=int(time.time() * 1000) - 7 * 86_400_000))

    def other_hub(self):
        return self.refusal(self.request(hub="hub.elsewhere"))

    def altered_body(self):
        request = self.request()
        request.body = request.body.replace(b"FETCH", b"FETCH ", 1)
        return self.refusal(request)

    def body_of_5_mb(self):
        return self.refusal(make_request(self.types, self.signer, b"<x>" + b" " * (5 << 20) + b"</x>"))

    def repeated_id_other_content(self):
        first = self.request(wait_ms=0)
        with self.client() as hub:
            hub.exchange(first)
        return self.refusal(self.request(request_id=first.request_id))

    def lease_by_a_client(self):
        # A certificate of role client at the connectors' door; issued in a copy, so that the city keeps its own.
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(self.pki, f"{folder}/pki")
            shutil.rmtree(f"{folder}/pki/{ASKER}")
            self.city.tongban("pki", "issue", ASKER, "--role", "client", "--data", folder)
            context = self.context(identity=None)
            context.load_cert_chain(f"{folder}/pki/{ASKER}/tls.pem", f"{folder}/pki/{ASKER}/tls.key")
            return self.lease_with(context)

    # A connector of our own in the place of Xi'an's, which is stopped meanwhile.

    def altered_envelope(self):
        return self.completed(lambda job, native: self.envelope_of(job, native, digest="0" * 64))

    def forged_envelope(self):
        return self.completed(lambda job, native: self.envelope_of(job, native, signer=self.signer))

    def replayed_envelope(self):
        return self.completed(lambda job, native: self.envelope_of(job, native, exchange="hub.yc-0", job_id="earlier"))

    # --- the connector's local endpoint ---------------------------------------------------------------------------

    def endpoint_garbage(self):
        return self.posted(bytes(range(256)) * 4)

    def endpoint_other_root(self):
        return self.posted(b"<Other xmlns='urn:x'/>")

    def endpoint_too_large(self):
        try:
            return self.posted(b"<x>" + b" " * (20 << 20) + b"</x>")
        except (ConnectionError, OSError, json.JSONDecodeError):
            return "request.too_large"  # the endpoint stops reading: a client may see only that

    def endpoint_half_a_request(self):
        port = int(self.city.process("connector " + ASKER)["port"])
        with socket.create_connection(("127.0.0.1", port), timeout=20) as peer:
            peer.sendall(b"POST /requests HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n<half")
            self.serves()
        self.serves()
        return SERVED

    def endpoint_id_repeated(self):
        serial = new_serial()
        body = self.city.request_bytes("--serial", serial)
        self.city.post_request(body)
        return self.posted(re.sub(rb"<OfficerNo>[^<]*", b"<OfficerNo>o-other", body))

    def endpoint_invalid_record(self):
        serial = new_serial()
        body = re.sub(rb"<ContributionCity>[^<]*", b"<ContributionCity>Xi'an", self.city.request_bytes("--serial", serial))
        status, answer = self.city.post_request(body)
        if status < 400:
            answer = self.city.wait_final(serial)
        codes = [finding["code"] for finding in answer.get("findings", [])]
        return codes[0] if codes else answer.get("code", answer.get("state"))

    # --- offices --------------------------------------------------------------------------------------------------

    def office_garbage(self):
        return self.part_code(XIAN, "garbage")

    def office_breaks_off(self):
        return self.part_code(XIAN, "half")

    def office_truncated(self):
        return self.part_code(XIAN, "truncated")

    def office_wrong_encoding(self):
        return self.part_code(XIAN, "wrong_encoding")

    def office_fault(self):
        return self.part_code(XIAN, "fault")

    def office_down(self):
        name = "office " + XIAN
        self.city.kill(name)
        try:
            return part_of(*self.exchange())
        finally:
            self.city.start(name)

    def office_page_of_50_mb(self):
        with tempfile.NamedTemporaryFile() as body:
            body.write(b"<html>" + b" " * (50 << 20))
            body.flush()
            return self.part_code(XIAN, "none", body_file=body.name)

    # An office that does not answer is waited for until the exchange's deadline: these begin first.

    def half_written_drop_file(self):
        return self.slow_one("half_written_drop_file")

    def foreign_drop_file(self):
        seen = self.slow_one("foreign_drop_file")
        reasons = {path.read_text().strip() for path in self.set_aside()}
        return seen if "foreign" in reasons else f"not set aside: {sorted(reasons)}"

    def replayed_drop_file(self):
        self.served_again()
        before = len(self.set_aside())
        with self.misbehaving(REGISTRY, "replay"):
            state, _ = self.exchange()
        deadline = time.monotonic() + 20
        while len(self.set_aside()) == before:
            if time.monotonic() > deadline:
                return "not set aside"
            time.sleep(0.1)
        return state

    def view_lost_a_column(self):
        def without(sql, kind, columns):
            kept = ", ".join(column for column in columns if column != "AAE201")
            inner = "V_CBJF_KEPT" if kind == "table" else "(" + re.split(r"\bAS\b", sql, maxsplit=1, flags=re.I)[1] + ")"
            return f"CREATE VIEW V_CBJF AS SELECT {kept} FROM {inner}"
        with self.other_view(without):
            return self.first_part_code()

    def view_gone(self):
        with self.other_view(None):
            return self.first_part_code()


def main():
    expected = rows_of_the_page()
    methods = {name for name, one in vars(Inputs).items() if callable(one)}
    if not expected or methods != set(expected):
        print(f"rows without a method: {sorted(set(expected) - methods)}, methods without a row: {sorted(methods - set(expected))}")
        return 1
    wanted = sys.argv[1:] or list(expected)
    failures = []
    with City(bin_folder()) as city:
        inputs = Inputs(city)
        if any(name.endswith("_drop_file") for name in wanted):
            inputs.begin_slow_ones()
        for name in wanted:
            _, code, zh = expected[name]
            inputs.last_zh = None
            started = time.monotonic()
            try:
                seen = getattr(inputs, name)()
            except Exception as error:  # whatever it is, it is not the answer
                seen = f"{type(error).__name__}: {error}"
            try:
                inputs.serves()
            except Exception as error:  # whatever it is, it did not serve
                failures.append(f"{name}: does not serve afterwards: {error!r}")
            if seen != code:
                failures.append(f"{name}: expected {code}, saw {seen}")
            elif inputs.last_zh and inputs.last_zh != zh and name not in ("endpoint_garbage", "endpoint_other_root"):
                failures.append(f"{name}: the page says {zh!r}, the hub {inputs.last_zh!r}")
            print(f"{name:28} {str(seen):24} {time.monotonic() - started:6.2f} s", flush=True)
        state, codes = inputs.served_again()
        if state != "delivered":
            failures.append(f"a good exchange afterwards: {state} {codes}")
        if failures:
            print("\n".join(["", *failures]))
            raise SystemExit(1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
