// Connector: asks a member's own office system one native question, in the protocol that office
// speaks.
//
// A connector transports: the bytes it is given go to the office as they are, and the bytes that
// the office answers come back as they are. It never asks twice by itself; the hub decides about
// asking again.
//
// Deliverer: hands a document to the office, which may be told the same message number twice and
// must answer the same.
//
// Threads: implementations are safe from any thread; the runtime bounds how many ask one office at
// once. Faults:  none; whatever an office does is one of the six answers, with a reason code that
// holds no personal value.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "base/yaml.h"

namespace tongban::connectors {

struct Question {
    std::string exchange;
    std::string job;
    std::string message_no;  // ours, 20 digits; the same for every time that this job is asked
    std::string schema;      // native schema of the bytes
    std::string native;
    std::string op_key{};  // of the case's call, or "": an office may keep it beside the number
};

enum class AnswerKind {
    answered,     // native holds the record
    no_record,    // the office says that it has none
    not_covered,  // the office does not keep this
    refused,      // the office lawfully refuses
    unavailable,  // down, slow, garbage on its protocol: may be asked again
    ambiguous,    // more than one record answers
};
std::string_view name_of(AnswerKind kind);
Result<AnswerKind> answer_kind_named(std::string_view name);

struct Answer {
    AnswerKind kind = AnswerKind::unavailable;
    std::string native;   // only when answered
    Instant source_time;  // when the office's data was current; 0 unknown
    std::string
        reason;  // "soap.fault.Server", "http.timeout", "odbc.column_missing"; "" when answered
};

Answer answered(std::string native);
Answer not_answered(AnswerKind kind, std::string reason);

class Connector {
public:
    virtual ~Connector() = default;
    virtual Answer ask(const Question& question, Deadline deadline) = 0;
    // The program ends: whoever waits for the office gives up soon. Nothing is asked afterwards.
    virtual void stop() = 0;
};

struct Handover {
    std::string exchange;
    std::string job;
    std::string
        message_no;  // the same at every repetition: the office answers a repetition as a duplicate
    std::string schema;
    std::string document;
};

enum class Reception {
    accepted,   // the office has it; acknowledgement holds its bytes
    rejected,   // the office finally refuses it
    uncertain,  // not known: hand over again under the same message number
};

struct Acknowledgement {
    Reception reception = Reception::uncertain;
    std::string bytes;   // the office's own acknowledgement
    std::string reason;  // a code, when not accepted
};

class Deliverer {
public:
    virtual ~Deliverer() = default;
    virtual Acknowledgement deliver(const Handover& handover, Deadline deadline) = 0;
    virtual void stop() = 0;  // as Connector::stop
};

// Protocols by name, filled by hub/app alone. A maker reads its settings and notes every fault at
// its place in the file; it opens nothing, so that a configuration can be checked where the office
// cannot be reached.
using ConnectorMaker = std::function<std::shared_ptr<Connector>(const YamlValue& settings)>;
using DelivererMaker = std::function<std::shared_ptr<Deliverer>(const YamlValue& settings)>;
struct Protocols {
    std::map<std::string, ConnectorMaker> connectors;  // "soap" "http_json" "odbc" "file_drop"
    std::map<std::string, DelivererMaker> deliverers;  // "http" "file_drop"
};

// A table `{"404": no_record, ...}` of a protocol's own codes.
using KindTable = std::map<std::string, AnswerKind>;
KindTable read_kind_table(const YamlValue& table);

}  // namespace tongban::connectors
