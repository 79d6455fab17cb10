#include <algorithm>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <shogo/base/file.h>
#include <shogo/conformance/bundle.h>
#include <shogo/conformance/manifest.h>

namespace shogo::conformance {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

json::object report_naming(const std::vector<std::string>& evidence) {
  return {{"schema", "urn:shogo:report:1"},
          {"items", json::array{json::object{
                        {"id", "1-8"},
                        {"clauses", json::array{json::object{
                                        {"id", "1-8.b"},
                                        {"evidence", json::array(evidence.begin(), evidence.end())}}}}}}}};
}

class BundleTest : public ::testing::Test {
 protected:
  TemporaryFolder folder = TemporaryFolder::create("shogo-bundle").value();
  fs::path out = folder.path() / "out";

  void write_bundle(std::string_view content = "one") const {
    Bundle bundle = Bundle::create(out).value();
    ASSERT_TRUE(write_text(bundle.evidence_folder("1-8.b").value() / "events.jsonl", content).ok());
    ASSERT_TRUE(write_text(bundle.evidence_folder("1-8.b").value() / "times.jsonl", "t").ok());
    const auto written =
        bundle.finish(report_naming(bundle.evidence_of("1-8.b").value()), {{"report.en.html", "<html/>"}});
    ASSERT_TRUE(written.ok()) << written.error().describe();
  }
  [[nodiscard]] std::string refusal() const {
    const auto verified = verify_bundle(out);
    return verified.ok() ? "accepted" : verified.error().describe();
  }
  [[nodiscard]] std::vector<std::string> beside() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder.path()))
      names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }
};

TEST_F(BundleTest, a_written_bundle_verifies_and_leaves_nothing_beside_it) {
  write_bundle();
  EXPECT_EQ(refusal(), "accepted");
  EXPECT_THAT(beside(), ElementsAre("out"));
  const Manifest manifest = parse_manifest(load_json(out / "manifest.json").value(), "m").value();
  std::vector<std::string> paths;
  for (const ManifestFile& file : manifest.files) paths.push_back(file.path);
  EXPECT_THAT(paths, ElementsAre("evidence/1-8.b/events.jsonl", "evidence/1-8.b/times.jsonl", "report.json"));
  EXPECT_EQ(manifest.files[0].sha256, sha256_hex(as_bytes("one")));
}

TEST_F(BundleTest, given_a_report_when_written_again_then_the_new_one_replaces_it_whole) {
  write_bundle("one");
  ASSERT_TRUE(write_text(out / "evidence/1-8.b/old.txt", "left over").ok());
  write_bundle("two");
  EXPECT_EQ(refusal(), "accepted");
  EXPECT_EQ(read_text(out / "evidence/1-8.b/events.jsonl").value(), "two");
  EXPECT_FALSE(fs::exists(out / "evidence/1-8.b/old.txt"));
  EXPECT_THAT(beside(), ElementsAre("out"));
}

TEST_F(BundleTest, given_any_one_byte_of_any_file_changed_then_verify_names_that_file) {
  write_bundle();
  for (const char* path : {"evidence/1-8.b/events.jsonl", "evidence/1-8.b/times.jsonl", "report.json"}) {
    const Bytes original = read_file(out / path).value();
    for (std::size_t at = 0; at < original.size(); ++at) {
      Bytes changed = original;
      changed[at] ^= 1;
      ASSERT_TRUE(write_file(out / path, changed).ok());
      ASSERT_THAT(refusal(), HasSubstr(path));
    }
    ASSERT_TRUE(write_file(out / path, original).ok());
  }
  EXPECT_EQ(refusal(), "accepted");
}

TEST_F(BundleTest, given_a_file_missing_or_extra_then_verify_names_the_first_one) {
  write_bundle();
  ASSERT_TRUE(write_text(out / "evidence/1-8.b/zzz", "x").ok());
  EXPECT_THAT(refusal(), HasSubstr("evidence/1-8.b/zzz is extra"));
  fs::remove(out / "evidence/1-8.b/times.jsonl");
  EXPECT_THAT(refusal(), HasSubstr("evidence/1-8.b/times.jsonl is missing"));
  fs::remove(out / "manifest.json");
  EXPECT_THAT(refusal(), HasSubstr("manifest.json"));
}

TEST_F(BundleTest,
       given_evidence_removed_together_with_its_line_in_the_manifest_then_the_report_still_misses_it) {
  write_bundle();
  fs::remove(out / "evidence/1-8.b/times.jsonl");
  Manifest manifest = parse_manifest(load_json(out / "manifest.json").value(), "m").value();
  manifest.files.erase(manifest.files.begin() + 1);
  ASSERT_TRUE(write_text(out / "manifest.json", pretty_json(to_json(manifest))).ok());
  EXPECT_THAT(refusal(), HasSubstr("evidence/1-8.b/times.jsonl is missing: report.json names it"));
}

TEST_F(BundleTest, given_a_link_in_the_bundle_then_it_is_refused) {
  write_bundle();
  fs::create_symlink("/etc/hostname", out / "evidence/1-8.b/link");
  EXPECT_THAT(refusal(), HasSubstr("not a plain file"));
}

