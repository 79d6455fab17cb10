// 3-6.a, 3-6.b: FNMR where FMR is 0.01 %. The device's matcher is handed in as a library and run in a process
// of its own on pictures: a vendor's on pictures that he brings, the reference's simulated one on synthetic
// portraits, whose error rates are known. That the device itself decides as its library does is a stimulus of
// its own, whole sessions with a face, which this bench cannot give yet.
#include "face_accuracy.h"

#include "checks.h"
#include "journey.h"

#include <fmt/format.h>

#include <shogo/base/file.h>
#include <shogo/conformance/dut.h>
#include <shogo/contract/synthetic_portrait.h>
#include <shogo/engine/measure_engine.h>
#include <shogo/scores/formats.h>

namespace shogo::conformance {
namespace {

// A ring of people: everybody's first picture is the reference, the others are probes against it, and the
// first probes of the next people in the ring are impostors. Halves of the people keep a quarter of those
// pairs each.
constexpr std::uint32_t kPeople = 6400, kTakes = 4, kStrangers = 50;

layouts::ImagePairs portrait_pairs() {
  layouts::ImagePairs pairs;
  for (std::uint32_t person = 0; person < kPeople; ++person) {
    pairs.subjects.push_back(fmt::format("synthetic{}", person));
    for (std::uint32_t take = 0; take <= kTakes; ++take) {
      pairs.images.push_back(fmt::format("synthetic{}/{}", person, take));
      pairs.subject.push_back(person);
    }
  }
  const auto image = [](std::uint32_t person, std::uint32_t take) { return person * (kTakes + 1) + take; };
  for (std::uint32_t person = 0; person < kPeople; ++person) {
    for (std::uint32_t take = 1; take <= kTakes; ++take)
      pairs.pairs.push_back({image(person, 0), image(person, take)});
    for (std::uint32_t next = 1; next <= kStrangers; ++next)
      pairs.pairs.push_back({image(person, 0), image((person + next) % kPeople, 1)});
  }
  return pairs;
}

engine::ImageSource portraits(std::uint64_t seed) {
  return [seed](std::uint32_t number) -> Result<Image> {
    const auto pixels = contract::draw_portrait({seed, number / (kTakes + 1), number % (kTakes + 1)});
    return Image{static_cast<int>(contract::kPortraitWidth), static_cast<int>(contract::kPortraitHeight), 1,
                 Bytes(pixels.begin(), pixels.end())};
  };
}

Result<layouts::ImagePairs> pairs_of(const EngineOffer& offer) {
  if (offer.images.empty()) return portrait_pairs();
  if (offer.pairs.empty()) return layouts::all_pairs_of(offer.images);
  SHOGO_TRY(const std::string text, read_text(offer.pairs));
  return layouts::parse_pairs(text, offer.pairs.string());
}

Result<Bytes> bytes_of(scores::ScoreSet set) {
  set.names.clear();  // folder names may be people's names: evidence knows numbers only
  SHOGO_TRY(const TemporaryFolder folder, TemporaryFolder::create("shogo-scores"));
  SHOGO_CHECK_OK(scores::write_scores(folder.path() / "scores", set));
  return read_file(folder.path() / "scores", std::size_t{1} << 32);
}

}  // namespace

Result<void> stimulate_face_accuracy(Stage& stage) {
  SHOGO_TRY(const EngineOffer* offer, stage.engine());
  // What the vendor's side gives, pictures and library, is not ours to answer for; only the program around it
  // is.
  SHOGO_TRY(const layouts::ImagePairs pairs, pairs_of(*offer));
  stage.note("step", {{"name", "compare"}, {"images", pairs.images.size()}, {"pairs", pairs.pairs.size()}});
  SHOGO_TRY(const auto process, engine::EngineProcess::start(offer->library, offer->data_folder));
  const std::uint64_t seed = stage.rng().next();
  const engine::ImageSource source =
      offer->images.empty() ? portraits(seed) : engine::images_below(offer->images, pairs);
  SHOGO_TRY(engine::EngineScores compared, engine::compare_images(*process, pairs, source));
  SHOGO_TRY(Bytes bytes, stage.ours(bytes_of(compared.scores)));
  const engine::EngineInfo& info = process->info();
  stage.record(source::kHarness, kEngineScores,
               {{"name", info.name},
                {"version", info.version},
                {"engine_sha256", info.engine_sha256},
                {"library_sha256", info.library_sha256},
                {"portraits", offer->images.empty() ? "synthetic" : "pictures"},
                {"images", pairs.images.size()},
                {"templates_failed", compared.templates_failed},
                {"comparisons_failed", compared.comparisons_failed},
                {"sessions_agreeing", 0},
                {"sessions_differing", 0}},
               "engine", "scores", std::move(bytes));
  return end_script(stage);
}

}  // namespace shogo::conformance
