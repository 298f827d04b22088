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
  4: string en
  5: i64 retry_after_ms     // 0: retrying the same request cannot help
}

struct Signature {
  1: string suite           // "es256" | "sm2-sm3"
  2: string key_id
  3: binary value
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
  1: string consent_id
  2: string resource        // scope: the resource it covers
  3: string purpose
  4: string receiver        // member id that may receive
  5: i64 given_at_ms
  6: i64 valid_until_ms
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
  1: i32 revision
  2: string hub             // the hub id that this is meant for
  3: string request_id      // (member, request_id) is the idempotency key; 1..64 of [A-Za-z0-9._-]
  4: ExchangeKind kind
  5: string resource        // "housing-fund/loan-eligibility"
  6: string purpose         // "loan-approval"
  7: string officer         // the member's own pseudonym for its officer, never a name
  8: optional Consent consent
  9: string case_ref        // the member's case number, or ""
  10: string schema         // native schema of the body: "640100.housing-fund/loan-eligibility-request@1"
  11: binary body           // the native request, as the office system produced it
  12: Delivery delivery
  13: i64 signed_at_ms
  14: Signature signature
  15: i64 wait_ms           // not signed: how long the caller waits for the outcome; 0 = asynchronous
  16: optional JournalHead journal
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
  7: i32 line
  8: i32 column
  9: string shape           // the value's shape, e.g. "18 characters, 1 letter": never the value
  10: string rule_version
  11: string zh
  12: string en
}

enum Verdict { match = 1, mismatch = 2, no_record = 3, ambiguous = 4, unavailable_or_stale = 5 }

struct FieldVerdict {
  1: string field
  2: Verdict verdict
  3: string normalisation   // which normalisation made it equal, or "" 
  4: i64 source_age_ms      // age of the source data when compared; -1 unknown
}

/**
 * A provider's signature over what its office answered:
 * {"exchange","hub","job","sha256","time_ms","v":"tongban/envelope/v1"} where sha256 is of the native bytes.
 */
struct SignedEnvelope {
  1: string member
  2: string exchange_id
  3: string job_id
  4: string native_sha256
  5: i64 time_ms
  6: Signature signature
}

/** What exchange() and result() answer. */
struct Outcome {
  1: string exchange_id
  2: ExchangeState state
  3: optional binary document       // fetch, submit, delivery reply: record, reply or acknowledgement in the requester's own format
  4: string document_schema
  5: list<Finding> findings
  6: list<FieldVerdict> verdicts
  7: string receipt                 // tlog-proof text of the intent (or denied) leaf; "" while pending
  8: binary leaf                    // that leaf's bytes, so that the receipt can be verified offline
  9: i64 retry_after_ms
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
  1: i32 shard
  2: i64 epoch
  3: i64 seq
  4: i32 attempt
}

enum JobKind { ask = 1, deliver = 2 }

/** placement provider: what the provider's connector needs to run the middle itself. */
struct ProviderWork {
  1: string resource
  2: string part
  3: list<string> fields            // the granted canonical fields of this part
  4: string as_of                   // ISO business date that selects rules and codes
  5: map<string, string> versions   // artefact id -> SHA-256, which the connector's catalogue must have
}

struct Job {
  1: Token token
  2: JobKind kind
  3: string exchange_id
  4: string job_id
  5: string hub
  6: string operation               // the connector's configured operation, e.g. "certificate"
  7: binary body                    // ask: the native request; deliver: the document
  8: string schema                  // native schema of the body
  9: i64 deadline_ms
  10: string message_no             // our message number, 20 digits, for formats that need one
  11: string traceparent
  12: Placement placement
  13: optional ProviderWork work
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

/** What a connector reports about one leased job. */
struct Completion {
  1: Token token
  2: string exchange_id
  3: string job_id
  4: AnswerKind kind
  5: binary native_record                // placement hub: the bytes as the office produced them
  6: SignedEnvelope envelope        // over sha256(native_record); also for placement provider
  7: string reason                  // a code for not-answered kinds, never a personal value
  8: i64 source_time_ms             // when the office's data was current; 0 unknown
  9: optional binary canonical      // placement provider: the minimised canonical record
  10: optional binary commitments_root
  11: list<Finding> findings        // placement provider
}

/** A delivery that the office has acknowledged (or finally refused). */
struct DeliveryReport {
  1: Token token
  2: string exchange_id
  3: string job_id
  4: bool accepted
  5: string reason
  6: string document_sha256
  7: string acknowledgement_sha256  // of the office's own acknowledgement bytes
  8: Signature signature            // {"acknowledgement_sha256","document_sha256","exchange","hub","job","v":"tongban/acknowledgement/v1"}
}

struct LeaseRequest {
  1: i32 revision
  2: i32 max_jobs
  3: i64 wait_ms                    // long poll, at most 30 s
  4: JournalHead journal
}

struct LeaseReply {
  1: list<Job> jobs
  2: i64 lease_ms                   // extend or complete within this
  3: i64 checkpoint_size            // newest checkpoint; a witness that is behind asks for it
}

/** A signed checkpoint and the proof from the size that the witness saw last. */
struct CheckpointReply {
  1: string note                    // signed note (C2SP tlog-checkpoint)
  2: i64 old_size
  3: list<binary> consistency
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
  1: i32 revision
  2: string hub
  3: string request_id      // (member, case_number, request_id) is the idempotency key; 1..64 of [A-Za-z0-9._-]
  4: CaseAction action
  5: string case_number
  6: string subject
  7: string choice
  8: binary detail          // canonical JSON of the form or result, or ""
  9: string reason          // the officer's words, sealed; or ""
  10: string officer        // the member's own pseudonym
  11: i64 case_revision     // the revision that the officer saw; an older one is refused ("case.moved"); 0: any
  12: i64 signed_at_ms
  13: Signature signature
}

/** A case as a list shows it. Nothing personal: the member knows its own case by its number. */
struct CaseSummary {
  1: string case_number
  2: string item            // id@version
  3: string item_zh
  4: string item_en
  5: string state           // the item's state word
  6: string state_zh
  7: string state_en
  8: string status          // running | waiting | paused | incident | done | cancelled
  9: string light           // green | yellow | orange | red
  10: string owner
  11: i64 opened_ms
  12: string due            // ISO day, or ""
  13: i64 revision
  14: string hall           // member whose window took the application in
}

/** Empty fields do not narrow. */
struct CaseQuery {
  1: i32 revision
  2: string item            // id, or id@version
  3: string state
  4: string status
  5: string light
  6: string attribute       // a search attribute of the item, with its value: looked up by keyed hash
  7: string value
  8: string after           // `more` of the page before
  9: i32 limit              // at most 200
  10: string hall           // member whose window took the application in
  11: string member         // that owns the case
}

struct CasePage {
  1: list<CaseSummary> cases
  2: string more            // `after` of the next page, "" at the end; a page may be short and have a next
}

struct CaseTask {
  1: string task
  2: string case_number
  3: string item
  4: string role
  5: string zh
  6: string en
  7: list<string> actions
  8: bool four_eyes
  9: string light
  10: string due
  11: i64 case_revision
}

struct CaseIncident {
  1: string incident
  2: string case_number
  3: string step
  4: string code            // "call.in_doubt", "retry.exhausted" ...
  5: string severity
  6: string zh
  7: string en
  8: i64 opened_ms
  9: string exchange_id     // the exchange that it is about, or ""
  10: list<string> choices  // what mend() takes
  11: i64 case_revision
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
