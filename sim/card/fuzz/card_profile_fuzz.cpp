// Any bytes as a profile. One that is read has only rules whose PINs exist.
#include <algorithm>

#include <shogo/sim/card_profile.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace shogo;
  const auto profile = sim::parse_card_profile(as_text({data, size}), "fuzz");
  if (!profile.ok())
    return profile.error().message().find("fuzz") == std::string::npos &&
                   profile.error().message().find("applications/") == std::string::npos
               ? (__builtin_trap(), 0)
               : 0;
  for (const sim::CardApplication& application : profile->applications) {
    for (const sim::CardFile& file : application.files) {
      for (const std::uint16_t pin : file.read.secrets) {
        if (std::none_of(application.pins.begin(), application.pins.end(),
                         [pin](const sim::CardPin& item) { return item.id == pin; }))
          __builtin_trap();
      }
    }
  }
  return 0;
}
