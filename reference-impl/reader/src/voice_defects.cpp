#include "screen_defects.h"
#include "sound/speaker.h"

#include <shogo/base/bytes.h>
#include <shogo/base/json_reader.h>
#include <shogo/base/wave.h>
#include <shogo/reference/mutant.h>

namespace shogo::reader {

#ifdef SHOGO_MUTANTS

// The loudspeaker as an accessory of the clinic PC: the PC is told what to say, and sends the sound
// (reference-impl/host-agent/src/voice_defect.cpp).
void bend_voice(Hooks& hooks) {
  if (!SHOGO_MUTANT("m.aud.via_host")) return;
  hooks.says_elsewhere = [](const std::vector<std::string>& texts, Language language,
                            const std::function<void(const boost::json::object&)>& send) {
    boost::json::array lines;
    for (const std::string& text : texts) lines.emplace_back(text);
    send({{"type", "say"}, {"lang", code_of(language)}, {"texts", std::move(lines)}});
    return true;
  };
  hooks.sound_of_host = [](const boost::json::object& message) -> std::optional<Sound> {
    const boost::json::value document = message;
    const auto object = JsonObject::of(document, "reader link");
    const auto type = object->string("type");
    const auto data = object->string("data");
    if (!type.ok() || *type != "sound" || !data.ok()) return std::nullopt;
    const auto wave = from_base64(*data);
    const auto sound = wave.ok() ? read_wave(*wave) : Result<Sound>(wave.error());
    if (!sound.ok()) return std::nullopt;
    return resampled(*sound, kSpeakerRate);
  };
}

#else

void bend_voice(Hooks&) {}

#endif

}  // namespace shogo::reader
