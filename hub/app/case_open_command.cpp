// tongban case open: sends a member's opening as an exchange of kind submit, and tells the number
// of the case.
#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>
#include <cctype>

#include "base/crypto.h"
#include "base/files.h"
#include "base/time.h"
#include "hub/app/case_command.h"

namespace tongban::app {

namespace {

constexpr std::int64_t consent_valid_ms = 365LL * 24 * 3600 * 1000;
constexpr std::size_t longest_opening = 16U << 20;

struct OpenOptions {
    CaseOptions base;
    Enquiry enquiry;
    std::string body_file;
    std::string consent_id;
    std::string consent_evidence;
};

// A case's number in the acknowledgement, whatever the member's own format is: eight digits, the
// case, a check letter.
std::string number_in(const std::string& text) {
    const auto is_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
    for (std::size_t at = 0; at + 12 <= text.size(); ++at) {
        std::size_t end = at;
        while (end < text.size() && std::isdigit(static_cast<unsigned char>(text[end])) != 0)
            ++end;
        const bool begins = at == 0 || !is_word(text[at - 1]);
        if (!begins || end - at != 8 || text[end] != '-') continue;
        std::size_t middle = end + 1;
        while (middle < text.size() && is_word(text[middle]))
            ++middle;
        if (middle == end + 1 || middle + 1 >= text.size() || text[middle] != '-') continue;
        if (is_word(text[middle + 1])) return text.substr(at, middle + 2 - at);
    }
    return "";
}

void print(const OpenOptions& options, const Answered& answer, const std::string& number) {
    if (options.base.format == "json") {
        Json whole{{"number", number},
                   {"exchange", answer.exchange_id},
                   {"outcome", answer.state},
                   {"findings", answer.findings},
                   {"receipt", answer.receipt},
                   {"document_schema", answer.document_schema}};
        if (answer.document) whole["document"] = *answer.document;
        std::printf("%s\n", whole.dump().c_str());
        return;
    }
    if (!number.empty()) std::printf("case %s\n", number.c_str());
    std::printf("exchange %s: %s\n", answer.exchange_id.c_str(), answer.state.c_str());
    for (const auto& finding : answer.findings)
        std::printf("[%s] %s %s\n    %s\n    %s\n",
                    finding.value("severity", "").c_str(),
                    finding.value("code", "").c_str(),
                    finding.value("field", "").c_str(),
                    finding.value("zh", "").c_str(),
                    finding.value("en", "").c_str());
}

void put_consent(OpenOptions& options, Instant now) {
    options.enquiry.consent = Json{{"consent_id", options.consent_id},
                                   {"resource", options.enquiry.resource},
                                   {"purpose", options.enquiry.purpose},
                                   {"receiver", options.base.hub.identity},
                                   {"given_at_ms", now.ms},
                                   {"valid_until_ms", now.ms + consent_valid_ms},
                                   {"channel", "counter"},
                                   {"evidence_sha256", options.consent_evidence}};
}

int open_case(OpenOptions options) {
    auto body = read_file(options.body_file, longest_opening);
    if (!body) return report_input(named("body", body.fault()));
    options.enquiry.body = *std::move(body);
    const Instant now = SystemClock().now();
    if (options.enquiry.request_id.empty()) options.enquiry.request_id = uuid_v7(now);
    if (!options.consent_id.empty()) put_consent(options, now);
    auto client = HubClient::open(options.base.hub);
    if (!client) return report_unopened(client.fault());
    auto answer = (*client)->exchange(options.enquiry);
    if (!answer) return report_case(answer.fault());
    if (answer->document) {
        if (auto done = (*client)->acknowledge(answer->exchange_id, *answer->document); !done)
            return report_case(done.fault());
    }
    print(options, *answer, answer->document ? number_in(*answer->document) : "");
    if (answer->state == "pending") {
        std::fprintf(stderr,
                     "  do: send it again with --request-id %s to hear the outcome\n",
                     options.enquiry.request_id.c_str());
        return unavailable;
    }
    return answer->state == "delivered" ? fine : findings;
}

}  // namespace

void add_case_open(CLI::App& parent, Action& action) {
    auto options = std::make_shared<OpenOptions>();
    auto* command = parent.add_subcommand("open", "Open a case: send the application");
    command->add_option("body", options->body_file, "The application, in the format of --schema")
        ->required();
    add_case_options(*command, options->base);
    Enquiry& enquiry = options->enquiry;
    enquiry.kind = "submit";
    command->add_option("--resource", enquiry.resource, "Resource with intake: {open: ITEM}")
        ->required();
    command->add_option("--purpose", enquiry.purpose, "What for")->required();
    command
        ->add_option("--schema",
                     enquiry.schema,
                     "Native schema of the application, or the resource's own canonical type")
        ->required();
    command->add_option("--officer", enquiry.officer, "Pseudonym of the officer")->required();
    command->add_option("--request-id", enquiry.request_id, "Idempotency key (a new one)");
    command->add_option("--case", enquiry.case_ref, "The member's own number of it");
    command->add_option("--consent", options->consent_id, "Id of the citizen's consent");
    command->add_option(
        "--consent-evidence", options->consent_evidence, "SHA-256 of the signed consent form");
    command->add_option("--wait-ms", enquiry.wait_ms, "How long to wait")->capture_default_str();
    command->callback([options, &action] { action = [options] { return open_case(*options); }; });
}

}  // namespace tongban::app
