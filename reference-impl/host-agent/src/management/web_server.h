// The sockets of the management: loopback TCP for the staff's browser, and a UNIX socket (0600) for the
// command of the clinic PC's administrator. HTTP/1.1 by Boost.Beast, one thread. Whoever is slow, talks too
// much or comes too often is let go of; a flood costs its own connections and nothing else.
#pragma once

#include "management/management.h"
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include <shogo/base/result.h>

namespace shogo::agent {

class WebServer {
 public:
  static constexpr std::size_t kMostConnections = 32;

  /// `address` "127.0.0.1:PORT", loopback only (0 takes a free port); empty: no page. `socket`: path of the
  /// UNIX socket; empty: none. `management` is called from the server's thread.
  static Result<std::unique_ptr<WebServer>> listen(const std::string& address,
                                                   const std::filesystem::path& socket,
                                                   Management& management);
  ~WebServer();
  WebServer(const WebServer&) = delete;
  WebServer& operator=(const WebServer&) = delete;
  /// 0: no page.
  [[nodiscard]] std::uint16_t port() const;
  /// Afterwards the management is not called any more.
  void stop();

 private:
  struct Impl;
  explicit WebServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace shogo::agent
