// The device protocol's server (docs/device-protocol.md): a WebSocket with one harness at a time, on a thread
// of its own. It knows the wire, not the reader: every request goes to a handler, which answers on the
// adapter's thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include <shogo/base/bytes.h>
#include <shogo/base/clock.h>
#include <shogo/base/result.h>
#include <shogo/contract/device_protocol.h>

namespace shogo::reader {

struct AdapterError {
  int code;
  std::string message;
};

class AdapterServer {
 public:
  /// The answer to one request: a result, or an error through `fail`.
  using Handler = std::function<boost::json::value(
      const std::string& method, const boost::json::object& params, std::optional<AdapterError>& fail)>;
  /// `address` "127.0.0.1:PORT"; port 0 takes a free one. `left` is called when a harness has gone,
  /// `frames_lost` when one read so slowly that screen frames were dropped: the next must be whole, `refused`
  /// with the error code of every request that was not carried out.
  static Result<std::unique_ptr<AdapterServer>> listen(const std::string& address, const Clock& clock,
                                                       Handler handler, std::function<void()> left,
                                                       std::function<void()> frames_lost = {},
                                                       std::function<void(int code)> refused = {});
  ~AdapterServer();
  AdapterServer(const AdapterServer&) = delete;
  AdapterServer& operator=(const AdapterServer&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  /// Any thread; dropped when nobody is connected. `seq` and `t_dev` are filled in here, so that they leave
  /// in order.
  void notify(std::string_view method, boost::json::object params);
  /// Binary frames; each returns its number. `whole`: the screen can be read without the frames before it.
  std::uint64_t send_log(ByteView log);
  std::uint64_t send_screen(ByteView payload, bool whole);
  /// `at`: when the first sample sounded, on the device's clock.
  std::uint64_t send_sound(ByteView payload, Nanoseconds at);

 private:
  struct Impl;
  explicit AdapterServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace shogo::reader
