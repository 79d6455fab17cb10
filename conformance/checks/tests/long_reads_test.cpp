// 1-8.b: three ways of reading a file of at least 16 KiB, each byte by byte the card's.
#include "checks.h"
#include "hostile_transcripts.h"
#include "transcript_builder.h"

#include <gtest/gtest.h>

namespace shogo::conformance {
namespace {

struct Read {
  const char* name;
  std::int64_t expected;
  std::int64_t got;
  const char* expected_hash = "aa11";
  const char* hash = "aa11";
};

TranscriptBuilder reads(const std::vector<Read>& list) {
  TranscriptBuilder t;
  t.step("long_reads").tries(3);
  for (const Read& read : list) {
    t.add(source::kHarness, "file_read",
          {{"name", read.name},
           {"expected_size", read.expected},
           {"size", read.got},
           {"expected_sha256", read.expected_hash},
           {"sha256", read.hash}});
  }
  return t.end();
}

std::vector<Read> whole(std::int64_t size) {
  return {{"short", size, size}, {"odd", size, size}, {"extended", size, size}};
}

Judgement judged(const TranscriptBuilder& t) {
  return judge_long_reads(t.build(), context_of("1-8.b"));
}

TEST(LongReads, three_whole_reads_of_16384_bytes_pass_and_of_16383_prove_nothing) {
  EXPECT_EQ(judged(reads(whole(16'384))).verdict, Verdict::kPass);
  EXPECT_EQ(judged(reads(whole(16'383))).verdict, Verdict::kInconclusive);
}

TEST(LongReads, one_smaller_file_among_the_three_proves_nothing) {
  auto list = whole(20'000);
  list[1].expected = list[1].got = 16'383;
  EXPECT_EQ(judged(reads(list)).verdict, Verdict::kInconclusive);
}

TEST(LongReads, one_byte_missing_in_any_way_of_reading_fails) {
  for (std::size_t way = 0; way < 3; ++way) {
    auto list = whole(16'384);
    list[way].got = 16'383;
    const Judgement judgement = judged(reads(list));
    EXPECT_EQ(judgement.verdict, Verdict::kFail);
    EXPECT_NE(judgement.because_en.find(list[way].name), std::string::npos) << judgement.because_en;
  }
}

TEST(LongReads, an_answer_cut_at_256_bytes_and_an_empty_one_fail) {
  for (const std::int64_t got : {256, 0}) {
    auto list = whole(16'384);
    list[2].got = got;
    EXPECT_EQ(judged(reads(list)).verdict, Verdict::kFail) << got;
  }
}

TEST(LongReads, the_right_number_of_other_bytes_fails) {
  auto list = whole(16'384);
  list[0].hash = "aa12";
  EXPECT_EQ(judged(reads(list)).verdict, Verdict::kFail);
}

TEST(LongReads, two_missing_hashes_are_not_equal_hashes) {
  auto list = whole(16'384);
  list[0].expected_hash = list[0].hash = "";
  EXPECT_NE(judged(reads(list)).verdict, Verdict::kPass);
}

TEST(LongReads, the_same_way_told_three_times_is_one_way) {
  EXPECT_EQ(judged(reads({{"short", 16'384, 16'384}, {"short", 16'384, 16'384}, {"short", 16'384, 16'384}}))
                .verdict,
            Verdict::kInconclusive);
  EXPECT_EQ(judged(TranscriptBuilder()).verdict, Verdict::kInconclusive);
}

TEST(LongReads, cut_repeated_or_reordered_transcripts_never_become_a_pass) {
  const CheckContext context = context_of("1-8.b");
  expect_no_pass_when_cut_off(judge_long_reads, reads(whole(16'384)).build(), context);
  auto shortened = whole(16'384);
  shortened[2].got = 256;
  auto two = whole(16'384);
  two.pop_back();
  for (const auto& list : {shortened, two, whole(16'383)}) {
    expect_no_pass_when_cut_off(judge_long_reads, reads(list).build(), context);
    expect_no_pass_when_repeated_or_reordered(judge_long_reads, reads(list).build(), context);
  }
}

TEST(LongReads, garbage_does_not_crash_the_judge) {
  expect_to_survive_garbage(judge_long_reads, reads(whole(16'384)).build(), context_of("1-8.b"));
}

}  // namespace
}  // namespace shogo::conformance
