#include "mapping/cel/functions.h"

#include <array>
#include <utility>

#include <cctype>

#include "base/check.h"
#include "base/crypto.h"

namespace tongban::mapping::cel {
namespace {

// "sum(list<money>) money": written by us, so a mistake is a broken invariant.
class SignatureReader {
public:
    explicit SignatureReader(std::string_view text) : text_(text) {}

    Overload read() {
        Overload overload;
        const std::size_t open = text_.find('(');
        TONGBAN_CHECK(open != std::string_view::npos && open > 0, "cel.signature");
        overload.name = std::string(text_.substr(0, open));
        next_ = open + 1;
        while (text_[next_] != ')') {
            overload.parameters.push_back(pattern());
            if (text_[next_] == ',') next_ += 2;
        }
        next_ += 2;
        overload.result = pattern();
        TONGBAN_CHECK(next_ == text_.size(), "cel.signature");
        return overload;
    }

private:
    Pattern pattern() {
        std::string word;
        while (next_ < text_.size() && std::isalpha(static_cast<unsigned char>(text_[next_])) != 0)
            word += text_[next_++];
        Pattern pattern;
        if (word.size() == 1) {
            pattern.variable = word[0];
        } else if (word == "literal") {
            pattern.kind = Kind::text;
            pattern.literal = true;
        } else if (word == "rounding") {
            pattern.kind = Kind::text;
            pattern.literal = pattern.rounding = true;
        } else {
            pattern.kind = kind(word);
        }
        if (next_ < text_.size() && text_[next_] == '<') {
            ++next_;
            pattern.item = std::make_shared<const Pattern>(this->pattern());
            TONGBAN_CHECK(next_ < text_.size() && text_[next_] == '>', "cel.signature");
            ++next_;
        }
        return pattern;
    }

    static Kind kind(std::string_view word) {
        static constexpr std::array<std::pair<std::string_view, Kind>, 12> words{
            {{"bool", Kind::boolean},
             {"int", Kind::integer},
             {"string", Kind::text},
             {"decimal", Kind::decimal},
             {"money", Kind::money},
             {"date", Kind::date},
             {"period", Kind::period},
             {"timestamp", Kind::timestamp},
             {"share", Kind::share},
             {"list", Kind::list},
             {"map", Kind::map},
             {"group", Kind::group}}};
        for (const auto& [name, value] : words) {
            if (name == word) return value;
        }
        TONGBAN_CHECK(false, "cel.signature");
        return Kind::any;
    }

    std::string_view text_;
    std::size_t next_ = 0;
};

std::vector<Overload> all_overloads() {
    std::vector<Overload> all;
    for (const auto part : {number_functions(),
                            list_functions(),
                            time_functions(),
                            text_functions(),
                            identity_functions()}) {
        for (const Function& function : part) {
            Overload overload = SignatureReader(function.signature).read();
            overload.run = function.run;
            overload.signature = function.signature;
            all.push_back(std::move(overload));
        }
    }
    return all;
}

std::string digest_of_all() {
    std::string text = "functions@" + std::to_string(functions_version) + "\n";
    for (const Overload& overload : overloads()) {
        text += overload.signature;
        text += '\n';
    }
    return hex(sha256(text));
}

}  // namespace

const std::vector<Overload>& overloads() {
    static const std::vector<Overload> all = all_overloads();
    return all;
}

const std::string& functions_digest() {
    static const std::string digest = digest_of_all();
    return digest;
}

bool spend(Scene& scene, std::size_t steps) {
    scene.steps -= static_cast<std::int64_t>(steps);
    return scene.steps >= 0;
}

}  // namespace tongban::mapping::cel
