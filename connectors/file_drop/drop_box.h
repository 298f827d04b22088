// DropBox: one question to an office that speaks through folders: a file into `in`, its answer
// awaited in `out`.
//
// settings:
//   in: ${DATA}/offices/640100.real-estate/in      # ours to write, theirs to take
//   out: ${DATA}/offices/640100.real-estate/out    # theirs to write, ours to take
//   taken: .../taken                # answers that we have read stay here, for the same question
//                                   # asked again
//   quarantine: .../quarantine      # what is not an answer to us, each beside a `<name>.reason`
//   asked: ${DATA}/connectors/.../asked   # empty files named by message number: what we asked
//   request: "{message_no}.xml"
//   answer: "{message_no}.rsp.xml"
//   complete: end                   # an answer is whole when its size is stable and it ends with
//   ends_with: "</Message>"         # or complete: done, `done: .done`: when `<name>.done` is there
//   message_no: /Message/Head/BizMsgID  # where the answer repeats our number, else it is foreign
//   poll_ms: 200
//   max_answer: 8388608
//
// A question is written as a temporary file, fsync, rename, so the office never sees half of it. It
// survives restarts of either side: the same message number asked again finds the answer that came
// meanwhile, and is not written twice. It is written again, under the same number, only
//   - after forget(): the answer said that nothing was done, and that we may ask again;
//   - when the office took it and the deadline passed without a whole answer: it may be lost there.
// A second file for an answered number is a replay; a file for a number we never asked is foreign;
// both are moved away. Boxes may share their folders when they name the same ones, and the same
// patterns and limits: each moves what belongs to any of them.
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
    // The number's answer is no answer: asked again, the question is written again.
    Result<Done> forget(const std::string& message_no);
    void stop();  // whoever waits gives up at the next look

private:
    struct State;
    explicit DropBox(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace tongban::connectors
