"""The figures of one run beside the limits of the machine, as ratios."""

# us of CPU on one core of the reference machine (docs/bench.md says what each is); measured with the libraries alone.
RPC_CALL = 18.4            # Thrift threaded server, mutual TLS 1.3, 64 connections, 2 KB echo
ES256_VERIFY = 48.7        # ECDSA P-256 over 3.2 KB
GB18030_XSD = 50.4 / 3117  # a byte: libxml2 SAX2 and XSD, GB18030 input
UTF8_XSD = 44.4 / 3192     # a byte: the same, UTF-8
CANONICAL = 6.4 / 3192     # a byte: the record's struct and its check digits, by hand-written code
SERIALISE = 1.13 / 3500    # a byte: into an own buffer
SEAL = (0.79 + 1.75) / 3200  # a byte: AES-256-GCM and SHA-256
LEAF = 0.77                # Merkle leaf of 1 KB
COMMIT = 13.5 / 3000       # a byte: SQLite, synchronous=FULL, rows of 3 KB, ten a commit


def rows(result):
    """[what, us an exchange, the limit's us, the limit's us re-measured in this run]; None where there is none."""
    full, stages, size = result["full"], result["stages"], result["bytes"]
    engine, signatures, proof, now = (stages[key] for key in ("engine_us", "signatures_us", "proof_us", "limits_now"))
    calls = 1 + (full["leases"] + full["completes"]) / max(full["jobs"], 1)
    kept = size["request"] + size["certificate"] + size["document"]
    seal = proof["seal"]
    parts = [
        ["TLS, RPC", result["empty_calls"]["hub_cpu_us"] * calls, RPC_CALL * calls, None],
        ["signatures", 2 * (signatures["verify"] + signatures["certificate_good"]), 2 * ES256_VERIFY, 2 * now["es256_verify"]],
        ["parse, validate", engine["validate_request"] + engine["validate_certificate"],
         size["request"] * UTF8_XSD + size["certificate"] * GB18030_XSD, None],
        ["rules", engine["rules"], None, None],
        ["convert", sum(engine[key] for key in ("canonicalise_request", "canonicalise_certificate", "question", "minimise",
                                                "convert", "encode")),
         (size["request"] + size["certificate"]) * CANONICAL + size["document"] * (SERIALISE + UTF8_XSD), None],
        ["seal, hash", seal, kept * SEAL + LEAF, None],
        ["leaf, commit", proof["seal_leaf_commit"] - seal, kept * COMMIT, kept * now["sqlite_group10_cpu"] / 3000],
    ]
    total = full["hub_cpu_us"]
    parts.append(["not in the above", total - sum(part[1] for part in parts), None, None])
    parts.append(["hub CPU, all", total, sum(part[2] for part in parts if part[2] is not None), None])
    return [{"what": what, "us": us, "limit_us": limit, "limit_now_us": again} for what, us, limit, again in parts]


def number(value):
    return "" if value is None else f"{value:,.0f}"


def ratio(us, limit):
    return "" if not limit else f"{us / limit:.1f}x"


def text(result):
    full, alone, size = result["full"], result["alone"], result["bytes"]
    now = result["stages"]["limits_now"]
    lines = [
        f"One hub, one provider, {result['people']} people; request {size['request']:,} B, certificate "
        f"{size['certificate']:,} B (GB18030), document {size['document']:,} B.",
        "Askers, provider and hub share this machine; `alone` is one exchange at a time.",
        "",
        f"{'':22}{'exchanges/s':>12}{'p50 ms':>10}{'p99 ms':>10}{'hub CPU us':>12}",
    ]
    for name, one in ((f"{result['outstanding']} under way", full), ("alone", alone)):
        lines.append(f"{name:22}{one['per_second']:>12.1f}{one['p50_ms']:>10.2f}{one['p99_ms']:>10.2f}"
                     f"{one['hub_cpu_us']:>12,.0f}")
    lines += ["", f"{'us of CPU an exchange':22}{'hub':>8}{'share':>8}{'limit':>8}{'ratio':>8}{'now':>8}{'ratio':>8}"]
    for row in result["rows"]:
        us = row["us"]
        lines.append(f"{row['what']:22}{number(us):>8}{us / full['hub_cpu_us']:>8.0%}{number(row['limit_us']):>8}"
                     f"{ratio(us, row['limit_us']):>8}{number(row['limit_now_us']):>8}{ratio(us, row['limit_now_us']):>8}")
    lines += ["", "Hub CPU by thread, us an exchange: "
              + ", ".join(f"{name} {us:,.0f}" for name, us in full["hub_threads_us"].items()),
              f"This machine now: ES256 sign {now['es256_sign']:.1f} us, verify {now['es256_verify']:.1f} us; fdatasync "
              f"{now['fdatasync_wall']:,.0f} us; SQLite commit of one 3 KB row {now['sqlite_single_wall']:,.0f} us "
              f"({now['sqlite_single_cpu']:.0f} us CPU), in tens {now['sqlite_group10_cpu']:.1f}, in hundreds "
              f"{now['sqlite_group100_cpu']:.1f} us CPU a row."]
    return "\n".join(lines)
