// PrivatePcscd: a pcscd of our own, beside whatever the system runs, as any user. Clients find it through
// PCSCLITE_CSOCK_NAME; cards through one TCP port a reader (vpcd). It ends with this object, and with this
// process.
//
// Two ways that look easier hang or crash with Debian 12's packages: two reader entries that share one driver
// file steal each other's sockets (so each entry gets its own copy), and pcscd refuses to run twice unless
// its socket is handed to it (so we bind it and pass it as file descriptor 3, as systemd would).
//
// Nobody on a network can insert a card: the driver would listen on every interface, so a library of ours is
// preloaded that keeps its ports on loopback, and a pcscd whose ports are seen elsewhere all the same is
// ended at once. Who runs programs on this machine can still reach them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <shogo/base/result.h>

namespace shogo::sim {

class PrivatePcscd {
 public:
  struct Reader {
    std::string name;        ///< as PC/SC clients see it
    std::uint16_t port = 0;  ///< where a card's front end connects
  };
  struct Options {
    std::filesystem::path folder;  ///< exists; socket, driver copies and log lie here. Its path must stay
                                   ///< short (UNIX socket: 107 bytes)
    int readers = 1;               ///< 1 to 15: pcscd 1.9 lists 16 readers, and pcsc_scan fails with 16
    /// How often it looks whether a card has come or gone; the stock program does so every 400 ms, and a
    /// long run of sessions would be spent waiting for it. 0: as it comes.
    int poll_ms = 0;
    /// libshogo-private-pcscd.so, which is preloaded; empty: ../lib, seen from this program.
    std::string preload;
    std::string program = "/usr/sbin/pcscd";
    std::string driver = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";
  };
  static Result<std::unique_ptr<PrivatePcscd>> start(const Options& options);
  ~PrivatePcscd();
  PrivatePcscd(const PrivatePcscd&) = delete;
  PrivatePcscd& operator=(const PrivatePcscd&) = delete;

  [[nodiscard]] const std::string& socket() const { return socket_; }
  [[nodiscard]] const std::vector<Reader>& readers() const { return readers_; }
  [[nodiscard]] bool running();
  /// Ends it without a word, as a crash does; clients lose their connection. Socket and ports stay reserved
  /// by name.
  void crash();
  /// A new one in its place: same socket, same reader names, same ports.
  [[nodiscard]] Result<void> restart();

 private:
  PrivatePcscd() = default;
  Result<void> launch();
  Options options_;
  std::string socket_;
  std::vector<Reader> readers_;
  int pid_ = -1;
};

}  // namespace shogo::sim
