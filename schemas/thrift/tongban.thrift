/**
 * Tongban's wire contract: what members' connectors, direct clients and auditors say to a hub.
 *
 * Transport: TFramedTransport + TCompactProtocol over TLS 1.3 with client certificates
 * (CN = member id, OU = role: connector | client | auditor | operator). Frames are at most 16 MiB.
 * Every time is UTC milliseconds since 1970. Every hash is SHA-256, lower-case hex where it is a string.
 *
 * Signatures. What is signed is the RFC 8785 (JCS) form of a JSON object given at each struct, as UTF-8 bytes.
 * Suite "es256" is ECDSA P-256 over SHA-256, ASN.1 DER, so that
 *   openssl dgst -sha256 -verify member.pub.pem -signature sig.der signed.json
 * checks it. Suite "sm2-sm3" is SM2 with the default user id. A signer is named by key_id = SHA-256 of its
 * SubjectPublicKeyInfo DER.
 */
namespace cpp tongban.wire
namespace py tongban_wire

/** Revision of this contract; a peer answers Refusal "version" to a number it does not know. */
const i32 REVISION = 1

/** The one refusal shape. Nothing in it ever holds a personal value. */
exception Refusal {
  1: string code            // machine-readable, e.g. "agreement.none", "request.conflict", "busy"
  2: string where           // the field path or part that is wrong
  3: string zh              // for a clerk
  4: string en              // the same in English
  5: i64 retry_after_ms     // 0: retrying the same request cannot help
}

struct Signature {
  1: string suite           // "es256" | "sm2-sm3"
  2: string key_id          // whose: SHA-256 of the SubjectPublicKeyInfo DER, hex
  3: binary value           // es256: ASN.1 DER; sm2-sm3: likewise
}

/** Head of a connector's hash-chained journal: entry number and hash of that entry. */
struct JournalHead {
  1: i64 number             // 0: the journal is empty
  2: binary hash            // 32 bytes; all zero when empty
}

enum ExchangeKind { fetch = 1, verify = 2, submit = 3, publish = 4 }

/** Where the middle (validate .. convert out) runs. */
enum Placement { hub = 1, provider = 2 }

/** How the outcome reaches the requester. */
enum Delivery {
  reply = 1                 // in the answer of exchange()/result(); the client then calls acknowledge()
  push = 2                  // as a deliver job to the requester's connector
}

/** A citizen's consent as the requester recorded it. Stored by the hub at first sight, immutable afterwards. */
struct Consent {
  1: string consent_id      // the member's own number for it; (member, consent_id) names one consent for ever
  2: string resource        // scope: the resource it covers
  3: string purpose         // the one purpose it was given for, as Request.purpose
  4: string receiver        // member id that may receive
  5: i64 given_at_ms        // when the citizen gave it
  6: i64 valid_until_ms     // the last moment at which it counts
  7: string channel         // counter | app | phone
  8: string evidence_sha256 // of the signed form or recording that the member keeps
}

/**
 * One request. Signed by the requester's signing key over
 * {"body_sha256","case","consent","delivery","hub","kind","officer","purpose","request_id","resource","schema",
 *  "signed_at_ms","v":"tongban/request/v1"}; consent is the consent_id or "", kind and delivery are the enum names,
 * officer, case etc. as given.
 */
struct Request {
  1: i32 revision           // REVISION
  2: string hub             // the hub id that this is meant for
  3: string request_id      // (member, request_id) is the idempotency key; 1..64 of [A-Za-z0-9._-]
  4: ExchangeKind kind      // what is asked for
  5: string resource        // "housing-fund/loan-eligibility"
  6: string purpose         // "loan-approval"
  7: string officer         // the member's own pseudonym for its officer, never a name
  8: optional Consent consent  // where the agreement wants one
  9: string case_ref        // the member's case number, or ""
  10: string schema         // native schema of the body: "640100.housing-fund/loan-eligibility-request@1"
  11: binary body           // the native request, as the office system produced it
  12: Delivery delivery     // how the outcome is wanted
  13: i64 signed_at_ms      // by the member's clock; signed
  14: Signature signature   // by the requester's signing key, over the form above
  15: i64 wait_ms           // not signed: how long the caller waits for the outcome; 0 = asynchronous
  16: optional JournalHead journal  // of the connector that sends it; a client without a journal leaves it out
  17: string traceparent    // W3C trace context or ""; correlates, never trusted
}

