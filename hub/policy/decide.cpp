#include "hub/policy/decide.h"

namespace tongban::policy {

namespace {

Denial none_covers(const Policy& policy, const Ask& ask, Date day) {
    bool resource = false;
    bool purpose = false;
    bool kind = false;
    const Agreement* dated = nullptr;
    for (const Agreement& agreement : policy.agreements()) {
        if (agreement.requester != ask.requester || agreement.resource != ask.resource) continue;
        resource = true;
        if (agreement.purpose != ask.purpose) continue;
        purpose = true;
        if (!agreement.kinds.contains(ask.kind)) continue;
        kind = true;
        dated = &agreement;
    }
    if (!resource) {
        return {"agreement.none",
                "resource",
                "没有共享协议允许贵单位使用该资源，请先签订协议。",
                "No agreement lets this member use this resource; one must be concluded first."};
    }
    if (!purpose) {
        return {"agreement.purpose",
                "purpose",
                "共享协议不包含所声明的用途。",
                "The agreement does not cover the stated purpose."};
    }
    if (!kind) {
        return {"agreement.kind",
                "kind",
                "共享协议不包含这种交换方式。",
                "The agreement does not cover this kind of exchange."};
    }
    const bool ended = dated->valid.to && *dated->valid.to < day;
    if (ended) {
        return {"agreement.ended",
                "date",
                "共享协议已到期，请续签。",
                "The agreement has ended; it must be renewed."};
    }
    return {
        "agreement.not_yet", "date", "共享协议尚未生效。", "The agreement is not in force yet."};
}

std::optional<Denial> wrong_terms(const ConsentTerms& terms, const Ask& ask) {
    const bool of_case = !ask.opening.empty() && terms.resource == ask.opening;
    if (terms.resource != ask.resource && !of_case) {
        return Denial{"consent.resource",
                      "consent",
                      "授权书不包含该资源。",
                      "The consent does not cover this resource."};
    }
    if (terms.purpose != ask.purpose) {
        return Denial{"consent.purpose",
                      "consent",
                      "授权书不包含该用途。",
                      "The consent does not cover this purpose."};
    }
    if (terms.receiver != ask.requester) {
        return Denial{"consent.receiver",
                      "consent",
                      "授权书的接收单位不是贵单位。",
                      "The consent names another receiver."};
    }
    if (ask.now < terms.given_at) {
        return Denial{"consent.not_yet",
                      "consent",
                      "授权时间晚于当前时间。",
                      "The consent is dated in the future."};
    }
    if (terms.valid_until < ask.now) {
        return Denial{"consent.ended",
                      "consent",
                      "授权书已过期，请重新取得授权。",
                      "The consent has ended; a new one is needed."};
    }
    return std::nullopt;
}

std::optional<Denial> wrong_consent(const Ask& ask, const ConsentEvidence& consent) {
    if (!consent.given || consent.given->consent_id.empty()) {
        return Denial{"consent.missing",
                      "consent",
                      "该资源须经本人授权，请求中没有授权书。",
                      "This resource needs the person's consent, and the request names none."};
    }
    if (std::optional<Denial> wrong = wrong_terms(*consent.given, ask)) return wrong;
    if (!consent.on_file) return std::nullopt;  // first use: it becomes this subject's
    if (consent.on_file->withdrawn.ms != 0) {
        return Denial{"consent.withdrawn",
                      "consent",
                      "本人已撤回授权。",
                      "The person has withdrawn the consent."};
    }
    if (!(consent.on_file->terms == *consent.given)) {
        return Denial{"consent.changed",
                      "consent",
                      "同一授权书编号此前登记的内容不同。",
                      "This consent id was recorded before with other content."};
    }
    if (consent.on_file->subject_hash != consent.subject_hash) {
        return Denial{"consent.subject",
                      "consent",
                      "该授权书是另一人所签。",
                      "This consent is another person's."};
    }
    return std::nullopt;
}

}  // namespace

std::variant<Covering, Denial> GrantMaker::covering(const Ask& ask) const {
    const Date day = shanghai_date(ask.now);
    const Member* requester = policy_->member(ask.requester);
    if (requester == nullptr) {
        return Denial{"member.unknown",
                      "member",
                      "目录中没有该成员单位。",
                      "The directory has no such member."};
    }
    if (!requester->valid.covers(day)) {
        return Denial{"member.ended",
                      "member",
                      "该成员单位在目录中已失效。",
                      "The directory row of this member is not valid today."};
    }
    if (!requester->may(MemberRole::requester)) {
        return Denial{
            "member.role", "member", "该成员单位没有请求方资格。", "This member may not ask."};
    }
    const Resource* resource = policy_->resource(ask.resource);
    if (resource == nullptr) {
        return Denial{"resource.unknown",
                      "resource",
                      "共享目录中没有该资源。",
                      "The catalogue has no such resource."};
    }
    if (!resource->kinds.contains(ask.kind)) {
        return Denial{"kind.not_offered",
                      "kind",
                      "该资源不提供这种交换方式。",
                      "The resource does not offer this kind of exchange."};
    }
    for (const Agreement& agreement : policy_->agreements()) {
        const bool fits = agreement.requester == ask.requester &&
                          agreement.resource == ask.resource && agreement.purpose == ask.purpose &&
                          agreement.kinds.contains(ask.kind) && agreement.valid.covers(day);
        if (!fits) continue;
        if (!ask.item.empty()) {
            if (agreement.cases.contains(ask.item))
                return Covering{requester, resource, &agreement};
            return Denial{"agreement.case",
                          "item",
                          "共享协议不允许该事项的办件以贵单位名义使用该资源。",
                          "The agreement does not let cases of this service item ask in the "
                          "member's name."};
        }
        if (agreement.request_schema != ask.schema || ask.schema.empty()) {
            return Denial{"schema.not_agreed",
                          "schema",
                          "协议约定的请求格式是另一种。",
                          "The agreement names another native schema for requests."};
        }
        return Covering{requester, resource, &agreement};
    }
    return none_covers(*policy_, ask, day);
}

std::variant<schemas::Grant, Denial> GrantMaker::decide(const Ask& ask,
                                                        const ConsentEvidence& consent) const {
    std::variant<Covering, Denial> covered = covering(ask);
    if (auto* denial = std::get_if<Denial>(&covered)) return std::move(*denial);
    const Agreement& agreement = *std::get<Covering>(covered).agreement;
    if (agreement.consent_required) {
        if (std::optional<Denial> denial = wrong_consent(ask, consent)) return *std::move(denial);
    }
    schemas::Grant grant;
    grant.agreement_ = agreement.name();
    grant.requester_ = agreement.requester;
    grant.resource_ = agreement.resource;
    grant.purpose_ = agreement.purpose;
    grant.ground_ = agreement.ground.text();
    if (consent.given) grant.consent_ = consent.given->consent_id;
    grant.fields_ = agreement.fields;
    grant.decided_at_ = ask.now;
    return grant;
}

}  // namespace tongban::policy
