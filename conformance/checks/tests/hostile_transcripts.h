// What may happen to a transcript on its way to a judge: cut off, told twice, put in another order, filled
// with garbage. None of it may make a PASS out of something else, and none of it may crash a judge.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <shogo/base/rng.h>
#include <shogo/conformance/check.h>

namespace shogo::conformance {

using Judge = Judgement (*)(const Transcript&, const CheckContext&);

/// The files of `from` with other events.
inline Transcript with_events(const Transcript& from, const std::vector<Event>& events) {
  Transcript copy;
  std::map<std::string, std::string> renamed;
  for (const auto& [name, bytes] : from.blobs()) renamed[name] = copy.keep(name, "bin", bytes);
  for (Event event : events) {
    if (const auto name = renamed.find(event.blob); name != renamed.end()) event.blob = name->second;
    copy.add(std::move(event));
  }
  return copy;
}

/// Cut before every `stride`-th event: nobody knows what would have followed.
inline void expect_no_pass_when_cut_off(Judge judge, const Transcript& whole, const CheckContext& context,
                                        std::size_t stride = 1) {
  const auto& events = whole.events();
  for (std::size_t size = events.size() - 1;; size -= std::min(stride, size)) {
    const std::vector<Event> head(events.begin(), events.begin() + static_cast<std::ptrdiff_t>(size));
    const Judgement judgement = judge(with_events(whole, head), context);
    EXPECT_NE(judgement.verdict, Verdict::kPass) << "cut after " << size << " of " << events.size();
    if (size == 0) break;
  }
}

/// `spoilt` does not pass; nor may it when its events come twice or in another order.
inline void expect_no_pass_when_repeated_or_reordered(Judge judge, const Transcript& spoilt,
                                                      const CheckContext& context, std::size_t stride = 1,
                                                      int orders = 200) {
  ASSERT_NE(judge(spoilt, context).verdict, Verdict::kPass) << "the case itself must not pass";
  const auto& events = spoilt.events();
  for (std::size_t i = 0; i < events.size(); i += stride) {
    std::vector<Event> twice = events;
    twice.insert(twice.begin() + static_cast<std::ptrdiff_t>(i), events[i]);
    EXPECT_NE(judge(with_events(spoilt, twice), context).verdict, Verdict::kPass) << "event twice: " << i;
  }
  std::vector<Event> all_twice;
  for (const Event& event : events) all_twice.insert(all_twice.end(), 2, event);
  EXPECT_NE(judge(with_events(spoilt, all_twice), context).verdict, Verdict::kPass) << "every event twice";
  Rng rng(3, "reordered");
  for (int i = 0; i < orders; ++i) {
    std::vector<Event> mixed = events;
    if (i % 2 == 0) {
      rng.shuffle(mixed);
    } else {
      std::swap(mixed[static_cast<std::size_t>(rng.below(mixed.size()))],
                mixed[static_cast<std::size_t>(rng.below(mixed.size()))]);
    }
    EXPECT_NE(judge(with_events(spoilt, mixed), context).verdict, Verdict::kPass) << "order " << i;
  }
}

inline boost::json::value garbage_value(Rng& rng, int depth = 0) {
  static const std::vector<std::string> kTexts{
      "",        "pin",          "ok",     "result_ok",       "wrong_pin",         "success", "short_0",
      "short_3", "complete",     "locked", "/v1/eligibility", "\xFF\xFE\x80",      "{}",      "%s%n{",
      "none",    "cert_revoked", "off",    "on_first",        std::string(9, '\0')};
  switch (rng.below(depth < 2 ? 9 : 7)) {
    case 0:
      return nullptr;
    case 1:
      return rng.below(2) == 0;
    case 2:
      return static_cast<std::int64_t>(rng.next());
    case 3:
      return std::numeric_limits<double>::max() * (rng.unit() - 0.5);
    case 4:
      return std::numeric_limits<std::uint64_t>::max();
    case 5:
      return static_cast<std::int64_t>(rng.below(8)) - 2;
    case 6:
      return boost::json::string(kTexts[static_cast<std::size_t>(rng.below(kTexts.size()))]);
    case 7: {
      boost::json::array array;
      for (std::uint64_t i = rng.below(6); i > 0; --i) array.push_back(garbage_value(rng, depth + 1));
      return array;
    }
    default:
      return boost::json::object{{"name", garbage_value(rng, depth + 1)}};
  }
}

/// Half the words are ones that judges look for, so that garbage reaches their insides.
inline void add_garbage(Transcript& transcript, Rng& rng, int events) {
  static const std::vector<std::string> kSources{"stimulus", "device", "card", "server", "harness", "?"};
  static const std::vector<std::string> kKinds{"step",      "apdu",   "tries",      "state",   "result",
                                               "request",   "frame",  "keypad",     "ui_keys", "canaries",
                                               "file_read", "log",    "script_end", "",        "canary_photo",
                                               "host_log",  "garbage"};
  static const std::vector<std::string> kKeys{
      "name",    "ins",          "body_size",     "sw",       "auth_pin", "digits",          "path",
      "outcome", "signature_ok", "reason",        "substate", "step",     "index",           "0",
      "7",       "size",         "expected_size", "sha256",   "pin",      "expected_sha256", "address",
      "file",    "layouts"};
  const auto any = [&](const std::vector<std::string>& words) {
    return words[static_cast<std::size_t>(rng.below(words.size()))];
  };
  for (int i = 0; i < events; ++i) {
    Event event;
    event.t_ns = rng.below(4) == 0 ? static_cast<std::int64_t>(rng.next()) : i;
    event.source = any(kSources);
    event.kind = any(kKinds);
    for (std::uint64_t k = rng.below(6); k > 0; --k) event.data[any(kKeys)] = garbage_value(rng);
    if (rng.below(3) == 0) {
      Bytes bytes(static_cast<std::size_t>(rng.below(200)));
      rng.fill(bytes);
      event.blob = rng.below(3) == 0 ? "no such file" : transcript.keep("garbage", "bin", std::move(bytes));
    }
    transcript.add(std::move(event));
  }
}

/// Garbage alone never passes; garbage after a story ends in a verdict with its reasons, not in a crash.
inline void expect_to_survive_garbage(Judge judge, const Transcript& story, const CheckContext& context,
                                      int rounds = 300) {
  for (int seed = 0; seed < rounds; ++seed) {
    Rng rng(static_cast<std::uint64_t>(seed), "garbage");
    Transcript alone;
    add_garbage(alone, rng, 1 + static_cast<int>(rng.below(40)));
    EXPECT_NE(judge(alone, context).verdict, Verdict::kPass) << "seed " << seed;

    Transcript mixed = story;
    add_garbage(mixed, rng, 10);
    std::vector<Event> events = mixed.events();
    rng.shuffle(events);
    const Judgement judgement = judge(with_events(mixed, events), context);
    EXPECT_FALSE(judgement.because_en.empty()) << "seed " << seed;
    EXPECT_FALSE(judgement.because_ja.empty()) << "seed " << seed;
  }
}

}  // namespace shogo::conformance
