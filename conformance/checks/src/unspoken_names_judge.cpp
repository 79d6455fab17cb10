// 1-13.j, judged: what was heard of the two visits must be the same on every page with a list, and no name
// may be found in it. The names must have been legible, the device heard, and the search proved on
// recordings.
#include "card_trace.h"
#include "sound_trace.h"
#include "spoken_pages.h"
#include "unspoken_names.h"
#include "whole_script.h"
#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/core.h>

#include <shogo/sound/same_sound.h>

namespace shogo::conformance {
namespace {

namespace json = boost::json;

struct Page {
  std::string set, state, moment;
  std::int64_t names = 0, legible = 0;
  Nanoseconds shown{0}, left{0};
};

std::vector<Page> pages_of(const Transcript& transcript) {
  std::vector<Page> pages;
  for (const Event* event : transcript.select(source::kHarness, kNamePage)) {
    const json::object& data = event->data;
    pages.push_back({text_of(data, "set"), text_of(data, "state"), text_of(data, "moment"),
                     integer_of(data, "names", 0), integer_of(data, "legible", 0),
                     Nanoseconds(integer_of(data, "t_shown_ns", 0)),
                     Nanoseconds(integer_of(data, "t_left_ns", 0))});
  }
  return pages;
}

/// All that was heard while the page stood there, each stretch at its time.
Sound heard_on(const Page& page, const std::vector<HeardStretch>& stretches) {
  Sound all{sound::kEvidenceRate, {}};
  for (const HeardStretch& stretch : stretches) {
    if (stretch.end <= page.shown || stretch.begin >= page.left) continue;
    const std::size_t skipped =
        stretch.begin < page.shown ? stretch.sound.index(page.shown - stretch.begin) : 0;
    const std::size_t at = stretch.begin > page.shown ? all.index(stretch.begin - page.shown) : 0;
    if (skipped >= stretch.sound.samples.size()) continue;
    all.samples.resize(std::max(all.samples.size(), at));
    all.samples.insert(all.samples.end(),
                       stretch.sound.samples.begin() + static_cast<std::ptrdiff_t>(skipped),
                       stretch.sound.samples.end());
  }
  return all;
}

bool is_true(const json::object& data, std::string_view key) {
  const json::value* value = data.if_contains(key);
  return value != nullptr && value->is_bool() && value->get_bool();
}

/// Why nothing can be said although nothing was found; empty: everything held.
struct Gap {
  std::string en, ja;
  Reason reason = Reason::kControlFailed;
};

Gap gap_in(const Transcript& transcript, const std::vector<Page>& pages, int compared, int unreadable) {
  if (!transcript.select(source::kStimulus, kNoRecordings).empty())
    return {"there are no recordings of the names to listen for: ci/voice-pack makes them",
            "名称の録音がないため、読み上げを探せない（ci/voice-packで作成）", Reason::kToolUnavailable};
  if (unreadable > 0 || !sound_is_whole(transcript))
    return {"pieces of the recording are missing", "録音の一部が欠けている"};
  std::set<std::string> states;
  for (const Page& page : pages) {
    if (!is_selection_page(page.state)) continue;
    states.insert(page.state);
    if (page.legible < page.names || page.names == 0)
      return {fmt::format("the control did not hold: {} of {} names of the register are legible on {}",
                          page.legible, page.names, page.state),
              fmt::format("対照が成立しない：{}に表示された名称は{}件中{}件", page.state, page.names,
                          page.legible)};
  }
  if (states.size() < kSelectionPages.size() || compared < static_cast<int>(kSelectionPages.size()))
    return {fmt::format("the control did not hold: {} of {} pages with names were reached twice", compared,
                        kSelectionPages.size()),
            fmt::format("対照が成立しない：両方の組で表示された選択画面は{}件（全{}件）", compared,
                        kSelectionPages.size())};
  const auto controls = transcript.select(source::kHarness, kSearchControl);
  const bool finds = !controls.empty() && std::all_of(controls.begin(), controls.end(), [](const Event* one) {
    return is_true(one->data, "found") && is_true(one->data, "missed");
  });
  if (!finds)
    return {
        "the control did not hold: the search does not find a name where it is said, or finds it elsewhere",
        "対照が成立しない：名称の検出が録音に対して働いていない"};
  return {};
}

}  // namespace

Judgement judge_unspoken_names(const Transcript& transcript, const CheckContext& context) {
  const double most_ms = context.number("difference_max");
  const double allowed = context.number("names_spotted");
  int unreadable = 0;
  const std::vector<HeardStretch> stretches = heard_in(transcript, unreadable);
  const std::vector<Page> pages = pages_of(transcript);

  std::vector<Measurement> measured;
  std::string bad_en, bad_ja;
  std::set<std::string> silent;
  std::set<std::string> compared;
  double widest_ms = 0;
  for (const Page& first : pages) {
    if (first.set != "first") continue;
    const auto second = std::find_if(pages.begin(), pages.end(), [&](const Page& page) {
      return page.set == "second" && page.state == first.state && page.moment == first.moment;
    });
    if (second == pages.end()) continue;
    const Sound a = heard_on(first, stretches), b = heard_on(*second, stretches);
    const sound::Difference apart = sound::difference(a, b);
    const auto ms = static_cast<double>(apart.apart.count());
    measured.push_back({fmt::format("difference: {} {}", first.state, first.moment), ms, "ms",
                        fmt::format("<= {:g} ms", most_ms), 2});
    widest_ms = std::max(widest_ms, ms);
    if (first.moment == "come") compared.insert(first.state);
    if (first.moment == "come" && (a.samples.empty() || b.samples.empty())) silent.insert(first.state);
    if (ms <= most_ms || !bad_en.empty()) continue;
    const double at_s = std::chrono::duration<double>(apart.first).count();
    bad_en = fmt::format("{}: with other names {:.1f} s sound different, from second {:.1f}", first.state,
                         ms / 1e3, at_s);
    bad_ja =
        fmt::format("{}：名称を変えると{:.1f}秒分の音が変わる（{:.1f}秒から）", first.state, ms / 1e3, at_s);
  }
  std::int64_t looked = 0, spotted = 0;
  std::string names;
  for (const Event* event : transcript.select(source::kHarness, kNameSearch)) {
    ++looked;
    if (!is_true(event->data, "heard")) continue;
    ++spotted;
    if (spotted <= 3)
      names += fmt::format("{}\"{}\" on {}", names.empty() ? "" : ", ", text_of(event->data, "text"),
                           text_of(event->data, "state"));
  }
  measured.push_back(
      {"names_spotted", static_cast<double>(spotted), "count", fmt::format("= {:g}", allowed), looked});

  Judgement judgement;
  const Gap gap = gap_in(transcript, pages, static_cast<int>(compared.size()), unreadable);
  if (static_cast<double>(spotted) > allowed) {
    judgement = fail(fmt::format("{} names are said: {}", spotted, names),
                     fmt::format("名称が{}回読み上げられた：{}", spotted, names));
  } else if (!bad_en.empty()) {
    judgement = fail(bad_en, bad_ja);
  } else if (!gap.en.empty()) {
    judgement = inconclusive(gap.reason, gap.en, gap.ja);
  } else if (!silent.empty()) {
    judgement = inconclusive(Reason::kControlFailed,
                             fmt::format("the control did not hold: nothing is heard on {}", *silent.begin()),
                             fmt::format("対照が成立しない：{}で何も聞こえない", *silent.begin()));
  } else {
    judgement = pass(
        fmt::format("{} pages with two sets of names sound the same (at most {:g} ms differ), and none of {} "
                    "searches finds a name",
                    compared.size(), widest_ms, looked),
        fmt::format("{}画面の音は名称を変えても同じ（差は最大{:g}ミリ秒）で、{}回の検索で名称は見つからない",
                    compared.size(), widest_ms, looked));
  }
  judgement.measurements = std::move(measured);
  return only_if_whole(std::move(judgement), transcript);
}

}  // namespace shogo::conformance
