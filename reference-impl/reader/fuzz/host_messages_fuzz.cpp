// What a broken or hostile host agent may tell the reader, one JSON message a line, after the framing: the
// first byte says how far a session has come. Whatever it says, the reader stays alive, and never reports a
// success twice.
#include "fuzzed_reader.h"
#include <cstdlib>

#include <shogo/base/json_reader.h>

namespace {

using namespace shogo;
using namespace shogo::reader;

struct Device : FuzzedReader {
  std::int64_t session = 0;
  int results = 0;

  Device() {
    reader.connect({[this](const boost::json::object& body) {
                      if (const auto* number = body.if_contains("session"))
                        session = number->to_number<std::int64_t>();
                    },
                    [](const boost::json::object&, std::uint64_t, Secret) {},
                    [this](std::string_view method, const boost::json::object&) {
                      if (method == "result") ++results;
                    },
                    [](const Image&) {}});
  }
  /// Everything happens on this one thread: there is no loop.
  void begin(int stage) {
    reader.host_gone();
    reader.host_up();
    if (stage < 1) return;
    reader.host_message({{"type", "card"}, {"present", true}, {"kind", "my_number"}});
    results = 0;
    if (stage < 2) return;
    reader.host_message({{"type", "pin_status"}, {"session", session}, {"tries_left", 3}, {"locked", false}});
    reader.fire("choose_pin");
    for (const Key digit : {Key::k1, Key::k2, Key::k3, Key::k4}) reader.press(digit);
    if (stage < 3) return;
    reader.fire("done");
    if (stage < 4) return;
    reader.host_message({{"type", "result"},
                         {"session", session},
                         {"outcome", "ok"},
                         {"reason", "none"},
                         {"records", true},
                         {"over_40", true}});
    results = 0;
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Device device;
  if (size == 0) return 0;
  device.begin(data[0] % 5);
  std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    const auto message = parse_json(line, "fuzz");
    if (!message.ok() || !message->is_object()) continue;
    auto body = message->get_object();
    // The number of the session is no secret of the link, and nobody would guess it here.
    if (body.contains("session") && body["session"] == -1) body["session"] = device.session;
    device.results = 0;
    device.reader.host_message(body);
    if (device.results > 1) std::abort();
  }
  return 0;
}
