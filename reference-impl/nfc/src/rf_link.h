// The front end's side of the air (contract/rf_exchange.h): one request, one reply, with a limit on the wait.
// A reply that comes too late carries an old number and is thrown away.
#pragma once

#include <filesystem>

#include <shogo/base/clock.h>
#include <shogo/contract/rf_exchange.h>
#include <shogo/reference/unique_fd.h>

namespace shogo::reference {

class RfLink {
 public:
  /// `stop_fd` becomes readable when the program must end; every wait watches it.
  RfLink(std::filesystem::path socket, Clock& clock, int stop_fd)
      : socket_(std::move(socket)), clock_(clock), stop_fd_(stop_fd) {}

  [[nodiscard]] Result<void> connect();
  [[nodiscard]] bool connected() const { return fd_.open(); }
  [[nodiscard]] int fd() const { return fd_.get(); }
  void close();
  /// Nobody was asked and something came: throws late replies away. False when the antenna is lost.
  [[nodiscard]] bool discard_late();

  /// kTimeout: no reply in `limit`; kUnavailable: the antenna is gone; kCorrupt: not a reply; kCancelled:
  /// stop. After the last three the link is closed.
  [[nodiscard]] Result<contract::RfMessage> exchange(contract::RfKind kind, ByteView payload,
                                                     Nanoseconds limit);

 private:
  [[nodiscard]] bool receive();

  std::filesystem::path socket_;
  Clock& clock_;
  int stop_fd_;
  UniqueFd fd_;
  Bytes received_;
  std::uint8_t number_ = 0;
};

}  // namespace shogo::reference
