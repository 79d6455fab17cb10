#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <shogo/engine/engine_process.h>

namespace shogo::engine {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using Pairs = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

std::filesystem::path library(const std::string& name) {
  return std::filesystem::path(SHOGO_LIB_DIR) / ("libshogo-engine-" + name + ".so");
}

const std::filesystem::path kHost = std::filesystem::path(SHOGO_BIN_DIR) / "shogo-matcher-host";

Result<std::unique_ptr<EngineProcess>> start(const std::string& name, const std::string& folder,
                                             std::chrono::milliseconds call = std::chrono::seconds(20)) {
  return EngineProcess::start(library(name), folder, {call, std::uint64_t{1} << 30}, kHost);
}

Image grey(std::uint8_t value) {
  return {4, 4, 1, Bytes(16, value)};
}

/// Everything up to the scores; the first error on the way.
Result<std::vector<CompareAnswer>> use(EngineProcess& engine) {
  Pairs pairs;
  for (const int value : {10, 20, 30}) {
    SHOGO_TRY(const TemplateAnswer made,
              engine.make_template(grey(static_cast<std::uint8_t>(value)), SHOGO_ROLE_PROBE, "x.png"));
    pairs.emplace_back(made.id, 0);
  }
  for (int i = 0; i < 8; ++i) pairs.insert(pairs.end(), pairs.begin(), pairs.begin() + 3);
  return engine.compare(pairs);
}

std::string trouble(const std::string& behaviour, std::chrono::milliseconds call = std::chrono::seconds(20)) {
  const auto engine = start("hostile", behaviour, call);
  if (!engine.ok()) return engine.error().describe();
  const auto scores = use(**engine);
  return scores.ok() ? "no trouble" : scores.error().describe();
}

TEST(EngineProcess, an_honest_engine_is_described_and_compares) {
  const auto engine = start("hostile", "honest").value();
  EXPECT_EQ(engine->info().name, "hostile");
  EXPECT_EQ(engine->info().template_size_max, 64U);
  EXPECT_EQ(engine->info().engine_sha256, std::string(64, '0'));
  EXPECT_EQ(engine->info().library_sha256.size(), 64U);
  const auto scores = use(*engine).value();
  ASSERT_EQ(scores.size(), 27U);
  EXPECT_EQ(scores[0].score, 0);
  EXPECT_EQ(scores[1].score, -10);
  EXPECT_EQ(scores[26].score, -20);
}

TEST(EngineProcess, crashes_are_named_with_what_was_being_done) {
  EXPECT_THAT(trouble("crash_template"), HasSubstr("while making the template of x.png"));
  EXPECT_THAT(trouble("crash_compare"), HasSubstr("while comparing pair 0"));
  EXPECT_THAT(trouble("end_template"),
              HasSubstr("ended its process (exit 0) while making the template of x.png"));
}

TEST(EngineProcess, hangs_end_after_the_time_limit) {
  constexpr auto kSoon = std::chrono::milliseconds(250);
  EXPECT_THAT(trouble("hang_open", kSoon), HasSubstr("did not answer in 1 s while opening"));
  EXPECT_THAT(trouble("hang_template", kSoon),
              HasSubstr("did not answer in 0.25 s while making the template"));
  EXPECT_THAT(trouble("hang_compare", kSoon), HasSubstr("did not answer in 0.25 s while comparing pairs"));
}

TEST(EngineProcess, nothing_works_after_an_engine_is_gone) {
  const auto engine = start("hostile", "crash_template").value();
  EXPECT_FALSE(use(*engine).ok());
  EXPECT_THAT(use(*engine).error().describe(), HasSubstr("no longer running"));
}

TEST(EngineProcess, garbage_is_an_error_and_never_a_score) {
  EXPECT_THAT(trouble("nan_compare"), HasSubstr("not a number while comparing pair 0"));
  EXPECT_THAT(trouble("infinite_compare"), HasSubstr("infinite"));
  EXPECT_THAT(trouble("status_template"), HasSubstr("status 99"));
  EXPECT_THAT(trouble("status_compare"), HasSubstr("answered status"));
  EXPECT_THAT(trouble("huge_template"), HasSubstr("a template of 65 bytes"));
  EXPECT_THAT(trouble("empty_template"), HasSubstr("a template of 0 bytes"));
  EXPECT_THAT(trouble("unsupported"), HasSubstr("refuses to work"));
}

TEST(EngineProcess, writing_beyond_the_template_buffer_is_a_crash) {
  EXPECT_THAT(trouble("overrun_template"), HasSubstr("while making the template of x.png"));
}

TEST(EngineProcess, memory_has_a_limit) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers reserve more address space than any limit";
#endif
  EXPECT_THAT(trouble("memory_template"), HasSubstr("crashed (Aborted) while making the template"));
}

TEST(EngineProcess, libraries_that_do_not_fit_are_refused_before_any_call) {
  EXPECT_THAT(start("other-abi", "honest").error().describe(),
              AllOf(HasSubstr("version 7"), HasSubstr("speaks 1")));
  EXPECT_THAT(start("vast-templates", "honest").error().describe(),
              HasSubstr("templates of up to 2147483647 bytes"));
  EXPECT_THAT(start("nothing", "").error().describe(),
              HasSubstr("lacks shogo_matcher_describe, shogo_matcher_open"));
  EXPECT_THAT(start("hostile", "refuse_open").error().describe(), HasSubstr("cannot open its data folder"));
  EXPECT_FALSE(start("none", "").ok());
  EXPECT_THAT(EngineProcess::start(kHost, "", {}, kHost).error().describe(), HasSubstr("cannot be loaded"));
}

}  // namespace
}  // namespace shogo::engine
