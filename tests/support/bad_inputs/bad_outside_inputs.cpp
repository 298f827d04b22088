#include "tests/support/bad_inputs/bad_input.h"

namespace tongban::support {
namespace {

const char* const closed_zh = "枢纽关闭该连接，不分配内存，其他连接照常服务。";
const char* const closed_en = "The hub closes that connection, commits no memory to it and serves the others.";
const char* const handshake_zh = "TLS 握手被拒绝，未读取任何内容。";
const char* const handshake_en = "The TLS handshake is refused; nothing was read.";
const char* const served_zh = "其他办事请求照常服务，该连接到时关闭。";
const char* const served_en = "Others are served meanwhile; the connection is closed in its time.";

// NOLINTNEXTLINE(readability-function-size): a row of the table
BadInput outside(Enters enters, std::string name, std::string what, std::string code, std::string severity, std::string zh, std::string en) {
    return {std::move(name), enters, std::move(what), nullptr, {std::move(code)}, std::move(severity), std::move(zh), std::move(en)};
}

std::vector<BadInput> on_the_ports() {
    const auto port = Enters::network;
    return {
        outside(port, "frame_of_200_mb_announced", "a frame header announcing 200 MB, then four bytes", "connection.closed", "closed", closed_zh, closed_en),
        outside(port, "frame_of_17_mb_sent", "a frame of 17 MB, really sent", "connection.closed", "closed", closed_zh, closed_en),
        outside(port, "negative_frame", "a frame of negative length", "connection.closed", "closed", closed_zh, closed_en),
        outside(port, "garbage_in_a_frame", "a frame of random bytes over good TLS", "connection.closed", "closed", closed_zh, closed_en),
        outside(port, "deep_thrift_struct", "an unknown field of 10,000 structs in each other", "connection.closed", "closed", closed_zh, closed_en),
        outside(port, "long_thrift_list", "an unknown list announcing two thousand million items", "connection.closed", "closed", closed_zh, closed_en),
        outside(port, "garbage_on_the_port", "an HTTP request to the Thrift port", "connection.closed", "closed", handshake_zh, handshake_en),
        outside(port, "thrift_without_tls", "a good Thrift call without TLS", "connection.closed", "closed", handshake_zh, handshake_en),
        outside(port, "no_certificate", "TLS without a client certificate", "connection.closed", "closed", handshake_zh, handshake_en),
        outside(port, "foreign_certificate", "a client certificate of another authority", "connection.closed", "closed", handshake_zh, handshake_en),
        outside(port, "old_tls", "a client that knows TLS 1.2 only", "connection.closed", "closed", handshake_zh, handshake_en),
        outside(port, "silent_peers", "64 connections that never say a word", "others.served", "closed in time", served_zh, served_en),
        outside(port, "slow_peer", "a call that comes one byte at a time", "others.served", "closed in time", served_zh, served_en),
        outside(port, "tls_record_in_many_pieces", "a good call whose TLS record comes in 40 pieces", "answered", "served",
                "照常应答：分片到达是正常网络现象。", "Answered as usual: pieces are what networks make."),
        outside(port, "reset_in_the_answer", "a client that resets the connection while it is answered", "others.served", "closed in time", served_zh, served_en),
        outside(port, "unknown_method", "a call of a method that the contract does not have", "thrift.unknown_method", "refused",
                "返回“无此方法”，连接保持。", "Answered with Thrift's \"unknown method\"; the connection lives on."),
        outside(port, "wrong_revision", "a request of revision 99", "version", "refused", "接口版本不受支持。", "This revision of the contract is not supported."),
        outside(port, "stale_signature", "a request signed a week ago", "clock.old", "refused", "签名时间过早，请重新签名后提交。", "The signed time is too old; sign again and resend."),
        outside(port, "altered_body", "one byte of the body changed after it was signed", "signature.invalid", "refused", "请求签名无效。", "The request's signature does not verify."),
        outside(port, "other_hub", "a request signed for another hub", "request.hub", "refused", "请求指定的是另一枢纽。", "The request is meant for another hub."),
        outside(port, "body_of_5_mb", "a request body of 5 MB", "call.body_too_large", "refused", "请求报文超过允许的大小。", "The request body is larger than allowed."),
        outside(port, "repeated_id_other_content", "a request id used again with another content", "request.conflict", "refused",
                "同一请求号此前提交的内容不同，请换新的请求号。", "The same request id came before with other content; use a new id."),
        outside(port, "lease_by_a_client", "a client's certificate at the connectors' door", "call.role", "refused",
                "该证书的角色不能调用此功能。", "This certificate's role may not make this call."),
        outside(port, "altered_envelope", "an answer whose envelope was signed over other bytes", "envelope.digest", "refused",
                "信封摘要与原始报文不符。", "The envelope's digest is not that of the native record."),
        outside(port, "forged_envelope", "an envelope signed by another member's key", "envelope.key", "refused",
                "信封签名密钥未登记、已过期或已吊销。", "The envelope's signing key is unknown, expired or revoked."),
        outside(port, "replayed_envelope", "an envelope of an earlier job with a new one", "envelope.foreign", "refused",
                "信封不属于该任务。", "The envelope belongs to another job."),
    };
}

std::vector<BadInput> at_the_connectors() {
    const auto endpoint = Enters::endpoint;
    const auto office = Enters::office;
    const auto drop = Enters::drop;
    const auto view = Enters::odbc;
    const std::string late_zh = "该部分记为未能在时限内应答；必需部分缺失时整件未办成，可选部分缺失时如实列明。";
    const std::string late_en = "The part is named as not answered in time: a required one fails the exchange, an optional one is told as it is.";
    return {
        outside(endpoint, "endpoint_garbage", "bytes that are no message", "request.malformed", "HTTP 422",
                "请求报文无法识别，请核对格式与必填项。", "The request cannot be read."),
        outside(endpoint, "endpoint_other_root", "a message of another interface", "request.malformed", "HTTP 422",
                "请求报文无法识别，请核对格式与必填项。", "The request cannot be read."),
        outside(endpoint, "endpoint_too_large", "a body of 20 MB", "request.too_large", "HTTP 413", "请求报文过大。", "The request is too large."),
        outside(endpoint, "endpoint_half_a_request", "a Content-Length, and half of it", "others.served", "closed in time", served_zh, served_en),
        outside(endpoint, "endpoint_id_repeated", "the serial number of another request", "request.conflict", "HTTP 409",
                "同一业务流水号已用于内容不同的请求。", "This request id was used for another request."),
        outside(endpoint, "endpoint_invalid_record", "a request that breaks its XSD", "xsd.facet", "refused",
                "值不符合规定，逐项列明。", "Every violation is listed."),
        outside(office, "office_garbage", "Xi'an's centre answers with bytes that are no message", "encoding.nul", "refused",
                "文件中有空字节（NUL），不是文本文件；请核对后重新发送。", "The file holds a NUL byte, so it is no text; check it and send again."),
        outside(office, "office_breaks_off", "the connection breaks in the middle of the answer", "part.unavailable", "failed", late_zh, late_en),
        outside(office, "office_truncated", "half of the answer, as if it were whole", "xml.syntax", "refused",
                "XML 语法错误，请更正后重新发送。", "Not well-formed XML; correct it and send again."),
        outside(office, "office_wrong_encoding", "the answer in UTF-8, declared as GB18030", "encoding.bytes", "refused",
                "文件编码与约定不符，整份不予接收。", "The encoding is not the one agreed; the whole file is refused."),
        outside(office, "office_down", "nobody listens", "part.unavailable", "failed", late_zh, late_en),
        outside(office, "office_fault", "the office's own SOAP fault", "part.unavailable", "failed", late_zh, late_en),
        outside(office, "office_page_of_50_mb", "an answer of 50 MB", "part.unavailable", "failed", late_zh, late_en),
        outside(drop, "half_written_drop_file", "a response file that stays half-written", "part.unavailable", "delivered without it", late_zh, late_en),
        outside(drop, "replayed_drop_file", "the response comes a second time under another name", "delivered", "set aside",
                "重复的文件移入隔离文件夹并附原因，办理不受影响。", "The second file is moved to quarantine with its reason; the exchange is delivered."),
        outside(drop, "foreign_drop_file", "a response that carries another message's number", "part.unavailable", "delivered without it",
                "该文件移入隔离文件夹并附原因；该部分记为未应答。", "The file is moved to quarantine with its reason; the part is named as not answered."),
        outside(view, "view_lost_a_column", "the view no longer has the column AAE201", "part.unavailable", "delivered without it", late_zh, late_en),
        outside(view, "view_gone", "the view was dropped", "part.unavailable", "delivered without it", late_zh, late_en),
    };
}

}  // namespace

std::vector<BadInput> bad_outside_inputs() {
    std::vector<BadInput> all = on_the_ports();
    for (BadInput& input : at_the_connectors()) all.push_back(std::move(input));
    return all;
}

}  // namespace tongban::support
