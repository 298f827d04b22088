#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "hub/app/authority.h"
#include "hub/app/command.h"

namespace tongban::app {

namespace {

struct PkiOptions {
    std::string data = "data";
    std::string member;
    std::string role = "connector";
    std::string suite = "es256";
    std::string hub_id = "hub.yc";
    std::vector<std::string> names = {"localhost"};
    [[nodiscard]] std::string folder() const { return data + "/pki"; }
};

int initialise(const PkiOptions& options) {
    auto authority = Authority::create(options.folder());
    if (!authority) return report(authority.fault());
    if (auto done = authority->issue_hub(options.hub_id, options.names); !done)
        return report(done.fault());
    std::printf("authority and hub keys written to %s\n", options.folder().c_str());
    return fine;
}

int issue(const PkiOptions& options) {
    auto authority = Authority::open(options.folder());
    if (!authority) return report(authority.fault());
    auto suite = suite_named(options.suite);
    if (!suite) return report(suite.fault());
    MemberRole role = MemberRole::connector;
    if (options.role == "client") role = MemberRole::client;
    if (options.role == "auditor") role = MemberRole::auditor;
    if (options.role == "operator") role = MemberRole::operator_;
    if (auto done = authority->issue_member(options.member, role, *suite); !done)
        return report(done.fault());
    std::printf("%s: TLS and signing certificates written to %s/%s\n",
                options.member.c_str(),
                options.folder().c_str(),
                options.member.c_str());
    return fine;
}

int revoke(const PkiOptions& options) {
    auto authority = Authority::open(options.folder());
    if (!authority) return report(authority.fault());
    if (auto done = authority->revoke_member(options.member); !done) return report(done.fault());
    std::printf("%s: certificates revoked in %s/crl.pem\n",
                options.member.c_str(),
                options.folder().c_str());
    return fine;
}

}  // namespace

void add_pki_command(CLI::App& root, Action& action) {
    auto options = std::make_shared<PkiOptions>();
    auto* pki = root.add_subcommand(
        "pki", "A demo certificate authority (a real installation brings its own)");
    pki->require_subcommand(1);

    auto* init = pki->add_subcommand("init", "Make the authority and the hub's keys");
    init->add_option("--data", options->data, "Data folder")->capture_default_str();
    init->add_option("--hub", options->hub_id, "Hub id")->capture_default_str();
    init->add_option("--name", options->names, "Host names of the hub")->capture_default_str();
    init->callback([options, &action] { action = [options] { return initialise(*options); }; });

    auto* issuing = pki->add_subcommand("issue", "Issue a member's TLS and signing certificates");
    issuing->add_option("member", options->member, "Member id, e.g. 640100.housing-fund")
        ->required();
    issuing->add_option("--data", options->data, "Data folder")->capture_default_str();
    issuing->add_option("--role", options->role, "What the TLS certificate may do")
        ->check(CLI::IsMember({"connector", "client", "auditor", "operator"}))
        ->capture_default_str();
    issuing->add_option("--suite", options->suite, "Signature suite of the signing key")
        ->check(CLI::IsMember({"es256", "sm2-sm3"}))
        ->capture_default_str();
    issuing->callback([options, &action] { action = [options] { return issue(*options); }; });

    auto* revoking =
        pki->add_subcommand("revoke", "Put a member's certificates on the revocation list");
    revoking->add_option("member", options->member, "Member id")->required();
    revoking->add_option("--data", options->data, "Data folder")->capture_default_str();
    revoking->callback([options, &action] { action = [options] { return revoke(*options); }; });
}

}  // namespace tongban::app
