"""Opens the sealed records of a hub's store with its key file, written from docs/log-format.md and from no code of ours."""
import contextlib
import hashlib
import hmac
import pathlib
import sqlite3

from cryptography.hazmat.primitives.ciphers.aead import AESGCM


def mac(key, message):
    return hmac.new(key, message, hashlib.sha256).digest()


def unseal(key, sealed, context):
    return AESGCM(key).decrypt(sealed[:12], sealed[12:], context.encode())


def items_of(plain):
    """[(path, value)] of one group."""
    items, at = [], 0
    while at < len(plain):
        size = int.from_bytes(plain[at:at + 2], "big")
        path = plain[at + 2:at + 2 + size].decode()
        at += 2 + size + 32
        size = int.from_bytes(plain[at:at + 4], "big")
        items.append((path, plain[at + 4:at + 4 + size]))
        at += 4 + size
    return items


def records_of(database, key_file, exchange_id):
    """{record's name: {path: value}} of one exchange: all that the hub has kept of it and that still opens."""
    wrapping = mac(bytes.fromhex(pathlib.Path(key_file).read_text().strip()), b"tongban/seal/wrap/v1")
    records = {}
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as store:
        subjects = dict(store.execute("SELECT key_id, wrapped FROM subject_key WHERE erased_ms=0"))
        for name, wrapped in store.execute("SELECT name, wrapped_key FROM record WHERE exchange_id=?", (exchange_id,)).fetchall():
            key = unseal(wrapping, wrapped, f"record/{exchange_id}/{name}")
            items = {}
            for n, ids, sealed in store.execute(
                    "SELECT n, key_ids, sealed FROM record_group WHERE exchange_id=? AND name=? ORDER BY n", (exchange_id, name)):
                if not set(ids.split()) <= set(subjects):
                    continue  # somebody in it was erased
                material = b"group\0" + b"".join(unseal(wrapping, subjects[one], f"subject/{one}") for one in ids.split())
                items.update(items_of(unseal(mac(key, material), sealed, f"group/{exchange_id}/{name}/{n}")))
            records[name] = items
    return records
