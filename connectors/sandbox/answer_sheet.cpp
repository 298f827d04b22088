#include "connectors/sandbox/answer_sheet.h"

namespace tongban::sandbox {

Json answer_sheet(const World& world) {
    Json sheet = {{"seed", world.seed},
                  {"index", world.index},
                  {"outcome", "delivered"},
                  {"expected_findings", Json::array()},
                  {"faults", Json::array()}};
    for (const Planted& planted : world.faults) {
        sheet["expected_findings"].push_back({{"code", planted.code}, {"part", planted.part}});
        sheet["faults"].push_back(planted.fault);
        if (planted.stops) sheet["outcome"] = "refused";
    }
    if (!world.faults.empty())
        return sheet;  // what a faulty record is compared with is not promised
    for (const Claim& claim : world.enquiry.claims) {
        sheet["expected_verdicts"].push_back({{"field", claim.field}, {"verdict", claim.verdict}});
    }
    return sheet;
}

}  // namespace tongban::sandbox
