// The slot of pcscd's driver in which the front end presents a card: a TCP connection to vpcd. Being
// connected means "a card lies on the reader". Frames are a 16-bit big-endian length and that many bytes; one
// byte is a control code, more are a C-APDU.
#pragma once

#include <cstdint>
#include <optional>

#include <shogo/base/bytes.h>
#include <shogo/reference/unique_fd.h>

namespace shogo::reference {

enum class SlotControl : std::uint8_t { kPowerOff = 0, kPowerOn = 1, kReset = 2, kGetAtr = 4 };

class VpcdSlot {
 public:
  [[nodiscard]] Result<void> connect(std::uint16_t port);
  [[nodiscard]] bool connected() const { return fd_.open(); }
  [[nodiscard]] int fd() const { return fd_.get(); }
  void close();

  /// Reads what has arrived; false when the driver closed the connection.
  [[nodiscard]] bool receive();
  /// Takes the next complete frame that was received.
  [[nodiscard]] std::optional<Bytes> take_frame();
  [[nodiscard]] bool send_frame(ByteView frame);

 private:
  UniqueFd fd_;
  Bytes received_;
};

}  // namespace shogo::reference
