#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>

#include <shogo/base/file.h>
#include <shogo/base/rng.h>
#include <shogo/engine/measure_engine.h>

namespace shogo::engine {
namespace {

using testing::HasSubstr;

constexpr int kPeople = 12, kEach = 3;

std::unique_ptr<EngineProcess> start(const std::string& name, const std::string& folder) {
  return EngineProcess::start(std::filesystem::path(SHOGO_LIB_DIR) / ("libshogo-engine-" + name + ".so"),
                              folder, {std::chrono::seconds(20), std::uint64_t{1} << 30},
                              std::filesystem::path(SHOGO_BIN_DIR) / "shogo-matcher-host")
      .value();
}

/// Made-up pictures: a pattern of blocks for each person, noise for each picture. Nobody's face.
cv::Mat picture(int person, int number) {
  Rng pattern(static_cast<std::uint64_t>(person), "pattern"),
      noise(static_cast<std::uint64_t>(100 * person + number), "noise");
  std::vector<int> block(64);
  for (int& value : block) value = static_cast<int>(pattern.below(200));
  cv::Mat image(64, 64, CV_8UC3);
  for (int y = 0; y < 64; ++y)
    for (int x = 0; x < 64; ++x) {
      const auto value = static_cast<std::uint8_t>(block[static_cast<std::size_t>(y / 8 * 8 + x / 8)] +
                                                   static_cast<int>(noise.below(50)));
      image.at<cv::Vec3b>(y, x) = {value, value, value};
    }
  return image;
}

class MeasureEngine : public testing::Test {
 protected:
  void SetUp() override {
    for (int person = 0; person < kPeople; ++person)
      for (int number = 0; number < kEach; ++number) {
        const auto path = folder_.path() / ("p" + std::to_string(person)) / (std::to_string(number) + ".png");
        std::filesystem::create_directories(path.parent_path());
        ASSERT_TRUE(cv::imwrite(path.string(), picture(person, number)));
      }
    pairs_ = layouts::all_pairs_of(folder_.path()).value();
  }
  Result<EngineScores> run(const std::string& name, const std::string& data = "") {
    const auto engine = start(name, data);
    return compare_images(*engine, pairs_, images_below(folder_.path(), pairs_));
  }
  std::string trouble(const std::string& behaviour) {
    const auto scores = run("hostile", behaviour);
    return scores.ok() ? "no trouble" : scores.error().describe();
  }
  TemporaryFolder folder_ = TemporaryFolder::create("engine").value();
  layouts::ImagePairs pairs_;
};

TEST_F(MeasureEngine, pictures_become_scores_with_people) {
  const auto done = run("pixels").value();
  EXPECT_EQ(done.templates,
            70U);  // 36 pictures in two roles, but the first is no probe and the last no reference
  EXPECT_EQ(done.templates_failed, 0U);
  EXPECT_GT(done.repeated, 100U);
  EXPECT_EQ(done.scores.genuine().size(), static_cast<std::size_t>(kPeople * 3));
  EXPECT_EQ(done.scores.impostor().size(), static_cast<std::size_t>(36 * 35 / 2 - kPeople * 3));
  EXPECT_EQ(done.scores.subjects(), static_cast<std::uint32_t>(kPeople));
  EXPECT_EQ(done.scores.names[0], "p0");
  EXPECT_GT(*std::min_element(done.scores.genuine().begin(), done.scores.genuine().end()),
            *std::max_element(done.scores.impostor().begin(), done.scores.impostor().end()));
}

TEST_F(MeasureEngine, what_cannot_be_enrolled_fails_all_its_comparisons) {
  ASSERT_TRUE(
      cv::imwrite((folder_.path() / "p0" / "0.png").string(), cv::Mat(64, 64, CV_8UC3, cv::Scalar(9, 9, 9))));
  const auto done = run("pixels").value();
  EXPECT_EQ(done.templates_failed, 1U);  // only a reference: it comes first
  EXPECT_EQ(done.scores.genuine_failures, 2U);
  EXPECT_EQ(done.scores.impostor_failures, 33U);
}

TEST_F(MeasureEngine, a_changing_constant_or_blind_engine_gives_no_scores) {
  EXPECT_THAT(trouble("changing_compare"), HasSubstr("changes its answers"));
  EXPECT_THAT(trouble("constant_compare"), HasSubstr("the same score"));
  EXPECT_THAT(trouble("no_face"), HasSubstr("no usable face in any"));
}

TEST_F(MeasureEngine, a_template_that_is_made_only_once_is_a_change) {
  pairs_.pairs.resize(6);  // 7 templates, and the same again: from the 13th on there is no face any more
  EXPECT_THAT(trouble("fickle_template"), HasSubstr("the second time did not"));
}

TEST_F(MeasureEngine, a_missing_or_broken_picture_is_named) {
  ASSERT_TRUE(write_text(folder_.path() / "p1" / "0.png", "no picture").ok());
  EXPECT_THAT(run("pixels").error().describe(),
              testing::AllOf(HasSubstr("p1/0.png"), HasSubstr("cannot be read as a picture")));
  std::filesystem::remove(folder_.path() / "p1" / "0.png");
  EXPECT_THAT(run("pixels").error().describe(), HasSubstr("no image p1/0.png"));
}

}  // namespace
}  // namespace shogo::engine
