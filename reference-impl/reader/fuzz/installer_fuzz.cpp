// What a host agent may say about packages, and the content of an accuracy file: lines of JSON, one message
// each.
#include "face/face_engine.h"
#include "updates/installer.h"
#include <map>
#include <string_view>

#include <shogo/base/json_reader.h>

namespace {

using namespace shogo;

class Nowhere final : public reference::Storage {
 public:
  Result<Bytes> read(std::string_view) override { return Error{Code::kNotFound, "nothing"}; }
  Result<std::vector<std::string>> list() override { return std::vector<std::string>(); }
  Result<void> write(std::string_view, ByteView) override { return {}; }
  Result<void> sync(std::string_view) override { return {}; }
  Result<void> rename(std::string_view, std::string_view) override { return {}; }
  Result<void> remove(std::string_view) override { return {}; }
  Result<void> sync_folder() override { return {}; }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Nowhere storage;
  reader::Installer installer(
      {storage,
       {contract::PublicKey{}},
       {{contract::PackageKind::kAccuracy,
         [](ByteView content) { return reader::read_accuracy_file(content).ok(); }, [] {}}},
       [] { return true; },
       [](const boost::json::object&) {},
       [](const reference::UpdateNews&) {}},
      {});
  installer.open();
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    (void)reader::read_accuracy_file(as_bytes(line));
    if (const auto message = parse_json(line, "fuzz"); message.ok() && message->is_object())
      (void)installer.message(message->get_object());
  }
  return 0;
}
