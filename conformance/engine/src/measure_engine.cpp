#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include <shogo/engine/measure_engine.h>
#include <shogo/layouts/picture.h>

namespace shogo::engine {
namespace {

using Ids = std::vector<std::optional<std::uint32_t>>;  // template of an image; none: it failed
constexpr std::size_t kRepeatedImages = 8;

class Run {
 public:
  Run(EngineProcess& engine, const layouts::ImagePairs& pairs, const ImageSource& image,
      const std::function<void(double)>& progress)
      : engine_(engine), pairs_(pairs), image_(image), progress_(progress) {}

  Result<EngineScores> go();

 private:
  Result<void> make_templates();
  Result<std::optional<std::uint32_t>> one_template(std::uint32_t image, shogo_template_role role);
  Result<void> compare_again(const std::vector<std::size_t>& which,
                             const std::vector<CompareAnswer>& answers);
  void tell(double share) const {
    if (progress_) progress_(share);
  }

  EngineProcess& engine_;
  const layouts::ImagePairs& pairs_;
  const ImageSource& image_;
  const std::function<void(double)>& progress_;
  std::array<Ids, 2> ids_;  ///< by role
  EngineScores result_;
};

Result<std::optional<std::uint32_t>> Run::one_template(std::uint32_t image, shogo_template_role role) {
  SHOGO_TRY(const Image pixels, image_(image));
  SHOGO_TRY(const TemplateAnswer answer, engine_.make_template(pixels, role, pairs_.images[image]));
  if (answer.status != SHOGO_MATCHER_OK) return std::optional<std::uint32_t>();
  return std::optional(answer.id);
}

Result<void> Run::make_templates() {
  const std::size_t count = pairs_.images.size();
  std::array<std::vector<bool>, 2> wanted{std::vector<bool>(count), std::vector<bool>(count)};
  for (const layouts::ImagePairs::Pair& pair : pairs_.pairs) {
    wanted[SHOGO_ROLE_REFERENCE][pair.reference] = true;
    wanted[SHOGO_ROLE_PROBE][pair.probe] = true;
  }
  for (Ids& ids : ids_) ids.resize(count);
  for (std::uint32_t image = 0; image < count; ++image) {
    for (const auto role : {SHOGO_ROLE_PROBE, SHOGO_ROLE_REFERENCE}) {
      if (!wanted[role][image]) continue;
      SHOGO_TRY(ids_[role][image], one_template(image, role));
      ++result_.templates;
      result_.templates_failed += ids_[role][image] ? 0 : 1;
    }
    tell(0.8 * image / static_cast<double>(count));
  }
  if (result_.templates_failed == result_.templates)
    return Error{
        Code::kUnsupported,
        fmt::format(
            "the engine finds no usable face in any of the {} images: are they pictures of faces, the "
            "right way up?",
            count)};
  return {};
}

/// The first images of either role once more, and what is compared between them.
Result<void> Run::compare_again(const std::vector<std::size_t>& which,
                                const std::vector<CompareAnswer>& answers) {
  std::array<Ids, 2> again{Ids(pairs_.images.size()), Ids(pairs_.images.size())};
  std::vector<std::pair<std::uint32_t, std::uint32_t>> ids;
  std::vector<std::size_t> compared;
  std::array<std::size_t, 2> made{};
  const auto remake = [&](std::uint32_t image, shogo_template_role role) -> Result<bool> {
    if (again[role][image]) return true;
    if (made[role] == kRepeatedImages) return false;
    ++made[role];
    SHOGO_TRY(again[role][image], one_template(image, role));
    if (!again[role][image])
      return Error{Code::kConflict,
                   fmt::format("the engine changes its answers: it made a template of {} and the second "
                               "time did not",
                               pairs_.images[image])};
    return true;
  };
  for (std::size_t at = 0; at < which.size() && made[0] + made[1] < 2 * kRepeatedImages; ++at) {
    const layouts::ImagePairs::Pair& pair = pairs_.pairs[which[at]];
    SHOGO_TRY(const bool probe, remake(pair.probe, SHOGO_ROLE_PROBE));
    SHOGO_TRY(const bool reference, remake(pair.reference, SHOGO_ROLE_REFERENCE));
    if (!probe || !reference) continue;
    ids.emplace_back(*again[SHOGO_ROLE_PROBE][pair.probe], *again[SHOGO_ROLE_REFERENCE][pair.reference]);
    compared.push_back(at);
  }
  // And plainly the first pairs once more, with the templates of before.
  constexpr std::size_t kPlain = 100;
  for (std::size_t at = 0; at < std::min(kPlain, which.size()); ++at) {
    const layouts::ImagePairs::Pair& pair = pairs_.pairs[which[at]];
    ids.emplace_back(*ids_[SHOGO_ROLE_PROBE][pair.probe], *ids_[SHOGO_ROLE_REFERENCE][pair.reference]);
    compared.push_back(at);
  }
  SHOGO_TRY(const auto second, engine_.compare(ids));
  for (std::size_t i = 0; i < second.size(); ++i) {
    const CompareAnswer& first = answers[compared[i]];
    if (first.status == second[i].status && first.score == second[i].score) continue;
    const layouts::ImagePairs::Pair& pair = pairs_.pairs[which[compared[i]]];
    return Error{
        Code::kConflict,
        fmt::format(
            "the engine changes its answers: {} against {} scored {:.17g} (status {}) and then {:.17g} "
            "(status {}). Nothing can be said of such an engine",
            pairs_.images[pair.probe], pairs_.images[pair.reference], first.score,
            static_cast<int>(first.status), second[i].score, static_cast<int>(second[i].status))};
  }
  result_.repeated = second.size();
  return {};
}

Result<EngineScores> Run::go() {
  SHOGO_CHECK_OK(make_templates());
  std::vector<std::size_t> which;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> ids;
  std::uint64_t genuine_failures = 0, impostor_failures = 0;
  const auto is_genuine = [&](std::size_t at) {
    return pairs_.subject[pairs_.pairs[at].reference] == pairs_.subject[pairs_.pairs[at].probe];
  };
  for (std::size_t at = 0; at < pairs_.pairs.size(); ++at) {
    const auto& probe = ids_[SHOGO_ROLE_PROBE][pairs_.pairs[at].probe];
    const auto& reference = ids_[SHOGO_ROLE_REFERENCE][pairs_.pairs[at].reference];
    if (probe && reference) {
      which.push_back(at);
      ids.emplace_back(*probe, *reference);
    } else {
      ++(is_genuine(at) ? genuine_failures : impostor_failures);
    }
  }
  SHOGO_TRY(const auto answers, engine_.compare(ids));
  tell(0.95);
  SHOGO_CHECK_OK(compare_again(which, answers));
  scores::ScoreColumns columns;
  columns.subjects = static_cast<std::uint32_t>(pairs_.subjects.size());
  const double direction = engine_.info().higher_is_similar ? 1 : -1;
  bool all_equal = true;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const layouts::ImagePairs::Pair& pair = pairs_.pairs[which[i]];
    if (answers[i].status != SHOGO_MATCHER_OK) {
      ++(is_genuine(which[i]) ? genuine_failures : impostor_failures);
      ++result_.comparisons_failed;
      continue;
    }
    all_equal = all_equal && answers[i].score == answers[0].score;
    const auto score = static_cast<float>(direction * answers[i].score);
    if (is_genuine(which[i])) {
      columns.genuine.push_back(score);
      columns.genuine_subject.push_back(pairs_.subject[pair.probe]);
    } else {
      columns.impostor.push_back(score);
      columns.impostor_claimed.push_back(pairs_.subject[pair.reference]);
      columns.impostor_probe.push_back(pairs_.subject[pair.probe]);
    }
  }
  if (all_equal && answers.size() > 1)
    return Error{Code::kCorrupt,
                 fmt::format("the engine gave each of {} pairs the same score", answers.size())};
  SHOGO_TRY(result_.scores, scores::ScoreSet::of(std::move(columns)));
  result_.scores.genuine_failures = genuine_failures;
  result_.scores.impostor_failures = impostor_failures;
  result_.scores.names = pairs_.subjects;
  result_.scores.format = "engine";
  return std::move(result_);
}

}  // namespace

ImageSource images_below(const std::filesystem::path& folder, const layouts::ImagePairs& pairs) {
  return [folder, &pairs](std::uint32_t number) -> Result<Image> {
    SHOGO_TRY(const std::filesystem::path path, layouts::find_image(folder, pairs.images.at(number)));
    return layouts::read_picture(path);
  };
}

Result<EngineScores> compare_images(EngineProcess& engine, const layouts::ImagePairs& pairs,
                                    const ImageSource& image, const std::function<void(double)>& progress) {
  return Run(engine, pairs, image, progress).go();
}

}  // namespace shogo::engine
