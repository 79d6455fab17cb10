// RpcDevice: a device behind an adapter that speaks docs/device-protocol.md on a WebSocket. The harness
// connects. One I/O thread owns the socket; call() may come from any other thread, observers run on the I/O
// thread and must not call back into the device.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <shogo/conformance/device.h>
#include <shogo/conformance/sound_source.h>

namespace shogo::conformance {

/// "ws://HOST:PORT" or "ws://HOST:PORT/path"; an IPv6 host stands in brackets.
struct DeviceAddress {
  std::string host, port, path;
};
[[nodiscard]] Result<DeviceAddress> parse_device_address(std::string_view text);

class RpcDevice final : public Device, public SoundSource {
 public:
  /// Connects and says hello. `bench` is what the device may know of the bench (bench.json's content). Errors
  /// are one line for the person at the keyboard: kUnavailable (nobody listens), kTimeout (nobody answers),
  /// kInvalid (the answer to hello breaks the protocol), kUnsupported (hello itself is refused).
  [[nodiscard]] static Result<std::unique_ptr<RpcDevice>> connect(std::string_view address,
                                                                  boost::json::object bench,
                                                                  std::chrono::milliseconds timeout);
  /// Only the WebSocket, without hello, for `shogo adapter check`; hello() is empty.
  [[nodiscard]] static Result<std::unique_ptr<RpcDevice>> open(std::string_view address,
                                                               std::chrono::milliseconds timeout);
  ~RpcDevice() override;

  [[nodiscard]] const Hello& hello() const override;
  Result<boost::json::value> call(std::string_view method, boost::json::object params,
                                  std::chrono::milliseconds timeout) override;
  /// What came before the first observer was set is delivered to it first. When this returns, the former
  /// observer is not running any more; nullptr only removes it.
  void on_event(std::function<void(const DeviceEvent&)> observer) override;

  [[nodiscard]] std::vector<SoundPiece> take_sounds() override;

  /// Every breach of the protocol so far, one clear line each. Observers get each one as an event of the kind
  /// "protocol_violation" {text} at its place in the conversation; the end of the connection comes as
  /// "connection_lost" {text}.
  [[nodiscard]] std::vector<std::string> violations() const;
  /// The mutant a test build announced in hello, or empty. Checks never see it.
  [[nodiscard]] const std::string& mutant() const;
  [[nodiscard]] bool connected() const;
  /// Fails every pending and future call with kUnavailable and this reason. Any thread.
  void disconnect(std::string_view reason);

 private:
  struct Impl;
  explicit RpcDevice(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace shogo::conformance
