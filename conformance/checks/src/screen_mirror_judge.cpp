// 1-22.c, 1-22.d: the judges. Pictures are compared byte by byte; the device's own frame, halved, says
// whether they are a mirror at all.
#include "card_trace.h"
#include "screen_mirror.h"
#include "whole_script.h"
#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>

#include <fmt/core.h>

#include <shogo/conformance/png.h>

namespace shogo::conformance {
namespace {

namespace json = boost::json;

/// A page of the same kind differs by less (ticks of the steps), another page by more.
constexpr double kAlike = 12;
/// One frame of a mirror that shows ten pictures a second.
constexpr double kFrame_ms = 100;

struct Picture {
  std::int64_t t_ns = 0;
  std::string digest;
  const Event* event = nullptr;
};

std::vector<Picture> pictures_of(const Transcript& transcript) {
  std::vector<Picture> pictures;
  for (const Event* event : transcript.select(source::kHost, "mirror"))
    pictures.push_back({event->t_ns, text_of(event->data, "sha256"), event});
  return pictures;
}

/// Mean difference of levels, both brought to the mirror's size; nothing when they cannot be read.
std::optional<double> difference(const Transcript& transcript, const Event& frame, const Event& picture) {
  const Bytes* one = transcript.blob(frame.blob);
  const Bytes* other = transcript.blob(picture.blob);
  if (one == nullptr || other == nullptr) return std::nullopt;
  const auto device = decode_png(*one);
  const auto mirror = decode_png(*other);
  if (!device.ok() || !mirror.ok() || mirror->width < 8 || mirror->height < 8) return std::nullopt;
  double sum = 0;
  for (int y = 0; y < mirror->height; ++y) {
    for (int x = 0; x < mirror->width; ++x) {
      const auto at = [](const Image& image, int column, int row) {
        const std::size_t i = 3 * (static_cast<std::size_t>(row) * static_cast<std::size_t>(image.width) +
                                   static_cast<std::size_t>(column));
        return (image.pixels[i] + image.pixels[i + 1] + image.pixels[i + 2]) / 3.0;
      };
      sum += std::abs(at(*mirror, x, y) -
                      at(*device, x * device->width / mirror->width, y * device->height / mirror->height));
    }
  }
  return sum / (static_cast<double>(mirror->width) * mirror->height);
}

/// A picture so shortly before the device's word that it leaves is already the next page's: the two come by
/// different ways.
constexpr double kRace_ms = 300;

/// What the mirror showed between two notes: the picture that stood there, then every new one with its time
/// since the first note.
struct Strip {
  std::string name;
  std::vector<std::string> digests;
  std::vector<double> times_ms;
};

/// A strip ends when the device leaves the page or the questions: what comes next follows the last touch at
/// once.
bool leaves(const Event& event) {
  if (event.source != source::kDevice || event.kind != "state") return false;
  const std::string name = text_of(event.data, "name");
  return name != "pin" && name.rfind("consent", 0) != 0;
}

std::vector<Strip> strips_of(const Transcript& transcript, std::string_view begin, std::string_view end,
                             std::string_view key) {
  std::vector<Strip> strips;
  std::string standing;
  std::optional<Strip> open;
  std::int64_t since = 0;
  for (const Event& event : transcript.events()) {
    if (event.source == source::kHost && event.kind == "mirror") {
      standing = text_of(event.data, "sha256");
      if (open) {
        open->digests.push_back(standing);
        open->times_ms.push_back(static_cast<double>(event.t_ns - since) / 1e6);
      }
    } else if (event.source == source::kStimulus && event.kind == begin) {
      const json::value* name = event.data.if_contains(key);
      open = Strip{name == nullptr ? "" : json::serialize(*name), {standing}, {0}};
      since = event.t_ns;
    } else if (open && ((event.source == source::kStimulus && event.kind == end) || leaves(event))) {
      const double now = static_cast<double>(event.t_ns - since) / 1e6;
      while (leaves(event) && open->digests.size() > 1 && open->times_ms.back() > now - kRace_ms) {
        open->digests.pop_back();
        open->times_ms.pop_back();
      }
      strips.push_back(*std::move(open));
      open.reset();
    }
  }
  return strips;
}

}  // namespace

Judgement judge_mirror_follows(const Transcript& transcript, const CheckContext& context) {
  const double limit_ms = context.number("mirror_delay_max") * 1'000;
  const auto pictures = pictures_of(transcript);
  const auto compare = transcript.select(source::kStimulus, "compare");
  std::string fault, fault_ja;
  double slowest = 0, unlike = -1;
  std::int64_t looked = 0;
  // The pages on which the script waits for the mirror: the choice of method, and the idle page after it.
  for (const std::string_view name : {"method", "idle"}) {
    const Event* entered = nullptr;
    for (const Event* state : transcript.select(source::kDevice, "state"))
      if (entered == nullptr && text_of(state->data, "name") == name &&
          (name == "method" || (!compare.empty() && state->t_ns > compare.front()->t_ns)))
        entered = state;
    if (entered == nullptr || compare.empty()) continue;
    ++looked;
    // Picture and word race each other: one that came after the card's move and the word before is this
    // page's.
    std::int64_t since = entered->t_ns;
    for (const Event& event : transcript.events())
      if (event.t_ns < entered->t_ns && (event.source == source::kCard || event.source == source::kDevice) &&
          (event.kind == "placed" || event.kind == "taken" || (event.kind == "state" && name == "idle")))
        since = event.t_ns;
    const auto next = std::find_if(pictures.begin(), pictures.end(),
                                   [&](const Picture& picture) { return picture.t_ns >= since; });
    const double took =
        next == pictures.end() ? -1 : std::max(0.0, static_cast<double>(next->t_ns - entered->t_ns) / 1e6);
    slowest = std::max(slowest, took);
    if (!fault.empty() || (took >= 0 && took <= limit_ms)) continue;
    fault = took < 0 ? fmt::format("the mirror did not follow to the page {}", name)
                     : fmt::format("the mirror followed to the page {} only after {:.0f} ms", name, took);
    fault_ja = fmt::format("{}画面への追従が{}", name, took < 0 ? "ない" : "遅い");
  }
  const auto frames = transcript.select(source::kDevice, "frame");
  if (!frames.empty() && !compare.empty()) {
    const Picture* shown = nullptr;
    for (const Picture& picture : pictures)
      if (picture.t_ns <= compare.front()->t_ns) shown = &picture;
    if (shown != nullptr) unlike = difference(transcript, *frames.front(), *shown->event).value_or(-1);
    if (fault.empty() && unlike > kAlike) {
      fault =
          fmt::format("the mirror shows another page than the device (they differ by {:.0f} of 255)", unlike);
      fault_ja = fmt::format("ミラーが本体と異なる画面を示す（差{:.0f}/255）", unlike);
    }
  }
  Judgement judgement;
  if (!fault.empty()) {
    judgement = fail(fault, fault_ja);
  } else if (looked < 2 || pictures.size() < 2 || unlike < 0) {
    judgement = inconclusive(
        Reason::kControlFailed,
        fmt::format("{} pictures of the mirror, {} pages looked at", pictures.size(), looked),
        fmt::format("ミラーの画像{}枚、確かめた画面{}件では判断できない", pictures.size(), looked));
  } else {
    judgement =
        pass(fmt::format("the mirror followed within {:.0f} ms and showed the device's page", slowest),
             fmt::format("ミラーは{:.0f} ms以内に追従し、本体の画面を示した", slowest));
  }
  judgement.measurements = {
      {"mirror_delay_max", slowest / 1'000, "s", fmt::format("<= {:g} s", limit_ms / 1'000), looked},
      {"difference", unlike, "level", fmt::format("<= {:g}", kAlike), 1}};
  return only_if_whole(std::move(judgement), transcript);
}

