#include "hub/app/case_text.h"

#include <cstdint>
#include <map>

#include "base/time.h"

namespace tongban::app {

namespace {

std::string text_of(const Json& json, const char* name) {
    const auto found = json.find(name);
    return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}

std::int64_t number_of(const Json& json, const char* name) {
    const auto found = json.find(name);
    return found != json.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

bool flag_of(const Json& json, const char* name) {
    const auto found = json.find(name);
    return found != json.end() && found->is_boolean() && found->get<bool>();
}

Json list_of(const Json& json, const char* name) {
    const auto found = json.find(name);
    return found != json.end() && found->is_array() ? *found : Json::array();
}

std::string both(const Json& json, const char* zh = "zh", const char* en = "en") {
    const std::string first = text_of(json, zh);
    const std::string second = text_of(json, en);
    return first.empty() || second.empty() ? first + second : first + " " + second;
}

std::string looked_up(const std::map<std::string, std::string>& words, const std::string& code) {
    const auto found = words.find(code);
    return found == words.end() ? code : found->second + " " + code;
}

std::string minute_of(std::int64_t ms) {
    std::string at = shanghai(Instant{ms}).substr(0, 16);
    at[10] = ' ';
    return at;
}

std::string clock_words(const std::string& clock) {
    return clock == "stands"
               ? "法定期限中止计时 the legal clock stands"
               : "法定期限继续计时 the legal clock runs on (the item does not stop it "
                 "for this reason)";
}

std::string step_line(const Json& step) {
    static const std::map<std::string, std::string> words{{"ready", "待认领"},
                                                          {"running", "办理中"},
                                                          {"trouble", "异常"},
                                                          {"done", "已完成"},
                                                          {"skipped", "已跳过"},
                                                          {"cancelled", "已撤销"},
                                                          {"undone", "已撤回"}};
    std::string line = "  " + std::to_string(number_of(step, "no")) + ". " + both(step) + " [" +
                       text_of(step, "member") + "]: " + looked_up(words, text_of(step, "status"));
    const std::string outcome = text_of(step, "outcome");
    if (!outcome.empty()) line += ", " + outcome;
    const std::string due = text_of(step, "due");
    if (!due.empty()) line += ", due " + due + ", " + light_words(text_of(step, "light"));
    line += "\n";
    for (const Json& action : list_of(step, "actions"))
        line += "       " + text_of(action, "action") + ": " + both(action) + "\n";
    if (flag_of(step, "four_eyes"))
        line += flag_of(step, "decided_once") ? "       one officer has decided; a second must\n"
                                              : "       two officers must decide the same\n";
    for (const Json& event : list_of(step, "waits_for"))
        line += "       waits for event " + event.get<std::string>() + "\n";
    for (const Json& branch : list_of(step, "branches"))
        line += "       " + text_of(branch, "part") + " [" + text_of(branch, "member") +
                "]: " + text_of(branch, "phase") +
                (flag_of(branch, "irrevocable") ? ", irrevocable, last" : "") + "\n";
    return line;
}

std::string material_line(const Json& material) {
    static const std::map<std::string, std::string> words{{"fetched", "枢纽调取"},
                                                          {"brought", "申请人提交"},
                                                          {"pending", "待调取"},
                                                          {"not_needed", "无需提交"}};
    const std::string how = text_of(material, "how");
    std::string line = "  " + both(material) + ": " + looked_up(words, how);
    if (how == "fetched") line += " from " + text_of(material, "member");
    if (how == "brought") line += " at " + text_of(material, "member");
    return line + "\n";
}

std::string deadline_line(const Json& deadline) {
    const std::string step = text_of(deadline, "step");
    const std::string kind = text_of(deadline, "kind");
    std::string line = "  " + (step.empty() ? std::string("办件 the case") : step);
    if (kind != "due") line += " (" + kind + ")";
    line += ": " + text_of(deadline, "due") + ", " + light_words(text_of(deadline, "light")) +
            ", " + basis_text(deadline) + "\n";
    for (const Json& stop : list_of(deadline, "stops")) {
        const std::string to = text_of(stop, "to");
        line += "       中止 stopped: " + text_of(stop, "zh") + " " + text_of(stop, "reason") +
                ", " + text_of(stop, "from").substr(0, 10) + " to " +
                (to.empty() ? "now" : to.substr(0, 10)) + "\n";
    }
    if (const auto extension = deadline.find("extension"); extension != deadline.end())
        line += "       延长 extended: by " + std::to_string(number_of(*extension, "n")) + " on " +
                text_of(*extension, "decided").substr(0, 10) + ", " +
                text_of(*extension, "ground") + "\n";
    return line;
}

std::string incident_line(const Json& incident) {
    std::string line =
        "  " + text_of(incident, "incident") + " " + text_of(incident, "code") +
        (text_of(incident, "step").empty() ? "" : " at " + text_of(incident, "step"));
    const std::string number = text_of(incident, "number");
    if (!number.empty()) line += " of " + number;
    if (!text_of(incident, "owner").empty()) line += " [" + text_of(incident, "owner") + "]";
    line += "\n       " + both(incident) + "\n       can be done:";
    for (const Json& choice : list_of(incident, "choices"))
        line += " " + (choice == "set_result" ? std::string("mend") : choice.get<std::string>());
    return line + "\n";
}

std::string history_line(const Json& one) {
    std::string line = "  " + minute_of(number_of(one, "at_ms")) + " " + text_of(one, "cause");
    if (!text_of(one, "action").empty()) line += " " + text_of(one, "action");
    if (!text_of(one, "actor").empty()) line += " by " + text_of(one, "actor");
    if (!text_of(one, "officer").empty()) line += ", 经办人 officer " + text_of(one, "officer");
    if (number_of(one, "by") != 0) line += ", by " + std::to_string(number_of(one, "by"));
    if (!text_of(one, "reason").empty()) line += ", 理由 reason " + text_of(one, "reason");
    if (!text_of(one, "ground").empty()) line += ", 依据 ground " + text_of(one, "ground");
    if (!text_of(one, "state").empty()) line += ": " + text_of(one, "state") + " " + both(one);
    if (!text_of(one, "exchange").empty()) line += "  (" + text_of(one, "exchange") + ")";
    return line + "\n";
}

template <typename Line>
void add_section(std::string& text, const char* title, const Json& items, Line line) {
    if (items.empty()) return;
    text += std::string("\n") + title + "\n";
    for (const Json& one : items)
        text += line(one);
}

std::string pause_line(const Json& pause) {
    const std::string to = text_of(pause, "to");
    return "  " + text_of(pause, "zh") + " " + text_of(pause, "reason") + ", " +
           text_of(pause, "from").substr(0, 10) + " to " + (to.empty() ? "now" : to.substr(0, 10)) +
           ": " + clock_words(text_of(pause, "clock")) + "\n";
}

std::string finding_line(const Json& finding) {
    std::string line = "  [" + text_of(finding, "severity") + "] " + text_of(finding, "code") +
                       " " + text_of(finding, "zh") + "\n       " + text_of(finding, "en") + "\n";
    const std::string rule = text_of(finding, "rule");
    if (rule.empty()) return line;
    line += "       规则 rule " + rule + ", 适用 policy of";
    const Json places = list_of(finding, "jurisdictions");
    if (places.empty()) line += " 全国 the nation";
    for (const Json& place : places)
        line += " " + place.get<std::string>();
    const std::string ground = text_of(finding, "ground");
    return line + (ground.empty() ? "" : ", 依据 ground " + ground) + "\n";
}

}  // namespace

std::string light_words(const std::string& light) {
    static const std::map<std::string, std::string> words{
        {"green", "绿灯"}, {"yellow", "黄灯"}, {"orange", "橙灯"}, {"red", "红灯"}};
    return looked_up(words, light);
}

std::string status_words(const std::string& status) {
    static const std::map<std::string, std::string> words{{"running", "办理中"},
                                                          {"waiting", "等待"},
                                                          {"paused", "已暂停"},
                                                          {"incident", "异常待处理"},
                                                          {"done", "已办结"},
                                                          {"cancelled", "已撤销"}};
    return looked_up(words, status);
}

std::string basis_text(const Json& deadline) {
    static const std::map<std::string, std::string> units{
        {"working_days", "个工作日 working days"}, {"days", "日 days"}, {"hours", "小时 hours"}};
    const auto unit = units.find(text_of(deadline, "unit"));
    const auto extension = deadline.find("extension");
    const bool extended = extension != deadline.end() && extension->is_object();
    std::string text = std::to_string(number_of(deadline, "within")) +
                       (extended ? " + " + std::to_string(number_of(*extension, "n")) : "") + " " +
                       (unit == units.end() ? text_of(deadline, "unit") : unit->second) + " from " +
                       text_of(deadline, "from") + " by calendar " + text_of(deadline, "calendar");
    if (const auto editions = deadline.find("editions"); editions != deadline.end()) {
        for (const auto& [key, version] : editions->items())
            text += " " + key + "v" + version.dump();
    }
    if (flag_of(deadline, "provisional")) text += " (暂定 provisional)";
    if (flag_of(deadline, "stopped")) text += " (已中止 stopped)";
    return text;
}

std::string spared_text(const Json& spared) {
    const auto count = [&spared](const char* many, const char* one) {
        const std::int64_t n = number_of(spared, many);
        return std::to_string(n) + " " + (n == 1 ? one : many);
    };
    return count("papers", "paper") + " (" + count("copies", "copy") + "), " +
           count("trips", "trip") + ", " + count("counters", "counter");
}

std::string summary_text(const Json& one) {
    const std::string clock = text_of(one, "clock");
    const std::string paused = clock.empty() ? "" : "  " + clock_words(clock) + "\n";
    return text_of(one, "number") + "  " + text_of(one, "state") + " " +
           both(one, "state_zh", "state_en") + "  " + status_words(text_of(one, "status")) + "  " +
           light_words(text_of(one, "light")) +
           (text_of(one, "due").empty() ? "" : "  due " + text_of(one, "due")) + "  revision " +
           std::to_string(number_of(one, "revision")) + "\n" + paused;
}

std::string list_text(const Json& page) {
    std::string text;
    for (const Json& one : list_of(page, "cases"))
        text += summary_text(one) + "    " + text_of(one, "item") + " " +
                both(one, "item_zh", "item_en") + ", " + text_of(one, "owner") +
                (text_of(one, "hall") == text_of(one, "owner")
                     ? ""
                     : ", taken in by " + text_of(one, "hall")) +
                "\n";
    if (list_of(page, "cases").empty()) text = "no cases\n";
    if (!text_of(page, "more").empty()) text += "more: --after " + text_of(page, "more") + "\n";
    return text;
}

std::string case_text(const Json& document) {
    std::string text = summary_text(document) + "  " + text_of(document, "item") + " " +
                       both(document, "item_zh", "item_en") + "\n  主办 owner " +
                       text_of(document, "owner") + ", 收件 taken in by " +
                       text_of(document, "hall") + " on " +
                       minute_of(number_of(document, "opened_ms")) + "\n";
    if (!text_of(document, "external_number").empty())
        text += "  外部编号 external number " + text_of(document, "external_number") + "\n";
    if (!text_of(document, "ending").empty())
        text += "  " + text_of(document, "ending") +
                (text_of(document, "reason").empty() ? "" : ": " + text_of(document, "reason")) +
                "\n";
    add_section(text, "环节 steps", list_of(document, "steps"), step_line);
    add_section(text, "材料 materials", list_of(document, "materials"), material_line);
    if (const auto spared = document.find("spared"); spared != document.end())
        text += "  免跑 nobody carried: " + spared_text(*spared) + "\n";
    add_section(text, "暂停 pauses", list_of(document, "pauses"), pause_line);
    add_section(text, "期限 deadlines", list_of(document, "deadlines"), deadline_line);
    add_section(text, "核查发现 findings", list_of(document, "findings"), finding_line);
    add_section(text, "异常 open incidents", list_of(document, "incidents"), incident_line);
    add_section(text, "经过 history", list_of(document, "history"), history_line);
    return text;
}

std::string tasks_text(const Json& tasks) {
    if (tasks.empty()) return "no tasks\n";
    std::string text;
    for (const Json& one : tasks) {
        text += text_of(one, "number") + " task " + text_of(one, "task") + "  " + both(one) + " (" +
                text_of(one, "role") + ")";
        if (!text_of(one, "due").empty())
            text += "  due " + text_of(one, "due") + ", " + light_words(text_of(one, "light"));
        text += "\n    one of:";
        for (const Json& action : list_of(one, "actions"))
            text += " " + action.get<std::string>();
        if (flag_of(one, "four_eyes")) text += "  (two officers must decide the same)";
        text += "  revision " + std::to_string(number_of(one, "revision")) + "\n";
    }
    return text;
}

std::string incidents_text(const Json& incidents) {
    if (incidents.empty()) return "no open incidents\n";
    std::string text;
    for (const Json& one : incidents)
        text += incident_line(one);
    return text;
}

}  // namespace tongban::app
