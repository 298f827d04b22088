#include "hub/exchange/part_reasons.h"

namespace tongban::exchange {
namespace {

constexpr bool lasting = true;

constexpr PartReason reasons[] = {
    {"deadline", "已到办理时限", "the time for this exchange has run out"},
    {"lease.ran_out",
     "该单位的前置机取走查询后没有回复",
     "its connector took the question and did not come back"},
    {"office.down",
     "该单位的系统近来多次不应答，平台暂停向其查询",
     "its system has failed several times lately and rests for a while"},
    {"office.queue_full", "等待该单位应答的查询过多", "too many questions wait for it"},
    {"route.no_question",
     "查询无法转换成该单位的格式",
     "the question cannot be written in its format",
     lasting},
    {"connector.", "该单位的前置机不能办理这类查询", "its connector cannot ask this", lasting},
    {"connector.failed", "该单位的前置机出错", "its connector failed"},
    {"provider.",
     "该单位前置机的转换版本与平台不一致",
     "its connector converts by other versions than the hub",
     lasting},
    {"http.", "与该单位系统的通信中断", "the connection to its system broke"},
    {"http.timeout", "该单位的系统未在时限内回应", "its system gave no answer in time"},
    {"http.connect", "无法连接该单位的系统", "its system cannot be reached"},
    {"http.tls",
     "与该单位系统的加密连接不能建立",
     "no trusted connection to its system can be made",
     lasting},
    {"http.status.", "该单位的系统返回错误", "its system answered with an error"},
    {"http.answer.too_large",
     "该单位系统的应答超过约定的大小",
     "its system's answer is larger than agreed",
     lasting},
    {"http_json.", "该单位的接口返回错误", "its interface answered with an error"},
    {"soap.", "该单位的接口返回错误", "its interface answered with an error"},
    {"soap.fault.", "该单位的系统报告内部故障", "its system reports a fault of its own"},
    {"odbc.", "该单位的数据库不能执行查询", "its database could not run the query"},
    {"odbc.timeout", "该单位的数据库未在时限内回应", "its database gave no answer in time"},
    {"odbc.connect", "无法连接该单位的数据库", "its database cannot be reached"},
    {"odbc.column_missing",
     "该单位的数据库视图缺少约定的列",
     "its database view lacks an agreed column",
     lasting},
    {"odbc.too_many_rows",
     "该单位的数据库视图返回的行数超过约定",
     "its database view gives more rows than agreed",
     lasting},
    {"file_drop.", "该单位的交换文件夹不能读写", "its exchange folder cannot be used", lasting},
    {"file_drop.timeout", "时限内没有收到该单位的应答文件", "no answer file came in time"},
    {"file_drop.incomplete", "该单位的应答文件没有写完", "its answer file stays half-written"},
};

}  // namespace

const PartReason* part_reason(std::string_view reason) {
    const PartReason* best = nullptr;
    for (const PartReason& one : reasons) {
        if (!reason.starts_with(one.code)) continue;
        const bool whole = one.code.ends_with('.') || reason.size() == one.code.size() ||
                           reason[one.code.size()] == '.';
        if (whole && (best == nullptr || one.code.size() > best->code.size())) best = &one;
    }
    return best;
}

}  // namespace tongban::exchange
