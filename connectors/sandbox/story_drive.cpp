#include "connectors/sandbox/story_drive.h"

#include <httplib.h>

namespace tongban::sandbox {

namespace {

constexpr const char* content_type = "application/xml; charset=UTF-8";
constexpr time_t patience_s = 30;

// "http://127.0.0.1:8080/requests" -> the two parts that a client takes.
Result<std::pair<std::string, std::string>> split_url(const std::string& url) {
    const std::string_view scheme = "http://";
    const std::size_t slash = url.find('/', scheme.size());
    if (!url.starts_with(scheme) || slash == std::string::npos)
        return Fault{FaultKind::refused, "url", "expected http://HOST:PORT/PATH"};
    return std::pair{url.substr(0, slash), url.substr(slash)};
}

}  // namespace

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
