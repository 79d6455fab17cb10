// Device: what a check may see of and do to a device under test. Back-ends: RpcDevice (an adapter on a
// WebSocket) and ReplayDevice (the recorded conversation of an evidence bundle).
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include <shogo/base/bytes.h>
#include <shogo/base/result.h>

namespace shogo::conformance {

/// What the device said about itself in `hello`. `mutant` is kept out of the checks' sight on purpose.
struct Hello {
  int protocol = 0;
  std::set<std::string> capabilities;
  std::string model, serial, firmware, engine, os, sbom_sha256;
  double panel_inches = 0;  ///< 0: not declared
  int panel_width_px = 0;
  int panel_height_px = 0;
  std::string keypad;  ///< "none", "built_in", "external"
  /// Where a phone is held: "same" place as a card, or on which side of the screen ("left", "right", "above",
  /// "below"); empty: not said.
  std::string phone_area;
};
[[nodiscard]] Result<Hello> parse_hello(const boost::json::value& answer);
[[nodiscard]] boost::json::object to_json(const Hello& hello);

struct DeviceEvent {
  std::string kind;  ///< method of the notification ("state", "result"), or "frame", "log" for binary frames
  boost::json::object data;              ///< its params; for binary frames {seq, t_dev_ns}
  std::shared_ptr<const Bytes> payload;  ///< binary frames only
};

class Device {
 public:
  virtual ~Device() = default;
  [[nodiscard]] virtual const Hello& hello() const = 0;
  [[nodiscard]] bool has(std::string_view capability) const;
  /// One request, one answer. Errors: kUnsupported (the adapter said UNIMPLEMENTED), kTimeout, kUnavailable
  /// (connection lost), kConflict (BUSY, BAD_STATE), kDenied, kInvalid (the answer breaks the protocol).
  virtual Result<boost::json::value> call(std::string_view method, boost::json::object params,
                                          std::chrono::milliseconds timeout) = 0;
  /// Called for every notification and binary frame, in order, from one thread of the device's. Set once,
  /// before begin_case.
  virtual void on_event(std::function<void(const DeviceEvent&)> observer) = 0;
};

}  // namespace shogo::conformance
