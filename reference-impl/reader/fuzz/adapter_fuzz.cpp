// Requests as a broken or hostile harness may send them, to a reader that stands at its PIN page.
#include "adapter/device_adapter.h"
#include "fuzzed_reader.h"
#include <thread>

namespace {

using namespace shogo;
using namespace shogo::reader;

struct Device : FuzzedReader {
  std::unique_ptr<DeviceAdapter> adapter = DeviceAdapter::detached(reader, clock, log);
  std::thread loop;

  Device() {
    reader.connect({[](const boost::json::object&) {},
                    [](const boost::json::object&, std::uint64_t, Secret) {},
                    [](std::string_view, boost::json::object) {}, [](const Image&) {}});
    loop = std::thread([this] { reader.run(); });
    std::optional<AdapterError> fail;
    adapter->handle("hello", {{"proto", 1}}, fail);
  }
  ~Device() {
    reader.stop();
    loop.join();
  }
  void stand_at_pin_page() {
    reader.run_on_loop([this] {
      reader.fire("host_connected");
      reader.host_message({{"type", "card"}, {"present", true}, {"kind", "my_number"}});
      reader.host_message({{"type", "pin_status"}, {"session", 1}, {"tries_left", 3}, {"locked", false}});
      reader.fire("choose_pin");
    });
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Device device;
  device.stand_at_pin_page();
  const auto message = contract::parse_rpc({reinterpret_cast<const char*>(data), size});
  // A reset waits for the host agent, which is not here.
  if (!message.ok() || message->kind != contract::RpcMessage::Kind::kRequest || message->method == "reset")
    return 0;
  std::optional<AdapterError> fail;
  device.adapter->handle(message->method, message->content.as_object(), fail);
  return 0;
}
