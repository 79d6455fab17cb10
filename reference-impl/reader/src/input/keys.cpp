#include "input/input.h"
#include <utility>

namespace shogo::reader {
namespace {

constexpr std::pair<std::string_view, Key> kHousing[] = {
    {"r1c1", Key::k1},      {"r1c2", Key::k2}, {"r1c3", Key::k3},  //
    {"r2c1", Key::k4},      {"r2c2", Key::k5}, {"r2c3", Key::k6},  //
    {"r3c1", Key::k7},      {"r3c2", Key::k8}, {"r3c3", Key::k9},  //
    {"r4c1", Key::kDelete}, {"r4c2", Key::k0}, {"r4c3", Key::kDone},
};

}  // namespace

std::optional<char> digit_of(Key key) {
  if (key == Key::kDelete || key == Key::kDone) return std::nullopt;
  return static_cast<char>('0' + static_cast<int>(key));
}

Key key_of_digit(char digit) {
  return static_cast<Key>(digit - '0');
}

std::optional<Key> key_at(std::string_view place) {
  for (const auto& [name, key] : kHousing)
    if (name == place) return key;
  return std::nullopt;
}

}  // namespace shogo::reader
