#include "connectors/sandbox/message_facts.h"

#include <vector>

#include "base/text.h"
#include "base/xml.h"

namespace tongban::sandbox {

namespace {

class Collector final : public XmlHandler {
public:
    void start(std::string_view name,
               std::string_view /*ns*/,
               const std::vector<XmlAttribute>& attributes,
               std::uint32_t /*line*/,
               std::uint32_t /*column*/) override {
        open_.emplace_back(std::string(name), "");
        for (const XmlAttribute& a : attributes) {
            facts.try_emplace(std::string(name) + "@" + std::string(a.name), std::string(a.value));
        }
    }
    void text(std::string_view run) override {
        if (!open_.empty()) open_.back().second += run;
    }
    void end() override {
        facts.try_emplace(open_.back().first, trim(open_.back().second));
        open_.pop_back();
    }
    MessageFacts facts;

private:
    std::vector<std::pair<std::string, std::string>> open_;
};

}  // namespace

Result<MessageFacts> facts_of(std::string_view xml) {
    Collector collector;
    const std::vector<XmlProblem> problems = parse_xml(xml, {}, "", nullptr, &collector);
    if (!problems.empty())
        return Fault{
            FaultKind::malformed, "message", "not a well-formed message: " + problems.front().code};
    return std::move(collector.facts);
}

std::string fact(const MessageFacts& facts, std::string_view name) {
    const auto at = facts.find(name);
    return at == facts.end() ? "" : at->second;
}

}  // namespace tongban::sandbox
