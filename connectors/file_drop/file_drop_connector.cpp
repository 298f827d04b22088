#include "connectors/file_drop/file_drop_connector.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "connectors/file_drop/drop_box.h"
#include "connectors/native_fields.h"

namespace tongban::connectors {
namespace {

std::string code_at(const std::string& bytes, const std::string& path) {
    if (path.empty()) return "";
    const auto fields = read_native_fields(bytes, NativeFormat::xml, {path});
    return fields ? fields->value(path) : std::string();
}

// "Busy" is no answer: kept, it would be found again for ever.
void forget(DropBox& box, const std::string& message_no) {
    if (auto gone = box.forget(message_no); !gone)
        log::warn("file_drop.forget", {{"reason", gone.fault().reason}});
}

class FileDropConnector final : public Connector {
public:
    FileDropConnector(std::unique_ptr<DropBox> box, std::string code, KindTable codes)
        : box_(std::move(box)), code_(std::move(code)), codes_(std::move(codes)) {}

    Answer ask(const Question& question, Deadline deadline) override {
        auto bytes = box_->ask(question.message_no, question.native, deadline);
        if (!bytes) {
            return not_answered(AnswerKind::unavailable, "file_drop." + bytes.fault().where);
        }
        const auto kind = codes_.find(code_at(*bytes, code_));
        if (kind != codes_.end() && kind->second != AnswerKind::answered) {
            if (kind->second == AnswerKind::unavailable) forget(*box_, question.message_no);
            return not_answered(kind->second, "file_drop.code." + kind->first);
        }
        return answered(*std::move(bytes));
    }

    void stop() override { box_->stop(); }

private:
    const std::unique_ptr<DropBox> box_;
    const std::string code_;
    const KindTable codes_;
};

class FileDropDeliverer final : public Deliverer {
public:
    FileDropDeliverer(std::unique_ptr<DropBox> box,
                      std::string code,
                      std::vector<std::string> rejected,
                      std::vector<std::string> again)
        : box_(std::move(box)),
          code_(std::move(code)),
          rejected_(std::move(rejected)),
          again_(std::move(again)) {}

    Acknowledgement deliver(const Handover& handover, Deadline deadline) override {
        auto bytes = box_->ask(handover.message_no, handover.document, deadline);
        if (!bytes) return {Reception::uncertain, "", "file_drop." + bytes.fault().where};
        const std::string code = code_at(*bytes, code_);
        if (std::find(again_.begin(), again_.end(), code) != again_.end()) {
            forget(*box_, handover.message_no);
            return {Reception::uncertain, "", "file_drop.code." + code};
        }
        if (std::find(rejected_.begin(), rejected_.end(), code) != rejected_.end()) {
            return {Reception::rejected, *std::move(bytes), "file_drop.code." + code};
        }
        return {Reception::accepted, *std::move(bytes), ""};
    }

    void stop() override { box_->stop(); }

private:
    const std::unique_ptr<DropBox> box_;
    const std::string code_;
    const std::vector<std::string> rejected_;
    const std::vector<std::string> again_;
};

}  // namespace

std::shared_ptr<Connector> make_file_drop_connector(const YamlValue& settings) {
    auto keys = DropBox::setting_keys();
    keys.insert(keys.end(), {"code", "codes"});
    const YamlMap map = settings.map(keys);
    return std::make_shared<FileDropConnector>(
        DropBox::read(map), map.text_or("code", ""), read_kind_table(map.find("codes")));
}

std::shared_ptr<Deliverer> make_file_drop_deliverer(const YamlValue& settings) {
    auto keys = DropBox::setting_keys();
    keys.insert(keys.end(), {"code", "rejected", "again"});
    const YamlMap map = settings.map(keys);
    return std::make_shared<FileDropDeliverer>(DropBox::read(map),
                                               map.text_or("code", ""),
                                               map.texts_if("rejected"),
                                               map.texts_if("again"));
}

}  // namespace tongban::connectors
