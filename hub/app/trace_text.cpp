#include "hub/app/trace_text.h"

#include <cstdint>
#include <map>
#include <utility>

#include "base/text.h"
#include "base/time.h"
#include "hub/exchange/signed_forms.h"

namespace tongban::app {

namespace {

std::string clock_of(std::int64_t ms) {
    return shanghai(Instant{ms}).substr(11, 12);
}

Json list_of(const Json& whole, const char* name) {
    const auto found = whole.find(name);
    return found != whole.end() && found->is_array() ? *found : Json::array();
}

std::string words(const Json& whole, const char* name) {
    const auto found = whole.find(name);
    if (found == whole.end() || found->is_null()) return {};
    return found->is_string() ? found->get<std::string>() : found->dump();
}

std::int64_t number(const Json& whole, const char* name) {
    const auto found = whole.find(name);
    return found != whole.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

std::string part_line(const Json& part) {
    auto line = words(part, "part") + ": " + words(part, "provider") + " " + words(part, "status");
    if (const auto reason = words(part, "reason"); !reason.empty()) line += " (" + reason + ")";
    if (part.contains("envelope")) {
        const auto& envelope = part["envelope"];
        line += ", signed " + clock_of(number(envelope, "time_ms")) + " sha256 " +
                words(envelope, "native_sha256").substr(0, 16);
    }
    return line;
}

}  // namespace

std::vector<std::string> trace_events(const Json& trace) {
    std::multimap<std::int64_t, std::string> events;  // by time, else in the order of the trace
    if (trace.contains("created_ms")) {
        events.emplace(number(trace, "created_ms"),
                       "admitted: " + words(trace, "requester") + " asks for " +
                           words(trace, "resource") + " (" + words(trace, "purpose") + ")");
    }
    for (const auto& part : list_of(trace, "parts")) {
        if (!part.contains("envelope")) continue;
        events.emplace(number(part["envelope"], "time_ms"), "answered " + part_line(part));
    }
    for (const auto& leaf : list_of(trace, "leaves")) {
        auto line = "leaf " + words(leaf, "kind") + " durable";
        if (leaf.contains("index") && leaf["index"].is_number())
            line += ", in the log at " + words(leaf, "index");
        events.emplace(number(leaf, "time_ms"), std::move(line));
    }
    std::vector<std::string> lines;
    lines.reserve(events.size());
    for (const auto& [time, line] : events)
        lines.push_back(clock_of(time) + " " + line);
    return lines;
}

std::string trace_text(const Json& trace) {
    std::string text;
    text += "exchange " + words(trace, "exchange") + " on " + words(trace, "hub") + ": " +
            words(trace, "state") + "\n";
    text += "  asked by " + words(trace, "requester") + ", request " + words(trace, "request_id") +
            ", " + words(trace, "kind") + " " + words(trace, "resource") + " for " +
            words(trace, "purpose") + "\n";
    for (const auto& part : list_of(trace, "parts"))
        text += "  part " + part_line(part) + "\n";
    for (const auto& finding : list_of(trace, "findings"))
        text += "  finding " + words(finding, "code") + " " + words(finding, "part") +
                (words(finding, "code").starts_with("part.") ? " " + words(finding, "shape") : "") +
                "\n";
    for (const auto& leaf : list_of(trace, "leaves")) {
        text += "  leaf " + words(leaf, "index") + " " + words(leaf, "kind") + " at " +
                clock_of(number(leaf, "time_ms")) + "\n";
        const auto found = leaf.find("leaf");
        if (found == leaf.end() || !found->is_object()) continue;
        for (const auto* name :
             {"ground", "agreement", "consent", "decision", "outcome", "mapping_out"}) {
            if (const auto value = words(*found, name); !value.empty())
                text += std::string("    ") + name + " " + value + "\n";
        }
    }
    if (trace.contains("consent")) {
        const auto withdrawn = number(trace["consent"], "withdrawn_ms");
        text += "  consent " + words(trace["consent"], "consent") +
                (withdrawn == 0 ? " in force" : " withdrawn " + shanghai(Instant{withdrawn})) +
                "\n";
    }
    for (const auto& record : list_of(trace, "sealed"))
        text += "  sealed " + words(record, "record") + ": " + words(record, "commitments") +
                " commitments\n";
    return text;
}

std::vector<EnvelopeText> trace_envelopes(const Json& trace) {
    std::vector<EnvelopeText> envelopes;
    for (const auto& part : list_of(trace, "parts")) {
        if (!part.contains("envelope")) continue;
        const auto& json = part["envelope"];
        exchange::SignedEnvelope envelope;
        envelope.member = words(json, "member");
        envelope.exchange_id = words(json, "exchange_id");
        envelope.job_id = words(json, "job_id");
        envelope.native_sha256 = words(json, "native_sha256");
        envelope.time_ms = number(json, "time_ms");
        envelope.canonical_sha256 = words(json, "canonical_sha256");
        envelope.commitments_root = words(json, "commitments_root");
        envelope.judgement_sha256 = words(json, "judgement_sha256");
        const auto signature =
            json.contains("signature") ? words(json["signature"], "value") : std::string();
        auto bytes = from_base64(signature);
        envelopes.push_back({words(part, "part"),
                             envelope.member,
                             exchange::signed_form(envelope, words(trace, "hub")),
                             bytes ? *bytes : std::string()});
    }
    return envelopes;
}

}  // namespace tongban::app
