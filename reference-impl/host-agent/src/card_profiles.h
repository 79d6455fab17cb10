// Card profiles: which cards this device serves, and by which application on them. One is built in, the My
// Number card of today; an update package of the kind card_profiles adds others (1-8.c, 1-8.d), so that a
// card that is announced after the device was sold needs no new program. Content of such a package (JSON):
//
//   {"format": 1, "profiles": [{"name": "next", "application": "D392F0002601000000F1", "pin_file": "0018"}]}
//
// `application` is the name of 5 to 16 bytes (ISO/IEC 7816-4) that is selected, `pin_file` the identifier of
// its authentication PIN. The built-in card stays: a package can add cards, but take none away.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <shogo/base/bytes.h>

namespace shogo::agent {

struct CardProfile {
  std::string name;
  Bytes application;
  std::uint16_t pin_file = 0;
};
using CardProfiles = std::vector<CardProfile>;  ///< in the order in which they are tried; never empty

constexpr std::size_t kMostCardProfiles = 16;

[[nodiscard]] const CardProfiles& built_in_profiles();
/// The built-in ones and those of a package's content. Errors name what was expected and what came.
[[nodiscard]] Result<CardProfiles> read_card_profiles(ByteView content);

/// The profiles in force; any thread.
class KnownCards {
 public:
  [[nodiscard]] std::shared_ptr<const CardProfiles> get() const;
  void set(CardProfiles profiles);

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const CardProfiles> profiles_ = std::make_shared<CardProfiles>(built_in_profiles());
};

}  // namespace shogo::agent
