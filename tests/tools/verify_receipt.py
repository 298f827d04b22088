#!/usr/bin/env python3
"""Verify a receipt (c2sp.org/tlog-proof@v1) offline.

  verify_receipt.py RECEIPT LEAF LOG.VKEY [--witness VKEY]... [--quorum K]

RECEIPT, LEAF and LOG.VKEY are files; LEAF holds the leaf's exact bytes. Exit code 0: it proves that the leaf is in the
log; 1: it does not; 2: usage.
"""
import argparse
import pathlib
import sys

from tlog import Bad, Checkpoint, Key, b64, leaf_hash, root_from_inclusion


def verify(receipt, leaf, log, witnesses, quorum):
    header, gap, note = receipt.partition("\n\n")
    lines = header.split("\n")
    if not gap or lines[0] != "c2sp.org/tlog-proof@v1":
        raise Bad("not a tlog-proof of version 1")
    if len(lines) > 1 and lines[1].startswith("extra "):
        del lines[1]
    if len(lines) < 2 or not lines[1].startswith("index ") or not lines[1][6:].isdigit():
        raise Bad("the index line is missing")
    checkpoint = Checkpoint(note, log, witnesses)
    index = int(lines[1][6:])
    proof = [b64(line) for line in lines[2:]]
    if root_from_inclusion(index, checkpoint.size, leaf_hash(leaf), proof) != checkpoint.root:
        raise Bad("the leaf is not in the log at that place")
    if len(checkpoint.witnesses) < quorum:
        raise Bad(f"{len(checkpoint.witnesses)} witnesses cosigned, {quorum} are needed")
    return f"receipt: ok: {checkpoint.origin}, entry {index} of {checkpoint.size}, {len(checkpoint.witnesses)} witnesses"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("receipt", type=pathlib.Path)
    parser.add_argument("leaf", type=pathlib.Path)
    parser.add_argument("vkey", type=pathlib.Path)
    parser.add_argument("--witness", action="append", default=[])
    parser.add_argument("--quorum", type=int, default=0)
    args = parser.parse_args()
    try:
        log = Key(args.vkey.read_text(encoding="utf-8"))
        print(verify(args.receipt.read_text(encoding="utf-8"), args.leaf.read_bytes(), log,
                     [Key(vkey) for vkey in args.witness], args.quorum))
        return 0
    except (Bad, OSError, UnicodeDecodeError) as error:
        print(f"receipt: FAILED: {error}")
        return 1


if __name__ == "__main__":
    sys.exit(main())
