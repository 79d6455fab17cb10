#include <fstream>
#include <limits>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <shogo/base/file.h>
#include <shogo/scores/formats.h>

namespace shogo::scores {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Result<ScoreSet> parse(std::string_view text, const ReadOptions& options = {}) {
  return parse_scores(as_bytes(text), "f", options);
}

std::string why(std::string_view text, const ReadOptions& options = {}) {
  const auto set = parse(text, options);
  return set.ok() ? "accepted" : set.error().message();
}

ScoreSet sample() {
  return parse("ann ann p1 0.9\nben ben p2 0.8\nann ben p2 0.1\nben ann p1 0.2\nann cyd p3 -0.3\n").value();
}

TEST(Formats, four_columns_of_bob_tell_who_was_compared) {
  const ScoreSet set = sample();
  EXPECT_EQ(set.format, "bob4");
  EXPECT_THAT(set.genuine(), ElementsAre(0.9F, 0.8F));
  EXPECT_THAT(set.impostor(), ElementsAre(0.1F, 0.2F, -0.3F));
  EXPECT_EQ(set.subjects(), 3U);
  EXPECT_THAT(set.impostor_claimed(), ElementsAre(0, 1, 0));
  EXPECT_THAT(set.impostor_probe(), ElementsAre(1, 0, 2));
  EXPECT_THAT(set.names, ElementsAre("ann", "ben", "cyd"));
}

TEST(Formats, five_columns_of_bob_name_the_model_too) {
  const ScoreSet set = parse("ann m1 ann p1 0.9\nann m2 ann p1 0.7\nann m1 ben p2 0.1\n").value();
  EXPECT_EQ(set.format, "bob5");
  EXPECT_EQ(set.genuine().size(), 2U);
}

TEST(Formats, csv_columns_are_found_by_name) {
  EXPECT_THAT(parse("score,label\n0.9,1\n0.1,0\n")->genuine(), ElementsAre(0.9F));
  EXPECT_THAT(parse("probe,claimed,score\na,a,0.9\na,b,0.1\n")->impostor(), ElementsAre(0.1F));
  EXPECT_EQ(parse("genuine, score, status\n1, 0.9, 0\n1, 0, 2\n0, 0.1, 0\n")->genuine_failures, 1U);
}

TEST(Formats, an_frvt_log_counts_failures_apart) {
  const ScoreSet set =
      parse(
          "enrollTempl verifTempl simScore returnCode\n"
          "S1_a.t S1_b.t 0.9 0\nS1_a.t S2_b.t 0.1 0\nS2_a.t S2_b.t -1 4\nS2_a.t S1_b.t 0 4\n")
          .value();
  EXPECT_EQ(set.format, "frvt");
  EXPECT_THAT(set.genuine(), ElementsAre(0.9F));
  EXPECT_EQ(set.genuine_failures, 1U);
  EXPECT_EQ(set.impostor_failures, 1U);
  EXPECT_THAT(set.notes, ElementsAre(HasSubstr("subject =")));
}

TEST(Formats, two_lists_make_one_set) {
  const TemporaryFolder folder = TemporaryFolder::create("scores").value();
  ASSERT_TRUE(write_text(folder.path() / "g.txt", "0.9\n0.8\n").ok());
  ASSERT_TRUE(write_text(folder.path() / "i.txt", "0.1\n").ok());
  EXPECT_THAT(read_scores(folder.path() / "g.txt", {}, folder.path() / "i.txt")->genuine(),
              ElementsAre(0.9F, 0.8F));
  EXPECT_THAT(read_scores(folder.path() / "g.txt").error().message(), HasSubstr("two files"));
  EXPECT_THAT(read_scores(folder.path() / "none").error().message(), HasSubstr("cannot be read"));
}

TEST(Formats, distances_are_turned_round_only_when_asked) {
  constexpr std::string_view kDistances = "a a p 0.1\na b q 0.9\n";
  EXPECT_THAT(why(kDistances), HasSubstr("--distance"));
  ReadOptions options;
  options.lower_is_similar = true;
  EXPECT_THAT(parse(kDistances, options)->genuine(), ElementsAre(-0.1F));
  EXPECT_THAT(why("a a p 0.9\na b q 0.1\n", options), HasSubstr("Leave --distance away"));
}

TEST(Formats, every_written_format_reads_back_the_same) {
  const TemporaryFolder folder = TemporaryFolder::create("scores").value();
  const ScoreSet set = sample();
  for (const Format format : {Format::kScores, Format::kNpz, Format::kBob4, Format::kCsv}) {
    const auto file = folder.path() / to_string(format);
    ASSERT_TRUE(export_scores(file, set, format).ok());
    const auto back = read_scores(file);
    ASSERT_TRUE(back.ok()) << back.error().message();
    EXPECT_EQ(back->format, to_string(format));
    EXPECT_TRUE(std::equal(set.genuine().begin(), set.genuine().end(), back->genuine().begin(),
                           back->genuine().end()));
    EXPECT_TRUE(std::equal(set.impostor().begin(), set.impostor().end(), back->impostor().begin(),
                           back->impostor().end()));
    if (format == Format::kCsv) continue;
    EXPECT_EQ(back->subjects(), 3U);
    EXPECT_TRUE(
        std::equal(set.impostor_probe().begin(), set.impostor_probe().end(), back->impostor_probe().begin()));
  }
  EXPECT_EQ(read_scores(folder.path() / "scores")->names, set.names);
}

TEST(Formats, a_truncated_binary_file_is_refused_at_every_length) {
  const TemporaryFolder folder = TemporaryFolder::create("scores").value();
  for (const Format format : {Format::kScores, Format::kNpz}) {
    const auto file = folder.path() / to_string(format);
    ASSERT_TRUE(export_scores(file, sample(), format).ok());
    const Bytes whole = read_file(file).value();
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const Bytes part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      ASSERT_FALSE(parse_scores(part, "f").ok()) << to_string(format) << " " << size;
    }
  }
}

