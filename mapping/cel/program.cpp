#include "mapping/cel/program.h"

#include <algorithm>
#include <array>
#include <utility>

namespace tongban::mapping::cel {
namespace {

const Datum spent{Undecided{Cause::limit}};
const Datum unknown_here{Undecided{Cause::withheld}};

// The first reason for being undecided stands, but what is withheld goes before what is missing:
// where it lies the answer may be another.
void keep_graver(Datum& kept, Datum next) {
    if (!kept.undecided() || (kept.as<Undecided>().cause == Cause::missing &&
                              next.as<Undecided>().cause == Cause::withheld))
        kept = std::move(next);
}

// A list whose very items are withheld has no known size.
bool holds_unknown_items(const Datum& datum) {
    const auto* items = datum.get<Items>();
    return items != nullptr && items->borrowed != nullptr &&
           std::any_of(items->borrowed->items.begin(),
                       items->borrowed->items.end(),
                       [](const schemas::Value& item) { return item.withheld(); });
}

class Run {
public:
    Run(std::vector<Datum>& frame, Scene& scene) : frame_(frame), scene_(scene) {}

    Datum eval(const Instruction& in) {
        if (!spend(scene_, 1)) return spent;
        switch (in.op) {
            case Op::constant:
                return in.constant;
            case Op::slot:
                return frame_[in.slot];
            case Op::member:
                return member(in);
            case Op::item:
                return item(in);
            case Op::entry:
                return entry(in);
            case Op::call:
                return call(in);
            case Op::equal:
                return same(in, true);
            case Op::not_equal:
                return same(in, false);
            case Op::within:
                return within(in);
            case Op::conjunction:
                return joined(in, false);
            case Op::disjunction:
                return joined(in, true);
            case Op::negation:
                return negation(in);
            case Op::choose:
                return choose(in);
            case Op::list:
                return list(in);
            case Op::map:
                return map(in);
            case Op::has:
                return has(in);
            case Op::value_or:
                return value_or(in);
            case Op::all:
                return quantified(in, false);
            case Op::exists:
                return quantified(in, true);
            case Op::exists_one:
                return exists_one(in);
            case Op::filter:
                return filter(in);
            case Op::transform:
                return transform(in);
            case Op::lookup:
                return lookup(in);
        }
        return {};
    }

private:
    Datum member(const Instruction& in) {
        Datum whole = eval(in.parts[0]);
        if (whole.undecided()) return whole;
        return borrow(whole.as<const schemas::Group*>()->find(in.name));
    }

    Datum item(const Instruction& in) {
        Datum whole = eval(in.parts[0]);
        if (whole.undecided()) return whole;
        Datum index = eval(in.parts[1]);
        if (index.undecided()) return index;
        const auto& items = whole.as<Items>();
        const auto wanted = index.as<std::int64_t>();
        if (wanted < 0 || static_cast<std::uint64_t>(wanted) >= items.size()) return {};
        return items.at(static_cast<std::size_t>(wanted));
    }

    Datum entry(const Instruction& in) {
        Datum whole = eval(in.parts[0]);
        if (whole.undecided()) return whole;
        Datum key = eval(in.parts[1]);
        if (key.undecided()) return key;
        const Datum* found = whole.as<Entries>().find(key.text());
        return found != nullptr ? *found : Datum();
    }

    Datum call(const Instruction& in) {
        std::array<Datum, 4> arguments;  // no function takes more
        for (std::size_t i = 0; i < in.parts.size(); ++i) {
            arguments[i] = eval(in.parts[i]);
            if (arguments[i].undecided()) return arguments[i];
            if (holds_unknown_items(arguments[i])) return unknown_here;
        }
        return in.run(std::span<const Datum>(arguments.data(), in.parts.size()), scene_);
    }

    Datum same(const Instruction& in, bool wanted) {
        Datum a = eval(in.parts[0]);
        if (a.undecided()) return a;
        Datum b = eval(in.parts[1]);
        if (b.undecided()) return b;
        if (!pay_for(a)) return spent;
        if (partly_withheld(a) || partly_withheld(b)) return unknown_here;
        return equal(a, b) == wanted;
    }

    Datum within(const Instruction& in) {
        Datum wanted = eval(in.parts[0]);
        if (wanted.undecided()) return wanted;
        Datum whole = eval(in.parts[1]);
        if (whole.undecided()) return whole;
        if (const auto* entries = whole.get<Entries>())
            return entries->find(wanted.text()) != nullptr;
        const auto& items = whole.as<Items>();
        if (!spend(scene_, items.size())) return spent;
        Datum unknown;
        bool doubt = false;
        for (std::size_t i = 0; i < items.size(); ++i) {
            const Datum one = items.at(i);
            if (one.undecided()) {
                keep_graver(unknown, one);
                doubt = true;
            } else if (equal(wanted, one)) {
                return true;
            }
        }
        return doubt ? unknown : Datum(false);
    }

    bool pay_for(const Datum& value) {
        const auto* items = value.get<Items>();
        return items == nullptr || spend(scene_, items->size());
    }

    // && (absorbing false) and || (absorbing true): the absorbing answer wins over undecided on
    // either side.
    Datum joined(const Instruction& in, bool absorbing) {
        Datum a = eval(in.parts[0]);
        if (!a.undecided() && a.as<bool>() == absorbing) return a;
        Datum b = eval(in.parts[1]);
        if (!b.undecided() && b.as<bool>() == absorbing) return b;
        if (!a.undecided()) return b;
        if (b.undecided()) keep_graver(a, std::move(b));
        return a;
    }

    Datum negation(const Instruction& in) {
        const Datum value = eval(in.parts[0]);
        return value.undecided() ? value : Datum(!value.as<bool>());
    }

