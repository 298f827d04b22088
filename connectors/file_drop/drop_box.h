// DropBox: one question to an office that speaks through folders: a file into `in`, its answer
// awaited in `out`.
//
// settings:
//   in: ${DATA}/offices/640100.real-estate/in      # ours to write, theirs to take
//   out: ${DATA}/offices/640100.real-estate/out    # theirs to write, ours to take
//   taken: .../taken                     # answers that we have read stay here, for the same
//   question asked again quarantine: .../quarantine           # what is not an answer to us, each
//   beside a `<name>.reason` asked: ${DATA}/connectors/.../asked  # empty files named by message
//   number: what we asked, and nothing else request: "{message_no}.xml" answer:
//   "{message_no}.rsp.xml" complete: end                        # an answer is whole when its size
//   is stable and it ends with `ends_with` ends_with: "</Message>" # or complete: done, `done:
//   .done`   # when `<name>.done` stands beside it message_no: /Message/Head/BizMsgID   # optional:
//   where the answer repeats our number; another number is foreign poll_ms: 200 max_answer: 8388608
//
// A question is written as a temporary file, fsync, rename, so the office never sees half of it. It
// survives restarts of either side: the same message number asked again finds the answer that came
// meanwhile, and is not written twice. A second file for an answered number is a replay; a file for
// a number we never asked is foreign; both are moved away.
//
// Threads: safe from any thread.
// Faults:  unavailable ("write", "folder"), expired ("timeout", "incomplete"), refused
// ("answer.too_large").
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "base/yaml.h"

namespace tongban::connectors {

class DropBox {
public:
    static std::unique_ptr<DropBox> read(const YamlMap& settings);
    static std::vector<std::string_view> setting_keys();
    ~DropBox();
    DropBox(const DropBox&) = delete;
    DropBox& operator=(const DropBox&) = delete;

    // The answer's bytes, once they are whole.
    Result<std::string> ask(const std::string& message_no,
                            const std::string& native,
                            Deadline deadline);
    void stop();  // whoever waits gives up at the next look

private:
    struct State;
    explicit DropBox(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace tongban::connectors
