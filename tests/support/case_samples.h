// Made-up cases for tests and benchmarks of the store: an opening, and the step of docs/bench.md:
// nine row writes of about 3 kB.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "base/crypto.h"
#include "hub/store/store.h"

namespace tongban::support {

inline constexpr std::int32_t case_leaf_kind = 10;
inline constexpr std::int64_t case_epoch_ms = 1'700'000'000'000;

struct SampleCase {
    store::CaseRow row;
    std::string key;
    std::int32_t step_no = 1;

    [[nodiscard]] std::int32_t shard() const { return store::shard_of_case(row.case_id); }
    [[nodiscard]] std::string op_key() const {
        return std::to_string(row.case_id) + "/" + std::to_string(step_no) + "/certify";
    }
};

inline store::StepRow sample_step(const SampleCase& sample, std::int32_t step_no) {
    store::StepRow step;
    step.case_id = sample.row.case_id;
    step.step_no = step_no;
    step.step_id = "certify";
    step.kind = 1;
    step.status = 1;
    step.member = "610100.housing-fund";
    step.due_ms = sample.row.due_ms;
    step.started_ms = sample.row.updated_ms;
    return step;
}

inline store::TimerRow sample_timer(const SampleCase& sample, std::int32_t step_no) {
    return {{case_epoch_ms + step_no, sample.row.case_id, step_no, 1},
            "cn-64",
            3,
            std::string(60, 'b')};
}

inline store::CallRow sample_call(const SampleCase& sample, const std::string& op_key) {
    store::CallRow call;
    call.op_key = op_key;
    call.dest = "610100.housing-fund";
    call.case_id = sample.row.case_id;
    call.step_no = sample.step_no;
    call.body = std::string(700, 'c');
    return call;
}

inline store::PutCaseLeaf sample_leaf(const SampleCase& sample, std::int64_t rev) {
    return {sample.row.case_id,
            rev,
            case_leaf_kind,
            sample.row.updated_ms,
            "640100.housing-fund",
            R"({"kind":"case","pad":")" + std::string(240, 'x') + R"(","seq":)",
            R"(,"v":"tongban/leaf/v1"})"};
}

// A case of that start key, in the key's shard.
inline SampleCase sample_case(store::CaseStore& store, const std::string& key) {
    SampleCase sample;
    sample.key = key;
    store::CaseRow& row = sample.row;
    row.case_id = store.next_case_id(store::shard_of_case_key("loan", key));
    row.number = "N-" + key;
    row.item = "housing-fund/remote-loan";
    row.version = 1;
    row.status = 1;
    row.phase = "A_SUBMITTED";
    row.subject_hash = hex(sha256("subject/" + key));
    row.owner = "640100.housing-fund";
    row.hall = "640100-hall-1";
    row.created_ms = case_epoch_ms;
    row.updated_ms = case_epoch_ms;
    row.yellow_ms = case_epoch_ms + 100;
    row.orange_ms = case_epoch_ms + 200;
    row.due_ms = case_epoch_ms + 300;
    row.state = std::string(1000, 's');
    return sample;
}

inline store::Batch opening(const SampleCase& sample) {
    store::Batch batch{sample.shard(), {}};
    batch.add(store::PutCase{sample.row, "loan", sample.key})
        .add(store::PutStep{sample_step(sample, sample.step_no)})
        .add(store::PutTimer{sample_timer(sample, sample.step_no)})
        .add(store::PutCall{sample_call(sample, sample.op_key())})
        .add(store::PutAttr{{sample.row.case_id, "contract", hex(sha256(sample.key))}})
        .add(sample_leaf(sample, 1));
    return batch;
}

// Moves the sample on; `sample.row.rev` is what the store has before the batch commits. A state of
// 1,000 bytes, a record of 400, a call of 700, an answer of 200, a leaf of 300.
inline store::Batch next_step(SampleCase& sample) {
    ++sample.row.rev;
    sample.row.updated_ms += 1;
    sample.row.phase = "A_CERTIFIED";
    store::Batch batch{sample.shard(), {}};
    const std::string answered = sample.op_key();
    store::StepRow done = sample_step(sample, sample.step_no);
    done.status = 3;
    done.ended_ms = sample.row.updated_ms;
    store::CaseInboxRow message{"610100.housing-fund",
                                answered,
                                sha256(answered),
                                sample.row.case_id,
                                sample.row.rev + 1,
                                sample.row.updated_ms,
                                std::string(200, 'a')};
    batch.add(store::PutCaseInbox{std::move(message)})
        .add(store::UpdateCase{sample.row})
        .add(store::PutCaseRecord{{sample.row.case_id, sample.step_no, std::string(400, 'r')}})
        .add(store::UpdateStep{std::move(done)})
        .add(store::DropTimer{sample_timer(sample, sample.step_no).key})
        .add(store::DropCall{answered});
    ++sample.step_no;
    batch.add(store::PutStep{sample_step(sample, sample.step_no)})
        .add(store::PutTimer{sample_timer(sample, sample.step_no)})
        .add(store::PutCall{sample_call(sample, sample.op_key())})
        .add(sample_leaf(sample, sample.row.rev + 1));
    return batch;
}

}  // namespace tongban::support
