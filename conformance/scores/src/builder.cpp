#include "builder.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

namespace shogo::scores {
namespace {

double mean_of(std::span<const float> scores) {
  double sum = 0;
  for (const float score : scores) sum += static_cast<double>(score);
  return sum / static_cast<double>(scores.size());
}

Result<void> refuse_unfit(std::span<const float> scores, std::string_view side, std::string_view name) {
  const auto unfit =
      std::find_if(scores.begin(), scores.end(), [](float score) { return !std::isfinite(score); });
  if (unfit == scores.end()) return {};
  return Error{
      Code::kInvalid,
      fmt::format("{}: {} score {} is {}; comparisons without a score are failures and belong "
                  "into a count of their own",
                  name, side, unfit - scores.begin(), std::isnan(*unfit) ? "not a number" : "infinite")};
}

}  // namespace

Result<float> Builder::score(std::string_view text, const Place& place) const {
  if (text.starts_with('+')) text.remove_prefix(1);
  float value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size())
    return Error{Code::kInvalid,
                 fmt::format("{}:{}: expected a score that fits a 32-bit float, found \"{:.40}\"", place.name,
                             place.line, text)};
  if (!std::isfinite(value))
    return Error{
        Code::kInvalid,
        fmt::format("{}:{}: the score is {}; a comparison without a score is a failure and has no line here",
                    place.name, place.line, std::isnan(value) ? "not a number" : "infinite")};
  return value;
}

void Builder::add(bool genuine, float score) {
  (genuine ? columns_.genuine : columns_.impostor).push_back(score);
}

void Builder::add_failure(bool genuine) {
  ++(genuine ? genuine_failures_ : impostor_failures_);
}

std::uint32_t Builder::number(std::string_view subject) {
  const auto [at, is_new] =
      numbers_.try_emplace(std::string(subject), static_cast<std::uint32_t>(names_.size()));
  if (is_new) names_.emplace_back(subject);
  return at->second;
}

void Builder::add(std::string_view claimed, std::string_view probe, float score) {
  with_subjects_ = true;
  const std::uint32_t a = number(claimed), b = number(probe);
  if (a == b) {
    columns_.genuine.push_back(score);
    columns_.genuine_subject.push_back(a);
    return;
  }
  columns_.impostor.push_back(score);
  columns_.impostor_claimed.push_back(a);
  columns_.impostor_probe.push_back(b);
}

Result<void> Builder::samples(std::string_view reference, std::string_view probe, const Place& place) {
  const auto [at, is_new] = seen_.try_emplace(fmt::format("{}\n{}", reference, probe), place.line);
  if (is_new) return {};
  return Error{
      Code::kInvalid,
      fmt::format(
          "{}:{}: \"{:.60}\" and \"{:.60}\" were compared in line {} already; a comparison counts once",
          place.name, place.line, reference, probe, at->second)};
}

Result<ScoreSet> Builder::finish(std::string_view name, std::string_view format) {
  if (with_subjects_) columns_.subjects = static_cast<std::uint32_t>(names_.size());
  auto made = ScoreSet::of(std::move(columns_));
  if (!made) return Error{made.error().code(), fmt::format("{}: {}", name, made.error().message())};
  ScoreSet set = std::move(made).value();
  set.format = format;
  set.genuine_failures = genuine_failures_;
  set.impostor_failures = impostor_failures_;
  if (with_subjects_) set.names = std::move(names_);
  return set;
}

Result<ScoreSet> oriented(ScoreSet set, std::string_view name, bool lower_is_similar) {
  SHOGO_CHECK_OK(refuse_unfit(set.genuine(), "genuine", name));
  SHOGO_CHECK_OK(refuse_unfit(set.impostor(), "impostor", name));
  const double genuine = mean_of(set.genuine()), impostor = mean_of(set.impostor());
  if (lower_is_similar ? genuine > impostor : genuine < impostor)
    return Error{
        Code::kInvalid,
        fmt::format(
            "{}: genuine scores are {} than impostor scores on average ({:.6g} against {:.6g}), but {} is "
            "said to mean similar. {}",
            name, lower_is_similar ? "higher" : "lower", genuine, impostor,
            lower_is_similar ? "lower" : "higher",
            lower_is_similar ? "Are these similarities? Leave --distance away"
                             : "Are these distances? Then say --distance")};
  if (!lower_is_similar) return set;
  ScoreColumns columns;
  for (const float score : set.genuine()) columns.genuine.push_back(-score);
  for (const float score : set.impostor()) columns.impostor.push_back(-score);
  columns.genuine_subject.assign(set.genuine_subject().begin(), set.genuine_subject().end());
  columns.impostor_claimed.assign(set.impostor_claimed().begin(), set.impostor_claimed().end());
  columns.impostor_probe.assign(set.impostor_probe().begin(), set.impostor_probe().end());
  columns.subjects = set.subjects();
  SHOGO_TRY(ScoreSet turned, ScoreSet::of(std::move(columns)));
  turned.genuine_failures = set.genuine_failures;
  turned.impostor_failures = set.impostor_failures;
  turned.format = std::move(set.format);
  turned.names = std::move(set.names);
  turned.notes = std::move(set.notes);
  turned.notes.emplace_back("distances were turned round: score = -distance");
  return turned;
}

}  // namespace shogo::scores