TEST(Formats, every_changed_byte_of_an_archive_is_noticed_or_harmless) {
  const TemporaryFolder folder = TemporaryFolder::create("scores").value();
  const ScoreSet set = sample();
  ASSERT_TRUE(export_scores(folder.path() / "x", set, Format::kNpz).ok());
  const Bytes whole = read_file(folder.path() / "x").value();
  for (std::size_t at = 0; at < whole.size(); ++at) {
    Bytes changed = whole;
    changed[at] ^= 0x55;
    const auto read = parse_scores(changed, "f", {Format::kNpz});
    if (!read.ok()) continue;
    EXPECT_TRUE(std::equal(set.genuine().begin(), set.genuine().end(), read->genuine().begin(),
                           read->genuine().end()));
  }
}

TEST(Formats, what_is_no_score_is_refused_with_file_and_line) {
  EXPECT_THAT(why("a a p 0.9\na b q nan\n"), AllOf(HasSubstr("f:2"), HasSubstr("not a number")));
  EXPECT_THAT(why("a a p 0.9\na b q inf\n"), AllOf(HasSubstr("f:2"), HasSubstr("infinite")));
  EXPECT_THAT(why("a a p 0.9\na b q 1e99\n"), HasSubstr("f:2"));
  EXPECT_THAT(why("a a p 0.9\na b q zero\n"), AllOf(HasSubstr("f:2"), HasSubstr("zero")));
  EXPECT_THAT(why("a a p 0.9\na b q\n"), HasSubstr("expected 4 columns, found 3"));
}

TEST(Formats, one_sided_and_empty_files_are_refused) {
  EXPECT_THAT(why(""), HasSubstr("empty"));
  EXPECT_THAT(why("a a p 0.9\n"), HasSubstr("no impostor"));
  EXPECT_THAT(why("a b p 0.9\n"), HasSubstr("no genuine"));
  EXPECT_THAT(why("score,label\n"), HasSubstr("no genuine"));
  EXPECT_THAT(why("hello world\n"), HasSubstr("no score file"));
}

TEST(Formats, a_comparison_that_comes_twice_is_refused) {
  EXPECT_THAT(why("a a p 0.9\na b q 0.1\na b q 0.1\n"), AllOf(HasSubstr("f:3"), HasSubstr("line 2 already")));
}

TEST(Formats, a_last_line_cut_in_the_middle_is_called_truncated) {
  EXPECT_THAT(why("a a p 0.9\na b q 0.1\na c"), HasSubstr("truncated"));
}

TEST(Formats, csv_that_contradicts_itself_is_refused) {
  EXPECT_THAT(why("claimed,probe,genuine,score\na,b,1,0.5\n"), HasSubstr("contradict"));
  EXPECT_THAT(why("claimed,score\na,0.5\n"), HasSubstr("belong together"));
  EXPECT_THAT(why("x,score\na,0.5\n"), HasSubstr("neither who"));
  EXPECT_THAT(why("label,score\nmaybe,0.5\n"), HasSubstr("maybe"));
  EXPECT_THAT(why("label,score\n1,0.5,7\n"), HasSubstr("expected 2 fields"));
  EXPECT_THAT(why("label,score\n\"1\",0.5\n"), HasSubstr("quoted"));
}

TEST(Formats, an_impostor_comparison_of_somebody_with_himself_is_refused) {
  ScoreColumns columns;
  columns.genuine = {1};
  columns.impostor = {0};
  columns.genuine_subject = {0};
  columns.impostor_claimed = columns.impostor_probe = {1};
  columns.subjects = 2;
  EXPECT_THAT(ScoreSet::of(columns).error().message(), HasSubstr("with itself"));
  columns.impostor_probe = {7};
  EXPECT_THAT(ScoreSet::of(columns).error().message(), HasSubstr("not below"));
}

}  // namespace
}  // namespace shogo::scores
