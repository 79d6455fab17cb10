// TCP ports of 127.0.0.1, as the kernel sees them.
#pragma once

#include <cstdint>

namespace shogo::sim {

/// A port nobody listens on now, and never the same twice in this process. Its user binds it a moment later;
/// should somebody be faster, the user says so.
[[nodiscard]] std::uint16_t free_loopback_port();

/// Whether somebody listens, from the kernel's table: connecting to find out would be an event of its own.
[[nodiscard]] bool port_listens(std::uint16_t port);

/// Whether somebody listens there on more than loopback: other machines may get in.
[[nodiscard]] bool port_open_to_network(std::uint16_t port);

}  // namespace shogo::sim
