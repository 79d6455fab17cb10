// What the source files of VirtualCard share.
#pragma once

#include "command_apdu.h"
#include "secure_messaging.h"
#include <algorithm>
#include <utility>
#include <vector>

#include <shogo/sim/virtual_card.h>

namespace shogo::sim {

/// Classes: secure messaging without and with the header in a checksum (which no application offers).
constexpr std::uint8_t kInterindustry = 0x00, kProprietary = 0x80, kSecured = 0x08, kSecuredWithHeader = 0x0C;

/// Longest body of a VERIFY.
constexpr std::size_t kLongestShown = 16;

struct VirtualCard::Command {
  std::optional<CommandApdu> apdu;
};

struct VirtualCard::Reply {
  std::uint16_t sw = 0;
  Bytes data;
};

template <typename Item>
const Item* find_by_id(const std::vector<Item>& items, std::uint16_t id) {
  const auto found =
      std::find_if(items.begin(), items.end(), [id](const Item& item) { return item.id == id; });
  return found == items.end() ? nullptr : &*found;
}

}  // namespace shogo::sim