enum ExchangeState {
  pending = 1               // acknowledged and durable; ask result() again
  delivered = 2             // a document was released (push: and acknowledged by the requester's office)
  verified = 3              // kind verify: verdicts, no data
  refused = 4               // a rule blocked it or a provider lawfully refused; findings say why
  failed = 5                // could not be done in time; findings say why
  releasing = 6             // push: the intent is durable, the office has not acknowledged yet
}

/** A finding as a person and a program read it. Never a personal value. */
struct Finding {
  1: string code            // rule or schema code: "P-01", "xsd.type", "encoding.declared"
  2: string severity        // block | return | review | warn | info
  3: string mend            // sender | mapping_owner | code_list_owner | receiver
  4: string part            // resource part, or "request"
  5: string path            // native path where there is one
  6: string field           // canonical field
  7: i32 line               // of the native bytes, from 1; 0: no place
  8: i32 column             // in characters, from 1; 0: no place
  9: string shape           // the value's shape, e.g. "18 characters, 1 letter": never the value
  10: string rule_version   // "C-07@1"; of another stage what it ran by, or ""
  11: string zh             // what is wrong and what to do, for a clerk
  12: string en             // the same in English
}

enum Verdict { match = 1, mismatch = 2, no_record = 3, ambiguous = 4, unavailable_or_stale = 5 }

/** The answer to one claim of kind verify. */
struct FieldVerdict {
  1: string field           // canonical path, as the claim named it
  2: Verdict verdict        // never the value itself
  3: string normalisation   // which normalisation made it equal, or ""
  4: i64 source_age_ms      // age of the source data when compared; -1 unknown
}

/**
 * A provider's signature over what its office answered. Placement hub:
 * {"exchange","hub","job","sha256","time_ms","v":"tongban/envelope/v1"} where sha256 is of the native bytes. Placement
 * provider, where the native bytes stay with the office, also over all that is told instead of them:
 * {"canonical_sha256","commitments_root","exchange","hub","job","judgement_sha256","sha256","time_ms",
 *  "v":"tongban/envelope/v2"}. The second form is meant exactly when judgement_sha256 is not "".
 */
struct SignedEnvelope {
  1: string member            // id of the provider that signs
  2: string exchange_id       // as in the job
  3: string job_id            // as in the job
  4: string native_sha256     // hex, of the bytes as the office produced them
  5: i64 time_ms              // when it signed, by the connector's clock
  6: Signature signature      // by the provider's signing key, over one of the forms above
  7: string canonical_sha256  // v2: hex, of Completion.canonical; "" when the middle stopped before there was one
  8: string commitments_root  // v2: hex of Completion.commitments_root; "" when the middle stopped before there was one
  9: string judgement_sha256  // v2: hex, of the judgement form of Completion; "": v1
}

/** What exchange() and result() answer. */
struct Outcome {
  1: string exchange_id             // the hub's id for it, 36 characters
  2: ExchangeState state            // how far it has come
  3: optional binary document       // fetch, submit, delivery reply: record, reply or acknowledgement in the requester's own format
  4: string document_schema         // native schema of the document, or canonical type where it stays canonical; "" without one
  5: list<Finding> findings         // of every stage and rule, also when delivered
  6: list<FieldVerdict> verdicts    // kind verify: one for each claim, in their order
  7: string receipt                 // tlog-proof text of the intent (or denied) leaf; "" while pending
  8: binary leaf                    // that leaf's bytes, so that the receipt can be verified offline
  9: i64 retry_after_ms             // pending: when to ask result() again; else 0
  10: map<string, SignedEnvelope> envelopes   // by part: the providers' signed envelopes
}

