#include <algorithm>

#include <fmt/format.h>

#include <shogo/scores/score_set.h>

namespace shogo::scores {

Result<ScoreSet> ScoreSet::view(std::shared_ptr<const void> keep, std::span<const float> genuine,
                                std::span<const float> impostor,
                                std::span<const std::uint32_t> genuine_subject,
                                std::span<const std::uint32_t> impostor_claimed,
                                std::span<const std::uint32_t> impostor_probe, std::uint32_t subjects) {
  const auto wrong = [](std::string what) { return Error{Code::kCorrupt, std::move(what)}; };
  if (genuine.empty()) return wrong("there are no genuine scores; both sides are needed");
  if (impostor.empty()) return wrong("there are no impostor scores; both sides are needed");
  if (subjects > 0) {
    if (genuine_subject.size() != genuine.size() || impostor_claimed.size() != impostor.size() ||
        impostor_probe.size() != impostor.size())
      return wrong("the subject columns are not as long as the scores");
    const auto outside = [&](std::uint32_t subject) { return subject >= subjects; };
    for (const auto& column : {genuine_subject, impostor_claimed, impostor_probe})
      if (std::any_of(column.begin(), column.end(), outside))
        return wrong(fmt::format("a subject number is not below {}", subjects));
    for (std::size_t i = 0; i < impostor.size(); ++i)
      if (impostor_claimed[i] == impostor_probe[i])
        return wrong(
            fmt::format("impostor comparison {} is of subject {} with itself", i, impostor_probe[i]));
  }
  ScoreSet set;
  set.keep_ = std::move(keep);
  set.genuine_ = genuine;
  set.impostor_ = impostor;
  if (subjects > 0) {
    set.genuine_subject_ = genuine_subject;
    set.impostor_claimed_ = impostor_claimed;
    set.impostor_probe_ = impostor_probe;
    set.subjects_ = subjects;
  }
  return set;
}

Result<ScoreSet> ScoreSet::of(ScoreColumns columns) {
  const auto kept = std::make_shared<const ScoreColumns>(std::move(columns));
  return view(kept, kept->genuine, kept->impostor, kept->genuine_subject, kept->impostor_claimed,
              kept->impostor_probe, kept->subjects);
}

}  // namespace shogo::scores
