#!/usr/bin/env python3
"""Verify an exported log (a C2SP tlog-tiles directory) completely: every entry, every tile, the root, the signatures.

  verify_log.py DIR [--vkey FILE] [--witness VKEY]... [--quorum K] [--leaves]

--leaves also reads each entry as a leaf of Tongban: canonical JSON, unique by (exchange, kind) or (case, rev), an
intent before its outcome, nothing admitted on a withdrawn consent, every case whole from its opening on. Exit code 0: all holds; 1: something does not; 2: usage.
"""
import argparse
import json
import pathlib
import re
import sys

from tlog import Bad, Checkpoint, Key, leaf_hash, node_hash, tree_root


def tile_path(level, index, width):
    digits = str(index).zfill((len(str(index)) + 2) // 3 * 3)
    groups = [digits[i:i + 3] for i in range(0, len(digits), 3)]
    path = "/".join(["x" + group for group in groups[:-1]] + groups[-1:])
    return f"tile/{level}/{path}" + (f".p/{width}" if width < 256 else "")


def read(folder, level, index, width):
    path = folder / tile_path(level, index, width)
    try:
        return path.read_bytes()
    except OSError as error:
        raise Bad(f"{path.relative_to(folder)} cannot be read") from error


def entries_of(bundle, count, name):
    entries, at = [], 0
    for _ in range(count):
        size = int.from_bytes(bundle[at:at + 2], "big")
        entry = bundle[at + 2:at + 2 + size]
        if at + 2 > len(bundle) or len(entry) != size:
            raise Bad(f"{name} ends in the middle of an entry")
        entries.append(entry)
        at += 2 + size
    if at != len(bundle):
        raise Bad(f"{name} has dangling bytes")
    return entries


def read_entries(folder, size):
    entries = []
    for index in range((size + 255) // 256):
        width = min(256, size - index * 256)
        name = tile_path("entries", index, width)
        entries += entries_of(read(folder, "entries", index, width), width, name)
    return entries


def check_tiles(folder, hashes):
    """Each level's tiles are what the level below gives; a partial tile is never hashed upward."""
    level, row, tiles = 0, hashes, 0
    while row:
        above = []
        for index in range((len(row) + 255) // 256):
            part = row[index * 256:(index + 1) * 256]
            if read(folder, level, index, len(part)) != b"".join(part):
                raise Bad(f"{tile_path(level, index, len(part))} is not what the entries give")
            tiles += 1
            if len(part) == 256:
                while len(part) > 1:
                    part = [node_hash(part[i], part[i + 1]) for i in range(0, len(part), 2)]
                above += part
        level, row = level + 1, above
    return tiles


KINDS = {"denied", "intent", "outcome", "case", "erasure", "key", "config", "freeze", "consent"}
GRACE_MS = 60_000  # a withdrawal's mark and leaf become durable


def admitted_ms(exchange):
    """The first 48 bits of a UUIDv7."""
    return int(exchange[:8] + exchange[9:13], 16)


def check_consents(leaves):
    """A consent is withdrawn once; no data goes out on it afterwards, and nothing admitted afterwards rests on it. Shards
    have no common order, so this looks at times."""
    withdrawn = {}
    for index, leaf in enumerate(leaves):
        if leaf["kind"] == "consent":
            key = (leaf["member"], leaf["consent"])
            if leaf["change"] != "withdrawn" or key in withdrawn:
                raise Bad(f"entry {index} withdraws a consent again")
            withdrawn[key] = leaf["time_ms"]
    for index, leaf in enumerate(leaves):
        at = withdrawn.get((leaf.get("requester"), leaf.get("consent"))) if leaf["kind"] == "intent" else None
        if at is None:
            continue
        gives_data = leaf.get("exchange_kind") in ("fetch", "verify")
        if (leaf["time_ms"] if gives_data else admitted_ms(leaf["exchange"])) > at + GRACE_MS:
            raise Bad(f"entry {index} rests on a consent that was withdrawn before")


def check_answers(leaves):
    """What a provider told in the place of its native bytes is signed whole, or not there at all."""
    for index, leaf in enumerate(leaves):
        for part in leaf.get("parts", []):
            canonical, root, judged = (part.get(name, "") for name in ("canonical_sha256", "commitments_root", "judgement_sha256"))
            if any(text and not re.fullmatch("[0-9a-f]{64}", text) for text in (canonical, root, judged)):
                raise Bad(f"entry {index} has a digest that is none")
            if bool(canonical) != bool(root) or (canonical and not judged) or (
                    judged and not ("envelope" in part and part.get("native_sha256"))):
                raise Bad(f"entry {index} tells of an answer that nobody signed whole")


def check_case(name, leaves):
    """A case's leaves in the order of the log: its whole way, from the opening to the end."""
    first, before, joints = leaves[0], None, {}
    for number, leaf in enumerate(leaves, 1):
        at = f"{name} rev {leaf['rev']}"
        if leaf["rev"] != number or (leaf["cause"] == "opened") != (number == 1):
            raise Bad(f"{at} is not transition {number}, or a case is opened by another than its first")
        if (leaf["shard"], leaf["item"], leaf["item_sha256"]) != (first["shard"], first["item"], first["item_sha256"]):
            raise Bad(f"{at} runs by another item, or elsewhere, than the case began")
        if before and (before["status"] == "closed" or leaf["seq"] <= before["seq"]):
            raise Bad(f"{at} follows the end of the case, or was written before the one that it follows")
        if leaf.get("state_before", "") != (before.get("state_after", "") if before else ""):
            raise Bad(f"{at} does not begin where the one before ended")
        for joint in leaf.get("joints", []):
            if joints.setdefault(joint["group"], joint["decision"]) != joint["decision"]:
                raise Bad(f"{at} changes a joint decision")
        before = leaf


def check_cases(leaves):
    cases = {}
    for leaf in leaves:
        if leaf["kind"] == "case":
            cases.setdefault(leaf["case"], []).append(leaf)
    for name, of_case in cases.items():
        check_case(name, of_case)


def check_leaves(entries):
    seen, intents, leaves = set(), {}, []
    for index, entry in enumerate(entries):
        try:
            leaf = json.loads(entry)
        except ValueError as error:
            raise Bad(f"entry {index} is not JSON") from error
        canonical = json.dumps(leaf, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        if canonical != entry:
            raise Bad(f"entry {index} is not in canonical form")
        is_case = leaf["kind"] == "case"
        key = (leaf["case"], leaf["rev"]) if is_case else (leaf["exchange"], leaf["kind"])
        if leaf["v"] != "tongban/leaf/v1" or key in seen:
            raise Bad(f"entry {index} repeats a leaf or is of an unknown version")
        if leaf["kind"] not in KINDS:
            raise Bad(f"entry {index} is of an unknown kind")
        seen.add(key)
        leaves.append(leaf)
        if leaf["kind"] == "intent":
            intents[leaf["exchange"]] = index, leaf.get("document_sha256")
        if leaf["kind"] == "outcome":
            place, document = intents.get(leaf["exchange"], (-1, None))
            if leaf.get("previous") != place:
                raise Bad(f"entry {index} is an outcome without its intent before it")
            if document and leaf.get("document_sha256", document) != document:
                raise Bad(f"entry {index} is about another document than its intent")
    check_consents(leaves)
    check_answers(leaves)
    check_cases(leaves)


def verify(folder, log, witnesses, quorum, leaves):
    checkpoint = Checkpoint((folder / "checkpoint").read_text(encoding="utf-8"), log, witnesses)
    if len(checkpoint.witnesses) < quorum:
        raise Bad(f"{len(checkpoint.witnesses)} witnesses cosigned, {quorum} are needed")
    entries = read_entries(folder, checkpoint.size)
    hashes = [leaf_hash(entry) for entry in entries]
    tiles = check_tiles(folder, hashes)
    if tree_root(hashes) != checkpoint.root:
        raise Bad("the entries do not give the signed root")
    if leaves:
        check_leaves(entries)
    return f"log: ok: {checkpoint.origin}, {checkpoint.size} entries, {tiles} tiles, {len(checkpoint.witnesses)} witnesses"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--vkey", type=pathlib.Path)
    parser.add_argument("--witness", action="append", default=[])
    parser.add_argument("--quorum", type=int, default=0)
    parser.add_argument("--leaves", action="store_true")
    args = parser.parse_args()
    try:
        log = Key((args.vkey or args.folder / "log.vkey").read_text(encoding="utf-8"))
        print(verify(args.folder, log, [Key(vkey) for vkey in args.witness], args.quorum, args.leaves))
        return 0
    except (Bad, OSError, UnicodeDecodeError, KeyError) as error:
        print(f"log: FAILED: {error}")
        return 1


if __name__ == "__main__":
    sys.exit(main())
