// The front end's side of the air (contract/rf_exchange.h): one request, one reply, with a limit on the wait.
// After a missing or malformed reply the link is closed: a late answer must never be taken for the next one.
#pragma once

#include <filesystem>

#include <shogo/base/clock.h>
#include <shogo/contract/rf_exchange.h>
#include <shogo/reference/unique_fd.h>

namespace shogo::reference {

class RfLink {
 public:
  /// `stop_fd` becomes readable when the program must end; every wait watches it.
  RfLink(std::filesystem::path socket, int stop_fd) : socket_(std::move(socket)), stop_fd_(stop_fd) {}

  [[nodiscard]] Result<void> connect();
  [[nodiscard]] bool connected() const { return fd_.open(); }
  [[nodiscard]] int fd() const { return fd_.get(); }
  void close();

  /// kTimeout: no reply in `limit`; kUnavailable: the peer is gone; kCorrupt: not a reply; kCancelled: stop.
  [[nodiscard]] Result<contract::RfMessage> exchange(contract::RfKind kind, ByteView payload,
                                                     milliseconds limit);

 private:
  std::filesystem::path socket_;
  int stop_fd_;
  UniqueFd fd_;
  Bytes received_;
};

}  // namespace shogo::reference
