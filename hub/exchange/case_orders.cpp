// Orders about cases: admitted like a request, before the cases hear of them.
#include "hub/exchange/case_desk.h"
#include "hub/exchange/exchange_inner.h"

namespace tongban::exchange {

namespace {

constexpr std::size_t longest_detail = 64U << 10;
constexpr std::size_t longest_reason = 4U << 10;

std::optional<Refusal> ill_formed(const CaseOrder& order, const std::string& hub) {
    if (order.revision != contract_revision) return refusal("version", "revision");
    if (order.hub != hub) return refusal("request.hub", "hub");
    const bool id = !order.request_id.empty() && plain_word(order.request_id, 64) &&
                    order.request_id.find_first_of("/@:") == std::string::npos;
    if (!id) return refusal("request.id", "request_id");
    const auto wrong = [](const char* where) { return refusal("request.malformed", where); };
    if (order.case_number.empty() || !plain_word(order.case_number, 96))
        return wrong("case_number");
    if (!plain_word(order.subject, 128)) return wrong("subject");
    if (!plain_word(order.choice, 64)) return wrong("choice");
    if (order.officer.empty() || !plain_word(order.officer, 64)) return wrong("officer");
    if (order.case_revision < 0) return wrong("case_revision");
    if (order.detail.size() > longest_detail) return refusal("call.body_too_large", "detail");
    if (order.reason.size() > longest_reason) return refusal("call.body_too_large", "reason");
    return std::nullopt;
}

}  // namespace

std::string_view name_of(CaseAction action) {
    switch (action) {
        case CaseAction::decide:
            return "decide";
        case CaseAction::signal:
            return "signal";
        case CaseAction::pause:
            return "pause";
        case CaseAction::resume:
            return "resume";
        case CaseAction::cancel:
            return "cancel";
        case CaseAction::mend:
            return "mend";
    }
    return "";
}

Reply<Done> Exchanges::admit_order(const CaseOrder& order, const Caller& caller) {
    Inner& inner = *inner_;
    if (inner.stopping) return refusal("stopping", "hub", 1'000);
    const Instant now = inner.links.clock.now();
    const std::shared_ptr<const policy::Policy> policy = inner.links.policy.get();
    if (Reply<Done> rate = inner.admission.within_rate(caller, *policy); !rate) return rate;
    if (std::optional<Refusal> wrong = ill_formed(order, inner.hub))
        return inner.deny_at_door(nullptr, caller, *std::move(wrong));
    Reply<Done> authentic =
        inner.admission.authentic_form({signed_form(order), order.signature}, caller, *policy, now);
    if (!authentic) return inner.deny_at_door(nullptr, caller, std::move(authentic).refusal());
    Reply<Done> fresh = inner.admission.fresh_at(order.signed_at_ms, now);
    if (!fresh) return inner.deny_at_door(nullptr, caller, std::move(fresh).refusal());
    return Done{};
}

}  // namespace tongban::exchange
