// Expressions of a service item: compiled where they stand, their complaints at the line and column
// of the word, and which results they read without asking whether they are there.
#include <algorithm>

#include "hub/cases/item/internal/draft.h"

namespace tongban::item {
namespace {

std::string_view line_of(std::string_view bytes, int wanted) {
    for (int line = 1; line < wanted; ++line) {
        const std::size_t end = bytes.find('\n');
        if (end == std::string_view::npos) return {};
        bytes.remove_prefix(end + 1);
    }
    return bytes.substr(0, bytes.find('\n'));
}

// Where the text of a scalar begins in its file.
struct Origin {
    Place at;
    bool every_line = false;  // a block after |: each line begins at the column
    bool folded = false;      // a block after >: lines are joined, places are lost
};

Origin origin_of(std::string_view bytes, const YamlValue& value) {
    Origin origin{place_of(value), false, false};
    const std::string_view line = line_of(bytes, value.line());
    const auto at = static_cast<std::size_t>(std::max(value.column() - 1, 0));
    const char first = at < line.size() ? line[at] : '\0';
    origin.folded = first == '>';
    if (first == '"' || first == '\'') ++origin.at.column;
    if (first != '|') return origin;
    origin.every_line = true;
    origin.at.line = value.line() + 1;
    const std::size_t indent = line_of(bytes, origin.at.line).find_first_not_of(' ');
    origin.at.column = indent == std::string_view::npos ? 1 : static_cast<int>(indent) + 1;
    return origin;
}

Place place_in(const Origin& origin, cel::Position at) {
    const bool shifted = at.line == 1 || origin.every_line;
    return {origin.at.line + at.line - 1, shifted ? origin.at.column + at.column - 1 : at.column};
}

// The results that an expression reads, and those that it asks has() of first.
class Reader {
public:
    struct Read {
        std::string name;
        cel::Position at;
    };
    explicit Reader(const std::vector<Named>& results) : results_(results) {}

    void walk(const cel::Expr& expr, const std::set<std::string>& asked) {
        switch (expr.kind) {
            case cel::ExprKind::name:
                if (is_result(expr.text) && !asked.contains(expr.text))
                    reads.push_back({expr.text, expr.at});
                return;
            case cel::ExprKind::call:
                if (expr.text == "has") return;
                if (expr.text == "value_or" && expr.children.size() == 2)
                    return walk(expr.children[1], asked);
                break;
            case cel::ExprKind::binary:
                return binary(expr, asked);
            case cel::ExprKind::ternary:
                walk(expr.children[0], asked);
                walk(expr.children[1], with(asked, when(expr.children[0], true)));
                walk(expr.children[2], with(asked, when(expr.children[0], false)));
                return;
            default:
                break;
        }
        for (const cel::Expr& child : expr.children)
            walk(child, asked);
    }

    // Results that are there when the expression is `wanted`.
    [[nodiscard]] std::set<std::string> when(const cel::Expr& expr, bool wanted) const {
        if (expr.kind == cel::ExprKind::call && expr.text == "has" && wanted &&
            expr.children.size() == 1)
            return root_of(expr.children[0]);
        if (expr.kind == cel::ExprKind::unary && expr.text == "!")
            return when(expr.children[0], !wanted);
        if (expr.kind != cel::ExprKind::binary) return {};
        if (expr.text == (wanted ? "&&" : "||"))
            return with(when(expr.children[0], wanted), when(expr.children[1], wanted));
        const bool asks = expr.text == (wanted ? "!=" : "==");
        if (!asks) return {};
        if (expr.children[1].kind == cel::ExprKind::null) return root_of(expr.children[0]);
        if (expr.children[0].kind == cel::ExprKind::null) return root_of(expr.children[1]);
        return {};
    }

