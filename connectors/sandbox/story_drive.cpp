#include "connectors/sandbox/story_drive.h"

#include <algorithm>
#include <cstdlib>

#include <httplib.h>

#include "base/files.h"
#include "connectors/sandbox/sale_story.h"

namespace tongban::sandbox {

namespace {

constexpr const char* content_type = "application/xml; charset=UTF-8";
constexpr const char* json_type = "application/json; charset=UTF-8";
constexpr std::uint64_t longest_port = 64;
constexpr time_t patience_s = 30;

// "http://127.0.0.1:8080/requests" -> the two parts that a client takes.
Result<std::pair<std::string, std::string>> split_url(const std::string& url) {
    const std::string_view scheme = "http://";
    const std::size_t slash = url.find('/', scheme.size());
    if (!url.starts_with(scheme) || slash == std::string::npos)
        return Fault{FaultKind::refused, "url", "expected http://HOST:PORT/PATH"};
    return std::pair{url.substr(0, slash), url.substr(slash)};
}

// Where the office's connector listens for its own system: it may have been started again.
Result<int> port_of(const std::string& folder, const std::string& member) {
    const auto text = read_file(folder + "/" + member + "/requests.port", longest_port);
    const int port = text ? std::atoi(text->c_str()) : 0;
    if (port <= 0) return Fault{FaultKind::unavailable, "connectors", "no port of " + member};
    return port;
}

}  // namespace

Result<Done> drive_sale(const Sale& sale,
                        const DrivePlan& plan,
                        const std::function<void(const Json&)>& told) {
    const std::vector<SaleMessage> messages = sale_messages(sale);
    for (std::size_t n = plan.from; n <= std::min(plan.until, messages.size()); ++n) {
        const SaleMessage& message = messages[n - 1];
        const Result<int> port = port_of(plan.connectors, message.member);
        if (!port) return Result<Done>(port.fault());
        httplib::Client client("127.0.0.1", *port);
        client.set_read_timeout(patience_s);
        const bool json = message.body.starts_with('{');
        const auto answer = client.Post(message.at, message.body, json ? json_type : content_type);
        if (!answer) return Fault{FaultKind::unavailable, message.member, "nobody answers there"};
        told({{"n", n},
              {"kind", message.kind},
              {"member", message.member},
              {"serial", message.serial},
              {"waits", message.waits},
              {"status", answer->status},
              {"answer", answer->body}});
    }
    return Done{};
}

Result<Done> drive_story(const World& world,
                         const DrivePlan& plan,
                         const std::function<void(const Json&)>& told) {
    const auto messages = story_messages(world, plan.story, plan.case_number);
    if (!messages) return Result<Done>(messages.fault());
    const auto url = split_url(plan.url);
    if (!url) return Result<Done>(url.fault());
    httplib::Client client(url->first);
    client.set_read_timeout(patience_s);
    for (std::size_t n = 1; n <= messages->size(); ++n) {
        if (n < plan.from || n > plan.until) continue;
        const StoryMessage& message = (*messages)[n - 1];
        const auto answer = client.Post(url->second, message.body, content_type);
        if (!answer) return Fault{FaultKind::unavailable, "url", "nobody answers there"};
        told({{"n", n},
              {"kind", message.kind},
              {"serial", message.serial},
              {"status", answer->status},
              {"answer", answer->body}});
    }
    return Done{};
}

}  // namespace tongban::sandbox
