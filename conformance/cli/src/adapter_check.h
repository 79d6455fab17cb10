// Adapter check: every message of docs/device-protocol.md once, with what was sent, what was expected and
// what came. A conversation, not a judgement of the device: no card is placed, nobody is authenticated.
#pragma once

#include <string>
#include <vector>

#include <shogo/conformance/rpc_device.h>

namespace shogo::conformance {

struct AdapterStep {
  enum class Outcome {
    kRight,
    kWrong,   ///< the protocol is broken, or a required message is missing
    kAbsent,  ///< an optional message that the adapter honestly does not offer
    kUnseen,  ///< cannot be provoked without a transaction
  };
  std::string message;   ///< "hello"
  bool required = true;  ///< ● or ○
  Outcome outcome = Outcome::kWrong;
  std::string sent, expected, came;
};

/// `device` is open and has not said hello yet.
[[nodiscard]] std::vector<AdapterStep> check_adapter(RpcDevice& device);

}  // namespace shogo::conformance
