// Any bytes parse or give problems with a code and a place; events balance; nothing is fetched,
// nothing explodes.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/text.h"
#include "base/xml.h"

namespace {

class Balance final : public tongban::XmlHandler {
public:
    void start(std::string_view,
               std::string_view,
               const std::vector<tongban::XmlAttribute>&,
               std::uint32_t line,
               std::uint32_t) override {
        TONGBAN_CHECK(line > 0, "fuzz.xml_line");
        ++depth;
    }
    void text(std::string_view run) override {
        TONGBAN_CHECK(depth > 0 && tongban::invalid_utf8(run) == std::string_view::npos,
                      "fuzz.xml_text");
    }
    void end() override { TONGBAN_CHECK(depth-- > 0, "fuzz.xml_balance"); }
    int depth = 0;
};

const tongban::XmlSchema& schema() {
    static const auto loaded = tongban::XmlSchema::load(
        std::string(TONGBAN_SOURCE_DIR) +
        "/schemas/native/640100.housing-fund/loan-eligibility-request/v1/enquiry.xsd");
    return *loaded;
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tongban;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    for (const XmlSchema* with : {static_cast<const XmlSchema*>(nullptr), &schema()}) {
        Balance handler;
        const auto problems = parse_xml(bytes, XmlLimits{}, "", with, &handler);
        if (problems.empty()) TONGBAN_CHECK(handler.depth == 0, "fuzz.xml_closed");
        for (const XmlProblem& problem : problems)
            TONGBAN_CHECK(!problem.code.empty() && !problem.zh.empty() && !problem.en.empty() &&
                              problem.line > 0,
                          "fuzz.xml_problem");
    }
    return 0;
}
