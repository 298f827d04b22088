// RegistrySales: what the registry does for a sale: house check, acceptance, review, entry,
// certificate, mortgage; the seizures that courts have it register meanwhile; and which unit an old
// certificate is about.
//
// office.db, beside what reservations.h names: entries(unit, certificate, op_key, at_ms), one row
// an entry in the book; seizures(unit, authority, document, from_day, to_day).
//
// Misconduct beside misconduct.h, the kind being the RecType: "seize" (the unit asked about is
// seized first), "expire" (every hold runs out first), "late" (the work is done, and the answer is
// "busy"), "refuse" (reserves nothing).
//
// Threads: safe from any thread.
// Faults:  unavailable.
#pragma once

#include <string>
#include <vector>

#include "connectors/sandbox/message_facts.h"
#include "connectors/sandbox/office.h"
#include "connectors/sandbox/sale_records.h"

namespace tongban::sandbox {

class RegistrySales {
public:
    explicit RegistrySales(OfficeSetting& setting);
    Result<Done> prepare();

    struct Answer {
        std::string bytes;
        std::string note;
    };
    // Messages of sales, and acknowledgements of the registry's own notices.
    [[nodiscard]] static bool takes(const MessageFacts& facts);
    Result<Answer> answer(const Conduct& conduct,
                          const MessageFacts& facts,
                          std::string_view bytes);

private:
    struct Question {
        const Sale& sale;
        RegistryHead head;
        JointCall call;
        bool refuse = false;  // misconduct
    };
    Result<Answer> about(const Question& question, const std::string& type, std::string_view bytes);
    Result<Answer> taken_in(const Question& question,
                            std::string_view bytes,
                            const std::string& answer,
                            std::string note);
    Answer unit_of(const std::string& title, const RegistryHead& head);
    Result<Answer> house(const Question& question);
    Result<Answer> joint(const Question& question, const std::string& type);
    Result<Done> seize(const Sale& sale);
    Result<std::vector<Seizure>> seizures(const Sale& sale);

    OfficeSetting& setting_;
    Sales sales_;
    Reservations reservations_;
};

}  // namespace tongban::sandbox