TEST_F(BundleTest, derived_pages_may_be_made_again) {
  write_bundle();
  ASSERT_TRUE(write_text(out / "report.en.html", "<html>newer</html>").ok());
  ASSERT_TRUE(write_text(out / "junit.xml", "<x/>").ok());
  EXPECT_EQ(refusal(), "accepted");
}

TEST_F(BundleTest, given_a_folder_of_other_things_then_nothing_is_overwritten) {
  fs::create_directory(out);
  ASSERT_TRUE(write_text(out / "thesis.txt", "years of work").ok());
  const auto refused = Bundle::create(out);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code(), Code::kConflict);
  EXPECT_THAT(refused.error().message(), HasSubstr("not a shogo report"));
  EXPECT_EQ(read_text(out / "thesis.txt").value(), "years of work");
  ASSERT_TRUE(write_text(out / "report.json", "{\"schema\":\"something else\"}").ok());
  EXPECT_FALSE(Bundle::create(out).ok());
  ASSERT_TRUE(write_text(folder.path() / "file", "x").ok());
  EXPECT_FALSE(Bundle::create(folder.path() / "file").ok());
}

TEST_F(BundleTest, given_things_put_there_during_the_run_then_finish_does_not_overwrite_them) {
  Bundle bundle = Bundle::create(out).value();
  fs::create_directory(out);
  ASSERT_TRUE(write_text(out / "thesis.txt", "years of work").ok());
  EXPECT_FALSE(bundle.finish(report_naming({}), {}).ok());
  EXPECT_EQ(read_text(out / "thesis.txt").value(), "years of work");
}

TEST_F(BundleTest, an_empty_folder_or_a_trailing_slash_will_do) {
  fs::create_directory(out);
  ASSERT_TRUE(Bundle::create(out.string() + "/").value().finish(report_naming({}), {}).ok());
  EXPECT_EQ(refusal(), "accepted");
}

TEST_F(BundleTest, given_a_run_that_is_killed_then_the_old_report_stands_and_the_next_run_clears_up) {
  write_bundle("one");
  const pid_t child = ::fork();
  if (child == 0) {
    const auto bundle = Bundle::create(out);
    if (bundle.ok()) (void)write_text(bundle->evidence_folder("1-8.b").value() / "events.jsonl", "half");
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(beside().size(), 2U) << "the killed run's hidden folder";
  EXPECT_EQ(refusal(), "accepted");
  EXPECT_EQ(read_text(out / "evidence/1-8.b/events.jsonl").value(), "one");
  write_bundle("two");
  EXPECT_THAT(beside(), ElementsAre("out"));
}

TEST_F(BundleTest, given_a_run_that_gives_up_then_nothing_stays) {
  { const Bundle bundle = Bundle::create(out).value(); }
  EXPECT_TRUE(beside().empty());
}

TEST_F(BundleTest, given_a_place_that_cannot_be_written_then_it_is_said_at_the_beginning) {
  const auto refused = Bundle::create("/proc/shogo-report");
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message(), HasSubstr("/proc/shogo-report"));
  EXPECT_FALSE(Bundle::create("/").ok());
}

TEST_F(BundleTest, given_a_report_that_names_evidence_nobody_wrote_then_finish_refuses) {
  Bundle bundle = Bundle::create(out).value();
  EXPECT_FALSE(bundle.finish(report_naming({"evidence/1-8.b/ghost.png"}), {}).ok());
  EXPECT_FALSE(fs::exists(out));
}

TEST(Manifest, refuses_paths_that_leave_the_bundle_and_lists_out_of_order) {
  for (const char* path : {"", "/etc/passwd", "../x", "a/../b", "a//b", "./a", "a/", "a\\b"})
    EXPECT_FALSE(is_bundle_path(path)) << path;
  for (const char* path : {"a", "evidence/1-8.b/x.png", "..a/b"}) EXPECT_TRUE(is_bundle_path(path)) << path;
  const auto parse = [](const char* text) { return parse_manifest(parse_json(text, "m").value(), "m").ok(); };
  EXPECT_TRUE(
      parse(R"({"schema":"urn:shogo:manifest:1","items":[],"files":[{"path":"a","size":1,"sha256":"x"}]})"));
  EXPECT_FALSE(parse(
      R"({"schema":"urn:shogo:manifest:1","items":[],"files":[{"path":"../a","size":1,"sha256":"x"}]})"));
  EXPECT_FALSE(parse(
      R"({"schema":"urn:shogo:manifest:1","items":[],"files":[{"path":"b","size":1,"sha256":"x"},{"path":"a","size":1,"sha256":"x"}]})"));
  EXPECT_FALSE(parse(R"({"schema":"urn:shogo:manifest:2","items":[],"files":[]})"));
  EXPECT_FALSE(parse(R"({"schema":"urn:shogo:manifest:1","items":[],"files":[],"note":1})"));
}

}  // namespace
}  // namespace shogo::conformance
