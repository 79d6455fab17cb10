// The clinic PC's half of m.aud.via_host: it renders what the reader wants said, and streams it over the
// reader link.
#include "defects.h"

#ifdef SHOGO_MUTANTS
#include <algorithm>

#include <shogo/base/bytes.h>
#include <shogo/base/json_reader.h>
#include <shogo/base/wave.h>
#include <shogo/contract/voice_pack.h>
#endif

namespace shogo::agent {

#ifdef SHOGO_MUTANTS

void say_at_pc(const boost::json::object& message, const std::function<void(boost::json::object)>& send) {
  constexpr std::uint32_t kRate = 16'000;
  constexpr std::ptrdiff_t kSamples = 5'000;  // base64 of them stays below kLinkMaxPayload
  const boost::json::value document = message;
  const auto object = JsonObject::of(document, "reader link");
  const auto type = object->string("type");
  if (!type.ok() || *type != "say") return;
  const auto lang = object->string("lang");
  const auto texts = object->strings("texts");
  const auto voice = contract::VoicePack::open(contract::voice_folder());
  if (!lang.ok() || !texts.ok() || !voice.ok()) return;
  for (const std::string& text : *texts) {
    const auto speech = voice->speech(*lang, text);
    if (!speech.ok()) continue;
    const Sound whole = resampled(*speech, kRate);
    for (auto at = whole.samples.begin(); at != whole.samples.end();) {
      const auto end = at + std::min(kSamples, whole.samples.end() - at);
      send({{"type", "sound"}, {"data", to_base64(write_wave({kRate, {at, end}}))}});
      at = end;
    }
  }
}

#endif

}  // namespace shogo::agent