    std::vector<Read> reads;

private:
    void binary(const cel::Expr& expr, const std::set<std::string>& asked) {
        const cel::Expr& left = expr.children[0];
        const cel::Expr& right = expr.children[1];
        const bool null = left.kind == cel::ExprKind::null || right.kind == cel::ExprKind::null;
        if (null && (expr.text == "==" || expr.text == "!=")) return;  // it asks
        walk(left, asked);
        if (expr.text == "&&") return walk(right, with(asked, when(left, true)));
        if (expr.text == "||") return walk(right, with(asked, when(left, false)));
        walk(right, asked);
    }
    [[nodiscard]] bool is_result(const std::string& name) const {
        return std::any_of(
            results_.begin(), results_.end(), [&](const Named& each) { return each.name == name; });
    }
    [[nodiscard]] std::set<std::string> root_of(const cel::Expr& expr) const {
        const cel::Expr* root = &expr;
        while (root->kind == cel::ExprKind::member || root->kind == cel::ExprKind::index)
            root = &root->children[0];
        if (root->kind == cel::ExprKind::name && is_result(root->text)) return {root->text};
        return {};
    }
    static std::set<std::string> with(std::set<std::string> all,
                                      const std::set<std::string>& more) {
        all.insert(more.begin(), more.end());
        return all;
    }
    const std::vector<Named>& results_;
};

std::string_view code_of(const std::string& complaint) {
    const bool name = complaint.starts_with("unknown name") || complaint.starts_with("no field") ||
                      complaint.starts_with("unknown function");
    return name ? "cel.name" : "cel.type";
}

bool names_only_application(const cel::Expr& expr, const std::vector<std::string>& frame) {
    if (expr.kind == cel::ExprKind::name && expr.text != "application")
        return std::find(frame.begin(), frame.end(), expr.text) == frame.end();
    return std::all_of(expr.children.begin(), expr.children.end(), [&](const cel::Expr& child) {
        return names_only_application(child, frame);
    });
}

}  // namespace

void Draft::note(std::string_view code, Place at, std::string what) {
    mistakes.push_back({std::string(code), file.path(), at.line, at.column, std::move(what)});
}

Place Draft::key_place(std::string_view key, const YamlValue& value) const {
    const auto is_key = [&](std::string_view text, std::size_t at) {
        const std::string_view rest = text.substr(at + key.size());
        return rest.starts_with(':') || rest.starts_with("\":") || rest.starts_with("':");
    };
    const std::string_view own = line_of(file.bytes(), value.line());
    const std::string_view before =
        own.substr(0, static_cast<std::size_t>(std::max(value.column() - 1, 0)));
    for (std::size_t at = before.rfind(key); at != std::string_view::npos && !key.empty();
         at = at == 0 ? std::string_view::npos : before.rfind(key, at - 1)) {
        if (is_key(before, at)) return {value.line(), static_cast<int>(at) + 1};
    }
    if (before.find_first_not_of(" -") != std::string_view::npos) return place_of(value);
    constexpr int farthest = 20;  // comments may stand between a key and its map
    for (int line = value.line() - 1; line > std::max(0, value.line() - farthest); --line) {
        const std::string_view text = line_of(file.bytes(), line);
        const std::size_t at = text.find_first_not_of(" -\"'");
        if (at == std::string_view::npos || !text.substr(at).starts_with(key)) continue;
        if (is_key(text, at)) return {line, static_cast<int>(at) + 1};
    }
    return place_of(value);
}

bool Draft::has_members(std::string_view kind) const {
    const auto& members = around.known->members;
    return std::any_of(members.begin(), members.end(), [&](const std::string& member) {
        return kind_of_member(member) == kind;
    });
}

bool Draft::answers_otherwise(const KnownResource& resource, const Party& party) const {
    return !resource.offices.empty() && !resource.offices.contains(party.kind) &&
           has_members(party.kind);
}

const KnownResource* Draft::resource(std::string_view id) const {
    if (around.known == nullptr) return nullptr;
    const auto found = around.known->resources.find(id);
    return found == around.known->resources.end() ? nullptr : &found->second;
}

const schemas::CanonicalType* Draft::type(const std::string& id) const {
    return id.empty() ? nullptr : around.catalogue.type(id);
}

// Every context has the same slots; a name that it may not see stands there without a name.
cel::Environment Draft::environment(const Context& context) const {
    cel::Environment names;
    names.codes = &around.catalogue.codes();
    const bool settles =
        context.sight == Context::Sight::confirm || context.sight == Context::Sight::settle;
    for (const std::string& name : item.frame)
        names.names.push_back({name, {}});
    const auto set = [&](std::string_view name, const cel::Type& type) {
        for (cel::Name& each : names.names)
            if (each.name == name) each.type = type;
    };
    if (const schemas::CanonicalType* application = type(item.application))
        set("application", {cel::Kind::group, nullptr, &application->fields(), ""});
    set("case", {cel::Kind::group, nullptr, &made.at(0), ""});
    set("now", cel::of(cel::Kind::timestamp));
    set("today", cel::of(cel::Kind::date));
    for (const Party& party : item.parties)
        set(party.id, {cel::Kind::group, nullptr, &made.at(1), ""});
    for (const Named& result : results)
        set(result.name, result.type);
    for (cel::Name& each : names.names) {
        if (each.name == "reserved" && settles && reserved) each.type = *reserved;
        if (each.name == "confirmed" && context.sight == Context::Sight::confirm && confirmed)
            each.type = *confirmed;
        const bool hidden = (each.name == "reserved" && !settles) ||
                            (each.name == "confirmed" && context.sight != Context::Sight::confirm);
        if (hidden) each.name.clear();
    }
    return names;
}

void Draft::note_uses(const cel::Expr& expr,
                      const Context& context,
                      const std::vector<Place>& where,
                      std::set<std::string>& implied_here) {
    Reader reader(results);
    reader.walk(expr, {});
    for (std::size_t i = 0; i < reader.reads.size(); ++i) {
        Place at = where.front();
        at.column += reader.reads[i].at.line == 1 ? reader.reads[i].at.column - 1 : 0;
        if (reader.reads[i].at.line > 1 && where.size() > 1) {
            at = {where[1].line + reader.reads[i].at.line - 2,
                  where[1].column + reader.reads[i].at.column - 1};
        }
        uses.push_back({context.step,
                        context.moment,
                        context.transition,
                        context.reason,
                        reader.reads[i].name,
                        at});
    }
    implied_here = reader.when(expr, true);
}

Draft::Compiled Draft::compile(const YamlValue& value, cel::Kind wanted, const Context& context) {
    Compiled compiled;
    if (!value.is_text()) {
        static_cast<void>(value.text());  // notes what it is instead
        return compiled;
    }
    const Origin origin = origin_of(file.bytes(), value);
    if (origin.folded) {
        note("value.wrong", value, "an expression of several lines is written with |");
        return compiled;
    }
    const cel::Parsed parsed = cel::parse(value.text());
    for (const cel::Complaint& complaint : parsed.complaints)
        note("cel.syntax", place_in(origin, complaint.at), complaint.message);
    if (!parsed.expr) return compiled;
    if (context.sight == Context::Sight::application) {
        if (!names_only_application(*parsed.expr, item.frame)) {
            note("cel.name", value, "only `application` is known here");
            return compiled;
        }
    } else {
        note_uses(*parsed.expr,
                  context,
                  {place_in(origin, {1, 1}), place_in(origin, {2, 1})},
                  compiled.implied);
    }
    cel::Compiled made_of = cel::compile(*parsed.expr, environment(context));
    const cel::Kind kind = made_of.type.kind;
    if (made_of.program && wanted != cel::Kind::any && kind != wanted && kind != cel::Kind::any) {
        note("cel.type",
             place_in(origin, {1, 1}),
             "the expression is " + cel::name_of(made_of.type) + ", expected " +
                 cel::name_of(cel::of(wanted)));
        return compiled;
    }
    for (const cel::Complaint& complaint : made_of.complaints)
        note(code_of(complaint.message), place_in(origin, complaint.at), complaint.message);
    compiled.program = std::move(made_of.program);
    compiled.type = made_of.type;
    return compiled;
}

}  // namespace tongban::item
