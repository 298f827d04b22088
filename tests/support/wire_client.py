"""A member's client written in Python from the IDL alone: what `thrift --gen py` makes, TLS, and signatures by
python3-cryptography. Nothing here is shared with the C++ side."""
import atexit
import hashlib
import importlib
import json
import pathlib
import shutil
import ssl
import subprocess
import sys
import tempfile
import time

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from thrift.protocol import TCompactProtocol
from thrift.transport import TSSLSocket, TTransport

IDL = pathlib.Path(__file__).resolve().parents[2] / "schemas" / "thrift" / "tongban.thrift"


def load_wire():
    """Generates the Python of the IDL into a temporary folder and imports it: (types, services)."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="tongban-wire-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    subprocess.run(["thrift", "--gen", "py", "-out", str(folder), str(IDL)], check=True)
    sys.path.insert(0, str(folder))
    types = importlib.import_module("tongban_wire.ttypes")
    services = {name: importlib.import_module(f"tongban_wire.{name}")
                for name in ("HubGateway", "ConnectorGateway", "AuditGateway", "CaseGateway")}
    return types, services


def canonical(value):
    """RFC 8785 for ASCII names, integers and strings."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")


class Signer:
    def __init__(self, key_pem):
        self.key = serialization.load_pem_private_key(pathlib.Path(key_pem).read_bytes(), None)
        spki = self.key.public_key().public_bytes(serialization.Encoding.DER,
                                                  serialization.PublicFormat.SubjectPublicKeyInfo)
        self.key_id = hashlib.sha256(spki).hexdigest()

    def sign(self, types, signed):
        value = self.key.sign(canonical(signed), ec.ECDSA(hashes.SHA256()))
        return types.Signature(suite="es256", key_id=self.key_id, value=value)


class Client:
    """One mTLS connection to one service of the hub."""

    def __init__(self, wire, service, port, pki, identity, timeout_ms=30000):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.load_verify_locations(pki / "ca.pem")
        if identity is not None:
            context.load_cert_chain(pki / identity / "tls.pem", pki / identity / "tls.key")
        self.socket = TSSLSocket.TSSLSocket("localhost", port, ssl_context=context,
                                            validate_callback=lambda certificate, host: None)  # the context checks it
        self.socket.setTimeout(timeout_ms)
        self.transport = TTransport.TFramedTransport(self.socket)
        self.service = wire[1][service].Client(TCompactProtocol.TCompactProtocol(self.transport))

    def __enter__(self):
        self.transport.open()
        return self.service

    def __exit__(self, kind, value, trace):
        self.transport.close()


def make_request(types, signer, body, **changes):
    """A signed fetch of the loan-eligibility record; `changes` replace fields before it is signed."""
    now = int(time.time() * 1000)
    fields = dict(
        revision=1, hub="hub.yc", request_id=f"py-{time.monotonic_ns()}", kind=types.ExchangeKind.fetch,
        resource="housing-fund/loan-eligibility", purpose="loan-approval", officer="officer-0042",
        consent=types.Consent(consent_id=f"C-{time.monotonic_ns()}", resource="housing-fund/loan-eligibility",
                              purpose="loan-approval", receiver="640100.housing-fund", given_at_ms=now - 60_000,
                              valid_until_ms=now + 86_400_000, channel="counter", evidence_sha256="0" * 64),
        case_ref="", schema="640100.housing-fund/loan-eligibility-request@1", body=body,
        delivery=types.Delivery.reply, signed_at_ms=now, wait_ms=20_000, traceparent="")
    fields.update(changes)
    request = types.Request(**fields)
    request.signature = signer.sign(types, signed_part(types, request))
    return request


def signed_part(types, request):
    return {
        "body_sha256": hashlib.sha256(request.body).hexdigest(),
        "case": request.case_ref,
        "consent": request.consent.consent_id if request.consent else "",
        "delivery": types.Delivery._VALUES_TO_NAMES[request.delivery],
        "hub": request.hub,
        "kind": types.ExchangeKind._VALUES_TO_NAMES[request.kind],
        "officer": request.officer,
        "purpose": request.purpose,
        "request_id": request.request_id,
        "resource": request.resource,
        "schema": request.schema,
        "signed_at_ms": request.signed_at_ms,
        "v": "tongban/request/v1",
    }