service HubGateway {
  /** Admits a request and waits up to wait_ms. The same (member, request_id) and content returns the first outcome. */
  Outcome exchange(1: Request request) throws (1: Refusal refusal)
  /** The outcome of an exchange of the caller's own; waits up to wait_ms for it. */
  Outcome result(1: string exchange_id, 2: i64 wait_ms) throws (1: Refusal refusal)
  /**
   * The requester has the document; becomes the outcome leaf. Idempotent. What is signed is the acknowledgement form of
   * DeliveryReport with "job" and "acknowledgement_sha256" empty: no job delivered it, and no office has answered it.
   */
  string acknowledge(1: string exchange_id, 2: string document_sha256, 3: Signature signature) throws (1: Refusal refusal)
  /** Withdraws a consent from now on. Idempotent. */
  void withdraw_consent(1: string consent_id) throws (1: Refusal refusal)
}

/** Names one lease of one job. A completion under an older token is ignored. */
struct Token {
  1: i32 shard              // logical shard of the exchange, 0..255
  2: i64 epoch              // of that shard's owner; a hub that took over counts a new one
  3: i64 seq                // of the job in its shard's outbox
  4: i32 attempt            // which lease of this job, from 1
}

enum JobKind { ask = 1, deliver = 2 }

/**
 * Placement provider: what the provider's connector needs to run the middle itself. It runs, of `rules`, what this part and the
 * given fields of the request suffice for, and says in its completion which that was; the hub judges the rest.
 */
struct ProviderWork {
  1: string resource                // id of the resource
  2: string part                    // which part of it this job asks for
  3: list<string> fields            // the granted canonical fields of this part; all else stays here
  4: string as_of                   // ISO business date that selects rules and codes
  5: map<string, string> versions   // artefact id -> SHA-256, which the connector's catalogue must have
  6: string record                  // canonical type of the whole record, whose rules are meant
  7: list<string> jurisdictions     // division codes whose policy binds this exchange, most binding first
  8: list<string> rules             // "C-09@1": versions of the rules that may run; none for kind verify
  9: list<string> request_fields    // canonical fields of the request that those rules read here
  10: binary request                // those of them that the request has, canonical JSON; personal, kept nowhere
}

/** One piece of work for a connector: a question to its office, or a document for it. Set by the hub. */
struct Job {
  1: Token token                    // this lease of it
  2: JobKind kind                   // ask | deliver
  3: string exchange_id             // the exchange that it belongs to
  4: string job_id                  // constant over all its leases
  5: string hub                     // hub id; signed in the envelope
  6: string operation               // the connector's configured operation, e.g. "certificate"
  7: binary body                    // ask: the native request; deliver: the document
  8: string schema                  // native schema of the body
  9: i64 deadline_ms                // an answer after this is too late
  10: string message_no             // our message number, 20 digits, for formats that need one
  11: string traceparent            // W3C trace context of the request, or ""
  12: Placement placement           // where its answer is converted
  13: optional ProviderWork work    // exactly when placement is provider
  14: string receipt                // deliver: the intent's receipt
  15: binary leaf                   // deliver: the intent leaf
  16: string op_key                 // of the case's call, constant over its attempts as message_no is; "" without a case
}

enum AnswerKind {
  answered = 1                      // native_record holds it
  no_record = 2                     // the office says it has none
  not_covered = 3                   // the office does not keep this
  refused = 4                       // the office lawfully refuses
  unavailable = 5                   // down, slow, garbage on its protocol: may be asked again
  ambiguous = 6                     // more than one record answers
}

/**
 * What a connector reports about one leased job. The judgement form, whose digest the envelope of placement provider signs, is
 * {"findings":[{"code","column","en","field","line","mend","part","path","rule_version","severity","shape","zh"}, ...],
 *  "judged":[...]} in the order given here.
 */
struct Completion {
  1: Token token                    // of the lease it answers
  2: string exchange_id             // as in the job
  3: string job_id                  // as in the job
  4: AnswerKind kind                // what the office said
  5: binary native_record           // placement hub: the bytes as the office produced them
  6: SignedEnvelope envelope        // over sha256(native_record) as it was, in both placements
  7: string reason                  // a code for not-answered kinds, never a personal value
  8: i64 source_time_ms             // when the office's data was current; 0 unknown
  9: optional binary canonical      // placement provider: the minimised canonical record
  10: optional binary commitments_root  // placement provider: 32 bytes, over a salted commitment of every field of the whole
  11: list<Finding> findings        // placement provider: of its stages and rules
  12: list<string> judged           // placement provider: what was judged here, "C-09@1" or of a rule that reports every check
                                    // "C-01@1#2" with the check's number from 0; the hub does not judge it again
}