    Datum choose(const Instruction& in) {
        Datum condition = eval(in.parts[0]);
        if (condition.undecided()) return condition;
        return eval(in.parts[condition.as<bool>() ? 1 : 2]);
    }

    Datum list(const Instruction& in) {
        std::vector<Datum> items;
        items.reserve(in.parts.size());
        for (const Instruction& part : in.parts) {
            items.push_back(eval(part));
            if (items.back().undecided()) return items.back();
        }
        return owned(std::move(items));
    }

    Datum map(const Instruction& in) {
        auto pairs = std::make_shared<std::vector<std::pair<std::string, Datum>>>();
        for (std::size_t i = 0; i + 1 < in.parts.size(); i += 2) {
            Datum key = eval(in.parts[i]);
            if (key.undecided()) return key;
            Datum value = eval(in.parts[i + 1]);
            if (value.undecided()) return value;
            pairs->emplace_back(std::string(key.text()), std::move(value));
        }
        return Datum(Entries{std::move(pairs)});
    }

    Datum has(const Instruction& in) {
        const Datum value = eval(in.parts[0]);
        if (!value.undecided()) return true;
        return value.as<Undecided>().cause == Cause::missing ? Datum(false) : value;
    }

    Datum value_or(const Instruction& in) {
        Datum value = eval(in.parts[0]);
        if (!value.undecided() || value.as<Undecided>().cause != Cause::missing) return value;
        return eval(in.parts[1]);
    }

    // The items of a macro's range; nothing when the range is undecided, which then is `answer`.
    std::optional<Items> range(const Instruction& in, Datum& answer) {
        Datum whole = eval(in.parts[0]);
        if (whole.undecided()) {
            answer = std::move(whole);
            return std::nullopt;
        }
        // The range must outlive the loop though the datum goes: owned items are shared, borrowed
        // ones are the record's.
        return whole.as<Items>();
    }

    Datum quantified(const Instruction& in, bool absorbing) {
        Datum answer(!absorbing);
        const auto items = range(in, answer);
        if (!items) return answer;
        for (std::size_t i = 0; i < items->size(); ++i) {
            frame_[in.slot] = items->at(i);
            Datum one = eval(in.parts[1]);
            if (one.undecided()) {
                if (one.as<Undecided>().cause == Cause::limit) return one;
                keep_graver(answer, std::move(one));
            } else if (one.as<bool>() == absorbing) {
                return one;
            }
        }
        return answer;
    }

    Datum exists_one(const Instruction& in) {
        Datum answer;
        const auto items = range(in, answer);
        if (!items) return answer;
        std::size_t found = 0;
        for (std::size_t i = 0; i < items->size(); ++i) {
            frame_[in.slot] = items->at(i);
            Datum one = eval(in.parts[1]);
            if (one.undecided()) return one;
            if (one.as<bool>()) ++found;
        }
        return found == 1;
    }

    Datum filter(const Instruction& in) {
        Datum answer;
        const auto items = range(in, answer);
        if (!items) return answer;
        std::vector<Datum> kept;
        for (std::size_t i = 0; i < items->size(); ++i) {
            frame_[in.slot] = items->at(i);
            const Datum one = eval(in.parts[1]);
            if (one.undecided()) return one;
            if (one.as<bool>()) kept.push_back(items->at(i));
        }
        return owned(std::move(kept));
    }

    Datum transform(const Instruction& in) {
        Datum answer;
        const auto items = range(in, answer);
        if (!items) return answer;
        std::vector<Datum> made;
        for (std::size_t i = 0; i < items->size(); ++i) {
            frame_[in.slot] = items->at(i);
            if (in.parts.size() == 3) {  // map(x, condition, value)
                Datum wanted = eval(in.parts[2]);
                if (wanted.undecided()) return wanted;
                if (!wanted.as<bool>()) continue;
            }
            Datum one = eval(in.parts[1]);
            if (one.undecided()) return one;
            made.push_back(std::move(one));
        }
        return owned(std::move(made));
    }

    Datum lookup(const Instruction& in) {
        if (!spend(scene_, in.table->rows.size())) return spent;
        std::vector<Datum> arguments;
        for (const Instruction& part : in.parts) {
            arguments.push_back(eval(part));
            if (arguments.back().undecided()) return arguments.back();
        }
        std::vector<std::string_view> keys;
        std::optional<Date> day;
        for (const Datum& argument : arguments) {
            if (const auto* date = argument.get<Date>()) {
                day = *date;
            } else {
                keys.push_back(argument.text());
            }
        }
        const Datum* found = in.table->find(keys, day, in.slot);
        return found != nullptr ? *found : Datum();
    }

    std::vector<Datum>& frame_;
    Scene& scene_;
};

// Walks an expression for the slots that it reads, with the fields behind them.
class Reads {
public:
    void of(const Instruction& in) {
        std::string path;
        const Instruction* base = &in;
        while (base->op == Op::member) {
            if (!path.empty()) path.insert(0, ".");
            path.insert(0, base->name);
            base = &base->parts[0];
        }
        if (base->op == Op::slot) {
            found.push_back({base->slot, path, false});
        } else if (in.op == Op::has && in.parts[0].op == Op::slot) {
            found.push_back({in.parts[0].slot, "", true});
        } else {
            for (const Instruction& part : base->parts)
                of(part);
        }
    }
    std::vector<Program::Read> found;
};

}  // namespace

std::vector<Program::Read> Program::reads() const {
    Reads reads;
    reads.of(root_);
    return reads.found;
}

Datum Program::run(std::vector<Datum>& frame, Scene& scene) const {
    if (frame.size() < slots_) frame.resize(slots_);
    return Run(frame, scene).eval(root_);
}

}  // namespace tongban::mapping::cel
