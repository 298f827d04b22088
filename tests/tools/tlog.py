"""Transparency-log arithmetic for the test tools, written from the specifications (RFC 6962, RFC 9162, C2SP signed-note,
tlog-checkpoint, tlog-cosignature, tlog-tiles, tlog-proof) and from no code of ours."""
import base64
import binascii
import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class Bad(Exception):
    """What was read does not prove what it claims."""


def leaf_hash(entry):
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def tree_root(hashes):
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << ((len(hashes) - 1).bit_length() - 1)
    return node_hash(tree_root(hashes[:split]), tree_root(hashes[split:]))


def root_from_inclusion(index, size, leaf, proof):
    """RFC 9162 2.1.3.2."""
    if index >= size:
        raise Bad("the index is not below the size")
    fn, sn, root = index, size - 1, leaf
    for hash_ in proof:
        if sn == 0:
            raise Bad("the proof is too long")
        if fn & 1 or fn == sn:
            root = node_hash(hash_, root)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            root = node_hash(root, hash_)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise Bad("the proof is too short")
    return root


def b64(text):
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Bad(f"not base64: {text[:20]}") from error


class Key:
    def __init__(self, vkey):
        parts = vkey.strip().split("+", 2)
        if len(parts) != 3:
            raise Bad("a vkey is name+id+key")
        self.name, typed = parts[0], b64(parts[2])
        self.id = hashlib.sha256(self.name.encode() + b"\n" + typed).digest()[:4]
        if self.id.hex() != parts[1] or len(typed) != 33:
            raise Bad("the vkey does not add up")
        self.type, self.key = typed[0], Ed25519PublicKey.from_public_bytes(typed[1:])

    def verify(self, text, payload):
        message = text
        if self.type == 0x04:
            if len(payload) != 72:
                raise Bad("a cosignature has 8 bytes of time and 64 of signature")
            time = int.from_bytes(payload[:8], "big")
            message, payload = b"cosignature/v1\ntime %d\n" % time + text, payload[8:]
        elif self.type != 0x01:
            raise Bad("unknown type of key")
        try:
            self.key.verify(payload, message)
        except InvalidSignature as error:
            raise Bad(f"a signature of {self.name} does not verify") from error


class Checkpoint:
    """A signed note that is a checkpoint of `log`; `witnesses` holds the names of the given witnesses that cosigned."""

    def __init__(self, note, log, witnesses=()):
        text, gap, lines = note.rpartition("\n\n")
        if not gap or not lines.endswith("\n"):
            raise Bad("not a signed note")
        text += "\n"
        body = text.split("\n")
        if len(body) < 4 or not body[1].isdigit() or str(int(body[1])) != body[1]:
            raise Bad("not a checkpoint")
        self.origin, self.size, self.root = body[0], int(body[1]), b64(body[2])
        if self.origin != log.name:
            raise Bad("the origin is not the log's name")
        good = set()
        for line in lines[:-1].split("\n"):
            words = line.split(" ")
            if len(words) != 3 or words[0] != "\u2014":
                raise Bad("a signature line cannot be read")
            blob = b64(words[2])
            for key in (log, *witnesses):
                if key.name == words[1] and key.id == blob[:4]:
                    key.verify(text.encode(), blob[4:])
                    good.add((key.name, key.id))
        if (log.name, log.id) not in good:
            raise Bad("not signed by the log")
        self.witnesses = sorted(key.name for key in witnesses if (key.name, key.id) in good)