/** A delivery that the office has acknowledged (or finally refused). Set by the connector. */
struct DeliveryReport {
  1: Token token                    // of the lease it answers
  2: string exchange_id             // as in the job
  3: string job_id                  // as in the job
  4: bool accepted                  // false: the office refuses it for good
  5: string reason                  // a code when not accepted, never a personal value
  6: string document_sha256         // hex, of the document that the office was given
  7: string acknowledgement_sha256  // hex, of the office's own acknowledgement bytes
  8: Signature signature            // {"acknowledgement_sha256","document_sha256","exchange","hub","job","v":"tongban/acknowledgement/v1"}
}

struct LeaseRequest {
  1: i32 revision                   // REVISION
  2: i32 max_jobs                   // at most so many; the hub gives at most 64
  3: i64 wait_ms                    // long poll, at most 30 s
  4: JournalHead journal            // the connector's own, as it stands
}

struct LeaseReply {
  1: list<Job> jobs                 // none: nothing came within wait_ms
  2: i64 lease_ms                   // extend or complete within this
  3: i64 checkpoint_size            // newest checkpoint; a witness that is behind asks for it
}

/** A signed checkpoint and the proof from the size that the witness saw last. */
struct CheckpointReply {
  1: string note                    // signed note (C2SP tlog-checkpoint)
  2: i64 old_size           // size that the proof begins at; 0: nothing to prove
  3: list<binary> consistency  // RFC 6962 consistency proof, 32 bytes each
}

service ConnectorGateway {
  LeaseReply lease(1: LeaseRequest request) throws (1: Refusal refusal)
  /** Tokens still held; those not answered here are lost. */
  list<Token> extend(1: list<Token> tokens, 2: JournalHead journal) throws (1: Refusal refusal)
  /** Accepted completions and delivery reports are durable when this returns. Idempotent. */
  void complete(1: list<Completion> completions, 2: list<DeliveryReport> deliveries, 3: JournalHead journal) throws (1: Refusal refusal)
  /** The newest checkpoint with the consistency proof from old_size (0: none seen). */
  CheckpointReply checkpoint(1: i64 old_size) throws (1: Refusal refusal)
  /** A cosignature line (C2SP tlog-cosignature) over the checkpoint of that size. */
  void cosign(1: i64 size, 2: string line) throws (1: Refusal refusal)
}

/** What a member may do to a case. Each is one signed CaseOrder. */
enum CaseAction {
  decide = 1                // a task: subject is the task, choice one of its actions
  signal = 2                // an event that a step waits for: subject is its name
  pause = 3                 // choice is the typed reason of suspension
  resume = 4
  cancel = 5                // what was done is undone in reverse order
  mend = 6                  // an incident: subject is it; choice is retry | skip | set_result
}

/**
 * An order about a case. Signed by the member's signing key over
 * {"action","case","case_revision","choice","detail_sha256","hub","officer","reason_sha256","request_id","signed_at_ms","subject",
 *  "v":"tongban/case-order/v1"}; action is the enum name, the digests are of the bytes given.
 */
struct CaseOrder {
  1: i32 revision           // REVISION
  2: string hub             // the hub id that this is meant for
  3: string request_id      // (member, case_number, request_id) is the idempotency key; 1..64 of [A-Za-z0-9._-]
  4: CaseAction action      // what is to be done
  5: string case_number     // the case it is about
  6: string subject         // what in the case, as CaseAction says; or ""
  7: string choice          // which way, as CaseAction says; or ""
  8: binary detail          // canonical JSON of the form or result, or ""
  9: string reason          // the officer's words, sealed; or ""
  10: string officer        // the member's own pseudonym
  11: i64 case_revision     // the revision that the officer saw; an older one is refused ("case.moved"); 0: any
  12: i64 signed_at_ms      // by the member's clock; signed
  13: Signature signature   // by the member's signing key, over the form above
}

