// What a broken or hostile device may tell the harness, above the WebSocket: the answer to hello, answers,
// notifications and the headers of binary frames, in any order. The harness notes what is wrong and lives on.
#include "../src/rpc_rules.h"

#include <shogo/base/json_reader.h>
#include <shogo/conformance/device.h>
#include <shogo/contract/screen_change.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace shogo;
  conformance::RpcRules rules;
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    if (const auto frame = contract::parse_binary(as_bytes(line)); frame.ok()) {
      (void)rules.binary(frame->header);
      continue;
    }
    const auto message = contract::parse_rpc(line);
    if (!message.ok()) continue;
    if (message->kind == contract::RpcMessage::Kind::kResult)
      (void)conformance::parse_hello(message->content);
    if (message->kind == contract::RpcMessage::Kind::kError)
      (void)conformance::error_of_device("any", message->error_code, message->error_message);
    if (message->kind == contract::RpcMessage::Kind::kNotification && message->content.is_object())
      (void)rules.notification(message->method, message->content.get_object());
  }
  return 0;
}
