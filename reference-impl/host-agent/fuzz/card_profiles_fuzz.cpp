// Content of a card_profiles package: signed, but nobody vouches for its sense.
#include "card_profiles.h"
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace shogo;
  const auto profiles = agent::read_card_profiles(ByteView(data, size));
  if (!profiles.ok()) return 0;
  // Whatever was taken begins with the card of today and can be selected by an APDU.
  if (profiles->front().application != agent::built_in_profiles().front().application) std::abort();
  for (const auto& profile : *profiles)
    if (profile.application.size() < 5 || profile.application.size() > 16) std::abort();
  return 0;
}
