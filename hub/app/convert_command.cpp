// tongban convert: one file from one endpoint's format to another's, without a hub. An integrator's
// tool: it says what the engine says of a sample, and shows what the other side would read.
#include <cstdio>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "base/files.h"
#include "hub/app/command.h"
#include "hub/app/findings_text.h"
#include "mapping/engine.h"
#include "mapping/stages.h"

namespace tongban::app {

namespace {

struct ConvertOptions {
    std::string file;
    std::string from;
    std::string to;
    std::string out;
    std::string root;
    std::string as_of;
    std::string message_no = "00000000000000000001";
    std::string format = "text";
};

class Conversion {
public:
    Conversion(const ConvertOptions& options, std::shared_ptr<const mapping::Engine> engine)
        : options_(options), engine_(std::move(engine)) {}

    Result<Done> run(const std::string& bytes) {
        const auto* from = engine_->catalogue->native(options_.from);
        const auto* to = engine_->catalogue->native(options_.to);
        if (from == nullptr) return unknown("--from", options_.from);
        if (to == nullptr) return unknown("--to", options_.to);
        mapping::Context context;
        context.now = SystemClock().now();
        context.as_of = shanghai_date(context.now);
        if (!options_.as_of.empty()) {
            auto day = parse_iso_date(options_.as_of);
            if (!day) return Fault{FaultKind::malformed, "--as-of", day.fault().reason};
            context.as_of = *day;
        }
        context.message_no = options_.message_no;
        const auto* in = engine_->library->into_canonical(options_.from, context.as_of);
        const auto* outward = engine_->library->out_of_canonical(options_.to, context.as_of);
        if (in == nullptr) return no_mapping("--from", options_.from, "into");
        if (outward == nullptr) return no_mapping("--to", options_.to, "out of");
        if (in->canonical_type() != outward->canonical_type())
            return Fault{FaultKind::malformed,
                         "--to",
                         options_.from + " is read as " + in->canonical_type() + ", but " +
                             options_.to + " is written from " + outward->canonical_type()};

        auto native = take(mapping::decode({options_.from, bytes}, *from));
        if (!native) return Done{};
        auto valid = take(mapping::validate(*std::move(native)));
        if (!valid) return Done{};
        auto canonical = take(mapping::canonicalise(*valid, *in, context));
        if (!canonical) return Done{};
        auto outbound = take(mapping::convert_request(*canonical, *outward, context));
        if (!outbound) return Done{};
        auto document = take(mapping::encode(*outbound, *to));
        if (document) document_ = std::move(document->bytes);
        return Done{};
    }

    [[nodiscard]] const std::optional<std::string>& document() const { return document_; }
    [[nodiscard]] const std::vector<schemas::Finding>& found() const { return findings_; }

private:
    static Fault unknown(const std::string& where, const std::string& id) {
        return Fault{FaultKind::not_found, where, "no native schema " + id + " in schemas/native"};
    }
    static Fault no_mapping(const std::string& where,
                            const std::string& id,
                            const std::string& way) {
        return Fault{FaultKind::not_found,
                     where,
                     "no mapping " + way + " canonical form for " + id + " on that day"};
    }
    template <typename T>
    std::optional<T> take(schemas::Checked<T> checked) {
        findings_.insert(findings_.end(), checked.findings.begin(), checked.findings.end());
        return std::move(checked.value);
    }

    const ConvertOptions& options_;
    std::shared_ptr<const mapping::Engine> engine_;
    std::vector<schemas::Finding> findings_;
    std::optional<std::string> document_;
};

int convert_file(const ConvertOptions& options) {
    auto bytes = read_file(options.file, 256ULL << 20);
    if (!bytes) return report_input(named("file", bytes.fault()));
    Conversion conversion(options, mapping::load_engine(find_root(options.root)));
    if (auto done = conversion.run(*bytes); !done) {
        report(done.fault());
        return usage;
    }
    if (options.format == "json") {
        Json findings_json = Json::array();
        for (const auto& finding : conversion.found())
            findings_json.push_back(json_of(finding));
        std::fprintf(stderr, "%s\n", Json{{"findings", findings_json}}.dump().c_str());
    } else {
        std::fputs(text_of(conversion.found()).c_str(), stderr);
    }
    if (!conversion.document()) return findings;
    if (options.out.empty()) {
        std::fwrite(conversion.document()->data(), 1, conversion.document()->size(), stdout);
    } else if (auto done = write_file_durably(options.out, *conversion.document()); !done) {
        return report(done.fault());
    }
    return schemas::any_stops(conversion.found()) ? findings : fine;
}

}  // namespace

void add_convert_command(CLI::App& root, Action& action) {
    auto options = std::make_shared<ConvertOptions>();
    auto* convert =
        root.add_subcommand("convert", "Convert one file from one endpoint's format to another's");
    convert->add_option("file", options->file, "The native record")->required();
    convert->add_option("--from", options->from, "Native schema of the file")->required();
    convert->add_option("--to", options->to, "Native schema to write")->required();
    convert->add_option("--out", options->out, "Where to write it (standard output)");
    convert->add_option("--root", options->root, "Folder with schemas/ and mapping/");
    convert
        ->add_option(
            "--as-of", options->as_of, "Business date that selects mappings and code rows (today)")
        ->check(iso_day);
    convert
        ->add_option(
            "--message-no", options->message_no, "Message number, for formats that carry one")
        ->capture_default_str();
    convert->add_option("--format", options->format, "How findings are written to standard error")
        ->check(CLI::IsMember({"text", "json"}))
        ->capture_default_str();
    convert->callback(
        [options, &action] { action = [options] { return convert_file(*options); }; });
}

}  // namespace tongban::app