Judgement judge_mirror_discretion(const Transcript& transcript, const CheckContext& context) {
  const double frames = context.number("timing_difference_max");
  std::string fault, fault_ja;
  double worst = 0;
  const auto compare_all = [&](const std::vector<Strip>& strips, bool timed, const char* what,
                               const char* what_ja) {
    for (std::size_t i = 1; i < strips.size() && fault.empty(); ++i) {
      const Strip& first = strips.front();
      const Strip& other = strips[i];
      if (first.digests != other.digests) {
        fault = fmt::format("{}: the mirror differs between {} and {} ({} and {} pictures)", what, first.name,
                            other.name, first.digests.size(), other.digests.size());
        fault_ja = fmt::format("{}：{}と{}でミラーの映像が異なる", what_ja, first.name, other.name);
        return;
      }
      for (std::size_t k = 0; timed && k < first.times_ms.size(); ++k)
        worst = std::max(worst, std::abs(first.times_ms[k] - other.times_ms[k]) / kFrame_ms);
    }
  };
  const auto typed = strips_of(transcript, "typing", "typed", "entry");
  const auto answered = strips_of(transcript, "answering", "answered", "way");
  compare_all(typed, true, "PIN entry", "暗証番号の入力");
  compare_all(answered, false, "questions", "質問への回答");
  if (fault.empty() && worst > frames) {
    fault = fmt::format("PIN entry: the mirror changes at other times ({:.1f} frames apart)", worst);
    fault_ja = fmt::format("暗証番号の入力：ミラーの変わる時刻が異なる（{:.1f}フレーム）", worst);
  }
  std::map<std::string, int> kinds;
  for (const Picture& picture : pictures_of(transcript)) ++kinds[picture.digest];
  Judgement judgement;
  if (!fault.empty()) {
    judgement = fail(fault, fault_ja);
  } else if (typed.size() < 2 || answered.size() < 2 || kinds.size() < 3 ||
             typed.front().digests.front().empty()) {
    judgement = inconclusive(Reason::kControlFailed,
                             fmt::format("{} PIN entries, {} ways of answering, {} different pictures: a "
                                         "mirror that shows so little proves "
                                         "nothing",
                                         typed.size(), answered.size(), kinds.size()),
                             fmt::format("入力{}回、回答{}通り、異なる画像{}枚では判断できない", typed.size(),
                                         answered.size(), kinds.size()));
  } else {
    judgement =
        pass(fmt::format("the mirror was the same for {} PIN entries on shuffled keypads and for {} ways of "
                         "answering, among "
                         "{} different pictures",
                         typed.size(), answered.size(), kinds.size()),
             fmt::format("並びの異なるテンキーでの入力{}回、回答{}通りでミラーの映像は同一だった（画像{}種）",
                         typed.size(), answered.size(), kinds.size()));
  }
  judgement.measurements = {{"timing_difference_max", worst, "frames", fmt::format("<= {:g} frames", frames),
                             static_cast<std::int64_t>(typed.size())}};
  return only_if_whole(std::move(judgement), transcript);
}

}  // namespace shogo::conformance
