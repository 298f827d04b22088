// tongban-bench-stages: the stages of one exchange, each alone, on the same bytes as the load.
// Prints one JSON object.
//
// Exit codes: 0 measured, 1 something failed.
#include "tests/bench/stages.h"

#include <exception>
#include <iostream>

#include <CLI/CLI.hpp>

#include "base/files.h"
#include "base/json.h"
#include "base/xml.h"
#include "hub/exchange/router.h"
#include "hub/exchange/signed_forms.h"
#include "hub/policy/revocations.h"
#include "mapping/rule_set.h"
#include "mapping/stages.h"
#include "schemas/native_schema.h"

namespace tongban::bench {

namespace {

mapping::ValidRecord valid_record(const World& world,
                                  const std::string& schema,
                                  const std::string& bytes) {
    return must(mapping::validate(
        must(mapping::decode({schema, bytes}, *world.engine->catalogue->native(schema)))));
}

mapping::Evidence evidence_of(const Sample& sample) {
    mapping::Evidence evidence;
    evidence.request = sample.question->fields();
    evidence.parts["certificate"] = mapping::PartStatus::answered;
    evidence.signed_by_provider["certificate"] = true;
    evidence.source_age_ms["certificate"] = 0;
    evidence.consent_given = true;
    evidence.consent_covers = true;
    return evidence;
}

}  // namespace

Figures engine_stages(const World& world, const std::vector<Sample>& samples) {
    const Date day = shanghai_date(world.now);
    const mapping::Context context{
        day, world.now, exchange::message_number("bench"), "bench", asker, provider};
    const mapping::Plan& asked = *world.engine->library->into_canonical(request_schema, day);
    const mapping::Plan& held = *world.engine->library->into_canonical(certificate_schema, day);
    const mapping::Plan& out = *world.engine->library->out_of_canonical(delivery_schema, day);
    const schemas::NativeSchema& delivery = *world.engine->catalogue->native(delivery_schema);
    const std::string record = samples.front().covering.resource->record;
    const std::vector<std::string> places{"640100", "610100"};
    const auto sample = [&samples](std::size_t i) -> const Sample& {
        return samples[i % samples.size()];
    };

    // What each stage is given was made by the one before it.
    std::vector<mapping::ValidRecord> questions, certificates;
    std::vector<mapping::CanonicalRecord> canonical;
    std::vector<mapping::MinimisedRecord> minimised;
    std::vector<mapping::OutboundRecord> outbound;
    std::vector<mapping::Evidence> evidence;
    const mapping::RuleSet rules = world.engine->rules->select(record, day, places);
    const auto gathered = [&](std::size_t i) {
        std::vector<std::pair<std::string, mapping::CanonicalRecord>> all;
        all.emplace_back("request", *sample(i).question);
        all.emplace_back("certificate", canonical[i % canonical.size()]);
        return mapping::gather(record, std::move(all));
    };
    for (std::size_t i = 0; i < samples.size(); ++i) {
        questions.push_back(valid_record(world, request_schema, sample(i).request.body));
        certificates.push_back(valid_record(world, certificate_schema, sample(i).certificate));
        canonical.push_back(must(mapping::canonicalise(certificates[i], held, context)));
        evidence.push_back(evidence_of(sample(i)));
        const auto verified = must(mapping::verify(gathered(i), rules, evidence[i], context));
        minimised.push_back(mapping::minimise(verified, *sample(i).grant));
        outbound.push_back(must(mapping::convert(minimised[i], out, context)));
    }
    const auto at = [&samples](std::size_t i) { return i % samples.size(); };

    Figures us;
    us["validate_request"] = cpu_us_of(
        [&](std::size_t i) { return valid_record(world, request_schema, sample(i).request.body); });
    us["validate_certificate"] = cpu_us_of([&](std::size_t i) {
        return valid_record(world, certificate_schema, sample(i).certificate);
    });
    us["canonicalise_request"] = cpu_us_of([&](std::size_t i) {
        return must(mapping::canonicalise(questions[at(i)], asked, context));
    });
    us["canonicalise_certificate"] = cpu_us_of([&](std::size_t i) {
        return must(mapping::canonicalise(certificates[at(i)], held, context));
    });
    us["question"] = cpu_us_of([&](std::size_t i) { return routed(world, sample(i), "bench"); });
    us["rules"] = cpu_us_of([&](std::size_t i) {
        const mapping::RuleSet chosen = world.engine->rules->select(record, day, places);
        must(mapping::verify(gathered(i), chosen, evidence[at(i)], context));
    });
    const auto verified = must(mapping::verify(gathered(0), rules, evidence[0], context));
    us["minimise"] =
        cpu_us_of([&](std::size_t) { return mapping::minimise(verified, *sample(0).grant); });
    us["convert"] = cpu_us_of(
        [&](std::size_t i) { return must(mapping::convert(minimised[at(i)], out, context)); });
    us["encode"] =
        cpu_us_of([&](std::size_t i) { return must(mapping::encode(outbound[at(i)], delivery)); });
    return us;
}

namespace {

Figures signature_stages(const World& world,
                         const std::vector<Sample>& samples,
                         const std::string& data) {
    const policy::Member& member = *world.policy->member(asker);
    const policy::SigningKey& key =
        *member.signing_key(samples.front().request.signature.key_id, world.now);
    const exchange::Request& request = samples.front().request;
    policy::Revocations revocations(data + "/pki/ca.pem", data + "/pki/crl.pem");
    Figures us;
    us["signed_form"] = cpu_us_of(
        [&](std::size_t i) { return exchange::signed_form(samples[i % samples.size()].request); });
    us["verify"] = cpu_us_of([&](std::size_t) {
        if (!key.key.verify(exchange::signed_form(request), request.signature.value))
            throw std::runtime_error("signature");
    });
    us["certificate_good"] = cpu_us_of([&](std::size_t) {
        if (!revocations.good(key.certificate_pem, key.facts.serial, world.now))
            throw std::runtime_error("certificate");
    });
    return us;
}

int run(const BenchPlan& plan) {
    prepare_xml();
    const World world = load_world(plan);
    std::vector<Sample> samples;
    for (const Person& person : load_people(plan.people))
        samples.push_back(make_sample(world, samples.size(), person));
    const std::string folder = plan.data + "/stages";
    must(make_folders(folder, Access::owner_only));
    Json told = Json::object();
    told["engine_us"] = engine_stages(world, samples);
    told["signatures_us"] = signature_stages(world, samples, plan.data);
    told["proof_us"] = proof_stages(world, samples, folder);
    told["limits_now"] = physical_limits(folder);
    std::cout << Json{{"stages", told}}.dump() << "\n";
    return 0;
}

}  // namespace

}  // namespace tongban::bench

int main(int argc, char** argv) {
    tongban::bench::BenchPlan plan;
    CLI::App app("The stages of one exchange, each alone", "tongban-bench-stages");
    app.add_option("--data", plan.data, "data folder that holds pki/; stages/ is made in it")
        ->required();
    app.add_option("--people", plan.people, "folder of N.request and N.certificate")->required();
    app.add_option("--configs", plan.configs, "folder of members/, resources/, agreements/")
        ->required();
    app.add_option("--root", plan.root, "folder of schemas/ and mapping/")->required();
    CLI11_PARSE(app, argc, argv);
    try {
        return tongban::bench::run(plan);
    } catch (const std::exception& error) {
        std::cerr << "tongban-bench-stages: " << error.what() << "\n";
        return 1;
    }
}