/** A case as a list shows it. Nothing personal: the member knows its own case by its number. */
struct CaseSummary {
  1: string case_number     // the hub's number for it
  2: string item            // id@version
  3: string item_zh         // the service item's name
  4: string item_en         // the same in English
  5: string state           // the item's state word
  6: string state_zh        // the state as a clerk reads it
  7: string state_en        // the same in English
  8: string status          // running | waiting | paused | incident | done | cancelled
  9: string light           // green | yellow | orange | red
  10: string owner          // member id that owns the case
  11: i64 opened_ms         // when it was opened
  12: string due            // ISO day, or ""
  13: i64 revision          // counts its changes, from 1
  14: string hall           // member whose window took the application in
}

/** Empty fields do not narrow. */
struct CaseQuery {
  1: i32 revision           // REVISION
  2: string item            // id, or id@version
  3: string state           // the item's state word
  4: string status          // as CaseSummary.status
  5: string light           // as CaseSummary.light
  6: string attribute       // a search attribute of the item, with its value: looked up by keyed hash
  7: string value           // the attribute's value; personal, kept nowhere
  8: string after           // `more` of the page before
  9: i32 limit              // at most 200
  10: string hall           // member whose window took the application in
  11: string member         // that owns the case
}

struct CasePage {
  1: list<CaseSummary> cases  // by due day
  2: string more            // `after` of the next page, "" at the end; a page may be short and have a next
}

/** A step that a person must do. Set by the hub; nothing personal. */
struct CaseTask {
  1: string task            // what CaseOrder.subject names to decide it
  2: string case_number     // the case it belongs to
  3: string item            // id@version of the case's service item
  4: string role            // who of the member may do it, by the item
  5: string zh              // what is to be done
  6: string en              // the same in English
  7: list<string> actions   // what CaseOrder.choice may be
  8: bool four_eyes         // two different officers must decide alike
  9: string light           // green | yellow | orange | red
  10: string due            // ISO day, or ""
  11: i64 case_revision     // what CaseOrder.case_revision should say
}

/** Something in a case that only a person can put right. Set by the hub; nothing personal. */
struct CaseIncident {
  1: string incident        // what CaseOrder.subject names to mend it
  2: string case_number     // the case it belongs to
  3: string step            // step of the item in which it arose
  4: string code            // "call.in_doubt", "retry.exhausted" ...
  5: string severity        // as Finding.severity
  6: string zh              // what is wrong and what to do
  7: string en              // the same in English
  8: i64 opened_ms          // when it arose
  9: string exchange_id     // the exchange that it is about, or ""
  10: list<string> choices  // what mend() takes
  11: i64 case_revision     // what CaseOrder.case_revision should say
}

/** Opening a case is an exchange (kind submit, HubGateway); so is an event that an office reports. */
service CaseGateway {
  /** Cases that the caller's member owns, took in, or owes or owed a step of: the open ones by their due day, then the closed. */
  CasePage list_cases(1: CaseQuery query) throws (1: Refusal refusal)
  /** One of them as a JSON document: steps, tasks, materials, deadlines, findings, incidents, history, exchanges. */
  string show_case(1: string case_number) throws (1: Refusal refusal)
  /** Tasks that wait for the caller's member; role "": all. */
  list<CaseTask> list_tasks(1: string role, 2: i32 limit) throws (1: Refusal refusal)
  /** Open incidents of a case; case_number "": those that the caller's member must see to, of all cases. */
  list<CaseIncident> list_incidents(1: string case_number, 2: i32 limit) throws (1: Refusal refusal)
  /** Durable when it returns; the same order again gets the first answer. */
  CaseSummary order(1: CaseOrder order) throws (1: Refusal refusal)
}

service AuditGateway {
  /** Everything the log says about an exchange, as one JSON document; parties to it, auditors and operators only. */
  string trace(1: string exchange_id) throws (1: Refusal refusal)
  /** Receipt (tlog-proof text) of a leaf of the exchange by its kind: denied | intent | outcome. */
  string receipt(1: string exchange_id, 2: string kind) throws (1: Refusal refusal)
  /** The latest signed checkpoint with its cosignatures. */
  string checkpoint() throws (1: Refusal refusal)
}
