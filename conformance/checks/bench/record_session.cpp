// record_session OUT
//
// One eyes-free session at the reference reader with a keypad in its housing: the patient of this program
// sees nothing, knows no page and no state, and has ten fingers and an ear. He lays his card down when he is
// asked to, presses the key that he hears named before the choice he wants, types his PIN when he hears how,
// and takes his card when he is told. Writes OUT/session.wav and OUT/session.md: what the bench's ear
// recognised of it among all texts of the voice pack, with times. Whoever is silent or says too little gets
// no session.
//
// Exit: 0 written; 1 the session did not come to its end; 2 usage, or no voice pack.
#include "journey.h"
#include "physical_keypad.h"
#include "sound_trace.h"
#include "virtual_time.h"
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include <fmt/core.h>

#include <shogo/base/file.h>
#include <shogo/base/json_reader.h>
#include <shogo/conformance/dut.h>
#include <shogo/conformance/open_device.h>
#include <shogo/contract/voice_pack.h>
#include <shogo/sound/phrase.h>

namespace {

using namespace shogo;
using namespace shogo::conformance;

constexpr sim::Patient kWho = sim::Patient::kValid;
constexpr milliseconds kSlice{500};
constexpr int kMostSlices = 90;  // of one wait: nobody speaks for so long without a word for us
constexpr milliseconds kBetweenKeys{350};
constexpr milliseconds kReal{300};  // pcscd keeps its own clock
/// Between the name of a key and what it does: one pause of the device, and what trimming leaves.
constexpr milliseconds kBeforeChoice{2'500};

constexpr std::string_view kPlace = "カードを置いてください";
constexpr std::string_view kPinChoice = "暗証番号を入力";
constexpr std::string_view kHowToType =
    "テンキーで4けたを入力し、右下のキーで確定します。左下のキーで1つ消します。";
constexpr std::string_view kDone = "カードを取り出し、待合室でお待ちください。";
const std::vector<std::string> kYes{"すべて同意する", "同意する", "提供する", "次へ"};

struct Said {
  Nanoseconds begin{0}, end{0};
  std::string text;
};

class Patient {
 public:
  /// `begin`: the moment, by the device's clock, from which on the recording goes.
  Patient(Stage& stage, Ear ear, VirtualTime time, contract::VoicePack voice, Nanoseconds begin)
      : stage_(stage),
        ear_(std::move(ear)),
        time_(std::move(time)),
        voice_(std::move(voice)),
        begin_(begin) {}

  Result<void> go() {
    SHOGO_TRY([[maybe_unused]] const Said asked, hear({std::string(kPlace)}));
    SHOGO_CHECK_OK(did("the patient lays the card down"));
    SHOGO_CHECK_OK(stage_.ours(stage_.world().place_card(kWho)));
    SHOGO_CHECK_OK(stage_.linger(kReal));
    SHOGO_CHECK_OK(choose({std::string(kPinChoice)}));
    SHOGO_TRY([[maybe_unused]] const Said how, hear({std::string(kHowToType)}));
    SHOGO_CHECK_OK(did("the patient types four digits and the key at the bottom right"));
    for (const std::uint8_t digit : stage_.world().pin_of(kWho).expose())
      SHOGO_CHECK_OK(press(place_of(static_cast<char>(digit))));
    SHOGO_CHECK_OK(press("r4c3"));
    SHOGO_CHECK_OK(stage_.linger(kReal));
    for (bool done = false; !done;) {
      std::vector<std::string> wishes = kYes;
      wishes.emplace_back(kDone);
      SHOGO_TRY(const Said said, hear(wishes));
      done = said.text == kDone;
      if (!done) SHOGO_CHECK_OK(press_key_of(said));
    }
    SHOGO_CHECK_OK(did("the patient takes the card"));
    stage_.world().take_card();
    SHOGO_CHECK_OK(stage_.linger(kReal));
    for (int i = 0; i < 8; ++i) SHOGO_CHECK_OK(pass(kSlice));
    return {};
  }

  /// All that was heard, from the beginning.
  [[nodiscard]] const Sound& sound() const { return sound_; }
  [[nodiscard]] const std::vector<Said>& deeds() const { return deeds_; }

 private:
  Result<void> pass(Nanoseconds duration) {
    SHOGO_CHECK_OK(time_.advance(stage_, duration));
    SHOGO_TRY(const std::vector<sound::Stretch> heard, ear_.keep());
    for (const sound::Stretch& stretch : heard) {
      if (stretch.begin < begin_) continue;
      const std::size_t at = sound_.index_of(stretch.begin - begin_);
      auto& all = sound_.samples;
      if (all.size() < at + stretch.sound.samples.size()) all.resize(at + stretch.sound.samples.size());
      std::copy(stretch.sound.samples.begin(), stretch.sound.samples.end(),
                all.begin() + static_cast<std::ptrdiff_t>(at));
    }
    return {};
  }
  /// What was heard between two moments.
  [[nodiscard]] Sound part(Nanoseconds from, Nanoseconds to) const {
    const auto& all = sound_.samples;
    const auto first = std::min(sound_.index_of(from), all.size());
    const auto last = std::clamp(sound_.index_of(to), first, all.size());
    return {
        sound_.rate,
        {all.begin() + static_cast<std::ptrdiff_t>(first), all.begin() + static_cast<std::ptrdiff_t>(last)}};
  }
  [[nodiscard]] std::optional<Said> find(const std::string& text, Nanoseconds from, Nanoseconds to) const {
    const auto speech = voice_.speech("ja", text);
    if (!speech.ok()) return std::nullopt;
    const sound::Match match =
        find_phrase(sound::Spectrogram(part(from, to)), sound::Spectrogram(*speech, true));
    if (match.distance > sound::kSamePhrase) return std::nullopt;
    return Said{from + match.begin, from + match.end, text};
  }
  /// Listens, from the last key on, until one of these is said.
  Result<Said> hear(const std::vector<std::string>& wishes) {
    for (int slice = 0; slice < kMostSlices; ++slice) {
      SHOGO_CHECK_OK(pass(kSlice));
      for (const std::string& wish : wishes)
        if (const auto said = find(wish, since_, time_.now() - begin_)) return *said;
    }
    return Error{Code::kTimeout, fmt::format("\"{}\" is not said", wishes.front())};
  }
  Result<void> choose(const std::vector<std::string>& wishes) {
    SHOGO_TRY(const Said said, hear(wishes));
    return press_key_of(said);
  }
  /// The key that was named before the choice.
  Result<void> press_key_of(const Said& choice) {
    std::optional<Said> named;
    for (const char key : std::string_view("013789"))
      if (const auto said = find(fmt::format("{}のキー。", key),
                                 std::max(since_, choice.begin - Nanoseconds(kBeforeChoice)), choice.begin);
          said && (!named || said->begin > named->begin))
        named = said;
    if (!named) return Error{Code::kNotFound, fmt::format("no key is named before \"{}\"", choice.text)};
    SHOGO_CHECK_OK(did(fmt::format("the patient presses the key {}", named->text.front())));
    return press(place_of(named->text.front()));
  }
  Result<void> press(std::string_view place) {
    since_ = time_.now() - begin_;
    SHOGO_CHECK_OK(press_unseen(stage_, place));
    return pass(kBetweenKeys);
  }
  Result<void> did(std::string what) {
    since_ = time_.now() - begin_;
    deeds_.push_back({since_, since_, std::move(what)});
    return {};
  }

  struct Tape : Sound {
    Tape() : Sound{sound::kEvidenceRate, {}} {}
    [[nodiscard]] std::size_t index_of(Nanoseconds at) const {
      return static_cast<std::size_t>(std::max<double>(0, std::chrono::duration<double>(at).count() * rate));
    }
  };
  Stage& stage_;
  Ear ear_;
  VirtualTime time_;
  contract::VoicePack voice_;
  Nanoseconds begin_, since_{0};
  Tape sound_;
  std::vector<Said> deeds_;
};

/// Which texts of the whole pack are heard, wherever they fit; of two that share their place the longer.
Result<std::vector<Said>> recognised(const Sound& sound, const contract::VoicePack& voice) {
  SHOGO_TRY(const boost::json::value index, load_json(contract::voice_folder() / "voice.json"));
  SHOGO_TRY(const JsonObject object, JsonObject::of(index, "voice.json"));
  SHOGO_TRY(const auto prompts, object.objects("prompts"));
  std::vector<std::pair<std::string, Sound>> texts;
  for (const JsonObject& prompt : prompts) {
    SHOGO_TRY(const std::string language, prompt.string("language"));
    SHOGO_TRY(std::string text, prompt.string("text"));
    if (language != "ja") continue;
    SHOGO_TRY(Sound speech, voice.speech(language, text));
    texts.emplace_back(std::move(text), std::move(speech));
  }
  std::sort(texts.begin(), texts.end(),
            [](const auto& a, const auto& b) { return a.second.samples.size() > b.second.samples.size(); });
  std::vector<Said> said;
  Sound rest = sound;
  for (const auto& [text, speech] : texts) {
    const sound::Spectrogram phrase(speech, true);
    for (;;) {
      const sound::Match match = find_phrase(sound::Spectrogram(rest), phrase);
      if (match.distance > sound::kSamePhrase) break;
      said.push_back({match.begin, match.end, text});
      // What has been understood is not listened to again.
      std::fill(rest.samples.begin() + static_cast<std::ptrdiff_t>(rest.index(match.begin)),
                rest.samples.begin() + static_cast<std::ptrdiff_t>(rest.index(match.end)), std::int16_t{0});
    }
  }
  return said;
}

std::string transcript_of(std::vector<Said> said, const std::vector<Said>& deeds) {
  std::string text =
      "What the bench's ear heard of the recording beside this file, against all Japanese texts of the voice "
      "pack; in italics what the\npatient did. Seconds from the beginning.\n\n| s | heard |\n|---|---|\n";
  for (Said deed : deeds) {
    deed.text = "*" + deed.text + "*";
    said.push_back(std::move(deed));
  }
  std::stable_sort(said.begin(), said.end(), [](const Said& a, const Said& b) { return a.begin < b.begin; });
  for (const Said& one : said)
    text += fmt::format("| {:.1f} | {} |\n", std::chrono::duration<double>(one.begin).count(), one.text);
  return text;
}

Result<void> record(const std::filesystem::path& out) {
  SHOGO_TRY(contract::VoicePack voice, contract::VoicePack::open(contract::voice_folder()));
  SHOGO_TRY(const contract::VoicePack again, contract::VoicePack::open(contract::voice_folder()));
  DeviceRequest request;
  request.dut = std::string(kReferenceKeypad);
  SHOGO_TRY(const auto dut, open_device(request));
  RealClock clock;
  StageSetup setup;
  setup.clause = "session";
  setup.clock = &clock;
  setup.device = &dut->device();
  setup.world = dut->world();
  setup.limit = std::chrono::minutes(5);
  const auto stage = std::make_shared<Stage>(setup);
  dut->device().on_event([stage](const DeviceEvent& event) { stage->on_device_event(event); });
  Sound sound;
  std::vector<Said> deeds;
  const auto played = [&]() -> Result<void> {
    SHOGO_CHECK_OK(dut->begin_case("session", 1, *stage));
    SHOGO_TRY(Ear ear, Ear::begin(*stage));
    // The greeting begins while somebody listens.
    SHOGO_TRY(const Nanoseconds begin, device_now(*stage));
    SHOGO_CHECK_OK(stage->call("reset", {{"level", "app"}}));
    SHOGO_CHECK_OK(stage->set_settings({{"consent_bundle", true}, {"idle_timeout_ms", 600'000}}));
    SHOGO_TRY(VirtualTime time, VirtualTime::begin(*stage));
    Patient patient(*stage, std::move(ear), std::move(time), std::move(voice), begin);
    const auto gone = patient.go();
    sound = patient.sound();
    deeds = patient.deeds();
    return gone;
  }();
  dut->device().on_event(nullptr);
  dut->end_case();
  SHOGO_TRY(const std::vector<Said> said, recognised(sound, again));
  const std::string text = transcript_of(said, deeds);
  if (!played.ok()) {
    fmt::print(stderr, "{}", text);
    return played.error();
  }
  std::filesystem::create_directories(out);
  const Bytes wave = write_wave(sound);
  std::ofstream(out / "session.wav", std::ios::binary)
      .write(reinterpret_cast<const char*>(wave.data()), static_cast<std::streamsize>(wave.size()));
  std::ofstream(out / "session.md") << text;
  fmt::print("{}: {:.0f} s, {} phrases heard\n", (out / "session.wav").string(),
             std::chrono::duration<double>(sound.length()).count(), said.size());
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 || std::string_view(argv[1]).starts_with("-")) {
    fmt::print(stderr, "usage: record_session OUT\n");
    return 2;
  }
  const auto recorded = record(argv[1]);
  if (recorded.ok()) return 0;
  fmt::print(stderr, "record_session: {}\n", recorded.error().describe());
  return recorded.error().code() == Code::kNotFound && recorded.error().message().starts_with("no voice") ? 2
                                                                                                          : 1;
}
