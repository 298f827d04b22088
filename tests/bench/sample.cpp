#include "tests/bench/sample.h"

#include <utility>
#include <variant>

#include "hub/exchange/recorder.h"
#include "hub/exchange/router.h"
#include "hub/store/store.h"

namespace tongban::bench {

namespace {

exchange::Request from_wire(const wire::Request& told) {
    exchange::Request request;
    request.revision = told.revision;
    request.hub = told.hub;
    request.request_id = told.request_id;
    request.kind = policy::Kind::fetch;
    request.resource = told.resource;
    request.purpose = told.purpose;
    request.officer = told.officer;
    const wire::Consent& given = told.consent;
    request.consent = policy::ConsentTerms{given.consent_id,
                                           given.resource,
                                           given.purpose,
                                           given.receiver,
                                           Instant{given.given_at_ms},
                                           Instant{given.valid_until_ms},
                                           given.channel,
                                           given.evidence_sha256};
    request.schema = told.schema;
    request.body = told.body;
    request.delivery = exchange::Delivery::reply;
    request.signed_at_ms = told.signed_at_ms;
    request.signature = {told.signature.suite, told.signature.key_id, told.signature.value};
    request.wait_ms = told.wait_ms;
    request.traceparent = told.traceparent;
    return request;
}

exchange::PartAnswer answer_of(const World& world, const Sample& sample) {
    exchange::PartAnswer answer;
    answer.part = &sample.covering.resource->parts.front();
    answer.route = &answer.part->routes.front();
    answer.status = mapping::PartStatus::answered;
    answer.native = sample.certificate;
    answer.schema = answer.route->record;
    answer.source_time_ms = world.now.ms;
    answer.message_no = exchange::message_number("bench");
    return answer;
}

}  // namespace

World load_world(const BenchPlan& plan) {
    auto engine = mapping::load_engine(plan.root);
    auto policy = policy::Policy::load({plan.configs, plan.data + "/pki"}, *engine->catalogue);
    return {std::move(engine),
            std::move(policy),
            signer_of(plan.data, asker),
            signer_of(plan.data, provider),
            SystemClock().now()};
}

Sample make_sample(const World& world, std::size_t person, const Person& who) {
    Sample sample;
    sample.request =
        from_wire(make_request(world.asker_signer, "stage-" + std::to_string(person), person, who));
    sample.certificate = who.certificate;
    const mapping::Context context{shanghai_date(world.now), world.now, "", "bench", asker, asker};
    sample.question =
        must(exchange::read_native({request_schema, who.request}, *world.engine, context));
    const policy::GrantMaker grants(world.policy);
    const policy::Ask ask{
        asker, resource, "loan-approval", request_schema, policy::Kind::fetch, world.now};
    const auto covered = grants.covering(ask);
    if (const auto* denial = std::get_if<policy::Denial>(&covered))
        throw std::runtime_error(denial->code);
    sample.covering = std::get<policy::Covering>(covered);
    sample.subjects =
        exchange::subjects_in(sample.question->fields(),
                              *world.engine->catalogue->type(sample.covering.resource->request));
    sample.subject_hash = hex(sha256(who.request));
    const auto decided =
        grants.decide(ask, {sample.request.consent, std::nullopt, sample.subject_hash});
    if (const auto* denial = std::get_if<policy::Denial>(&decided))
        throw std::runtime_error(denial->code);
    sample.grant = std::get<schemas::Grant>(decided);

    exchange::MiddleInput input;
    input.engine = world.engine.get();
    input.covering = &sample.covering;
    input.grant = &*sample.grant;
    input.question = &*sample.question;
    input.exchange_id = "bench";
    input.message_no = exchange::message_number("bench");
    input.consent = {true, true, false};
    input.now = world.now;
    input.parts.push_back(answer_of(world, sample));
    sample.result = exchange::run_middle(input);
    if (sample.result.state != exchange::State::delivered) {
        std::string why = "an exchange of the benchmark is not delivered:";
        for (const schemas::Finding& finding : sample.result.findings)
            why += " " + finding.code;
        throw std::runtime_error(why);
    }
    return sample;
}

exchange::RoutedPart routed(const World& world,
                            const Sample& sample,
                            const std::string& exchange_id) {
    exchange::RouteAsk ask;
    ask.resource = sample.covering.resource;
    ask.requester = asker;
    ask.requester_division = sample.covering.requester->division();
    ask.exchange_id = exchange_id;
    ask.now = world.now;
    return exchange::route(ask, *sample.question, *world.engine).front();
}

std::shared_ptr<exchange::Live> make_live(const World& world,
                                          const Sample& sample,
                                          const std::string& request_id) {
    auto live = std::make_shared<exchange::Live>();
    live->shard = store::shard_of(asker, request_id);
    live->id = store::new_exchange_id(world.now, live->shard);
    live->request = sample.request;
    live->request.request_id = request_id;
    live->member = asker;
    live->content = sha256(request_id);
    live->admitted = world.now;
    live->policy = world.policy;
    live->engine = world.engine;
    live->covering = sample.covering;
    live->grant = sample.grant;
    live->question = sample.question;
    live->subjects = sample.subjects;
    live->subject_hash = sample.subject_hash;
    live->parts.emplace_back();
    exchange::PartInHand& part = live->parts.back();
    part.routed = routed(world, sample, live->id);
    part.open = false;
    part.status = mapping::PartStatus::answered;
    part.native = sample.certificate;
    part.source_time_ms = world.now.ms;
    wire::Job job;
    job.exchange_id = live->id;
    job.job_id = part.routed.job_id;
    const wire::SignedEnvelope told =
        world.provider_signer.envelope(job, hex(sha256(part.native)), world.now);
    part.envelope = exchange::SignedEnvelope{
        told.member,
        told.exchange_id,
        told.job_id,
        told.native_sha256,
        told.time_ms,
        {told.signature.suite, told.signature.key_id, told.signature.value}};
    live->asking = true;
    return live;
}

}  // namespace tongban::bench
