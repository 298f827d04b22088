#include "hub/exchange/refusal.h"

#include <algorithm>
#include <array>

namespace tongban::exchange {

namespace {

struct Sentence {
    std::string_view code;
    std::string_view zh;
    std::string_view en;
};

constexpr std::array sentences = {
    Sentence{"busy",
             "枢纽繁忙，请稍后用同一请求号重试。",
             "The hub is busy; retry later with the same request id."},
    Sentence{"call.body_too_large",
             "请求报文超过允许的大小。",
             "The request body is larger than allowed."},
    Sentence{"call.role",
             "该证书的角色不能调用此功能。",
             "This certificate's role may not make this call."},
    Sentence{
        "case.moved", "办件已有变化，请刷新后再操作。", "The case has moved on; look at it again."},
    Sentence{"case.order", "办件当前不能这样操作。", "The case does not take this order now."},
    Sentence{"case.unknown",
             "没有该办件，或不属于贵单位。",
             "There is no such case, or it is not this member's."},
    Sentence{"cases.none", "该枢纽未开通办件。", "This hub keeps no cases."},
    Sentence{"case.opening",
             "该办件不是由该单位签名的请求所开启，枢纽不得以其名义发起。",
             "The case stands on no request that this member signed; the hub asks nothing in its "
             "name."},
    Sentence{"certificate.revoked", "该证书已被吊销。", "This certificate has been revoked."},
    Sentence{"clock.future",
             "签名时间晚于枢纽时间，请校准时钟。",
             "The signed time lies in the future; set the clock."},
    Sentence{"clock.old",
             "签名时间过早，请重新签名后提交。",
             "The signed time is too old; sign again and resend."},
    Sentence{"consent.subject", "该授权书是另一人所签。", "This consent is another person's."},
    Sentence{"consent.withdrawn", "本人已撤回授权。", "The person has withdrawn the consent."},
    Sentence{"consent.unknown", "没有登记该授权书。", "No consent of that id is recorded."},
    Sentence{"document.differs",
             "确认的文件摘要与送达文件不符。",
             "The acknowledged digest is not that of the delivered document."},
    Sentence{"envelope.digest",
             "信封摘要与原始报文不符。",
             "The envelope's digest is not that of the native record."},
    Sentence{"envelope.foreign", "信封不属于该任务。", "The envelope belongs to another job."},
    Sentence{"envelope.key",
             "信封签名密钥未登记、已过期或已吊销。",
             "The envelope's key is not registered, not valid or revoked."},
    Sentence{"envelope.replayed", "该信封已使用过。", "This envelope has been used before."},
    Sentence{"envelope.signature", "信封签名无效。", "The envelope's signature does not verify."},
    Sentence{"envelope.time",
             "信封时间不在该任务的时限内。",
             "The envelope's time lies outside this job's life."},
    Sentence{"exchange.not_delivered",
             "该交换没有可确认的送达。",
             "This exchange has no delivery to acknowledge."},
    Sentence{"exchange.unknown",
             "没有该交换编号，或不属于贵单位。",
             "There is no such exchange, or it is not this member's."},
    Sentence{
        "internal", "枢纽内部错误，已记录。", "The hub had an internal error; it is on record."},
    Sentence{"journal.forked",
             "连接器日志与枢纽所见不一致，请停止并人工核对。",
             "The connector's journal contradicts what the hub has seen; stop and compare."},
    Sentence{"journal.regressed",
             "连接器日志编号倒退，请停止并人工核对。",
             "The connector's journal went backwards; stop and compare."},
    Sentence{"member.unknown", "目录中没有该成员单位。", "The directory has no such member."},
    Sentence{"request.conflict",
             "同一请求号此前提交的内容不同，请换新的请求号。",
             "This request id was used with other content; take a new one."},
    Sentence{"request.hub", "请求指定的是另一枢纽。", "The request is meant for another hub."},
    Sentence{"request.id",
             "请求号格式不正确：1 至 64 个字母、数字、点、下划线或连字符。",
             "The request id must be 1 to 64 letters, digits, dots, underscores or hyphens."},
    Sentence{"request.malformed",
             "请求的某一项缺失、过长或含有不允许的字符。",
             "An item of the request is missing, too long or has characters that are not allowed."},
    Sentence{"signature.certificate",
             "签名证书已过期或已吊销。",
             "The signing certificate has ended or is revoked."},
    Sentence{"signature.invalid", "请求签名无效。", "The request's signature does not verify."},
    Sentence{"signature.key",
             "签名密钥不是贵单位登记的有效密钥。",
             "The signing key is not one that this member has registered and that is valid now."},
    Sentence{"stopping",
             "枢纽正在停机，请稍后用同一请求号重试。",
             "The hub is stopping; retry later with the same request id."},
    Sentence{"unavailable",
             "枢纽暂时不能写入日志，请稍后用同一请求号重试。",
             "The hub cannot write its log at the moment; retry later with the same request id."},
    Sentence{"verify.claims",
             "核验请求没有核验项、核验项过多，或协议不允许核验该字段。",
             "The request names no claims, too many, or a field that the agreement does not let "
             "claims name."},
    Sentence{"verify.budget",
             "该字段的核验次数已用完。",
             "The number of tries for this person and field is used up."},
    Sentence{"version", "接口版本不受支持。", "This revision of the contract is not supported."},
};

}  // namespace

Refusal refusal(std::string_view code, std::string_view where, std::int64_t retry_after_ms) {
    const auto found =
        std::find_if(sentences.begin(), sentences.end(), [code](const Sentence& sentence) {
            return sentence.code == code;
        });
    if (found == sentences.end()) return refusal("internal", where, retry_after_ms);
    return {std::string(code),
            std::string(where),
            std::string(found->zh),
            std::string(found->en),
            retry_after_ms};
}

Refusal refusal_of(const policy::Denial& denial) {
    return {denial.code, denial.where, denial.zh, denial.en, 0};
}

Refusal refusal_of(const Fault& fault) {
    constexpr std::int64_t soon_ms = 500;
    switch (fault.kind) {
        case FaultKind::busy:
            return refusal("busy", "hub", soon_ms);
        case FaultKind::unavailable:
        case FaultKind::expired:
            return refusal("unavailable", "hub", soon_ms * 4);
        case FaultKind::conflict:
            return refusal("busy", "hub", soon_ms);
        case FaultKind::malformed:
        case FaultKind::refused:
        case FaultKind::not_found:
        case FaultKind::internal:
            return refusal("internal", "hub");
    }
    return refusal("internal", "hub");
}

}  // namespace tongban::exchange
