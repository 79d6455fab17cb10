// 1-8.m: a failed read, a growing process and a short run, each on both sides of its limit.
#include "checks.h"
#include "hostile_transcripts.h"
#include "transcript_builder.h"
#include <functional>

#include <gtest/gtest.h>

namespace shogo::conformance {
namespace {

struct Block {
  std::int64_t n = 2'500;
  std::int64_t failed = 0;
  std::int64_t size = 20'000;
  std::string hash = "aa11";
  std::int64_t memory_kb = 4'000;
  std::int64_t handles = 9;
};

TranscriptBuilder played(const std::vector<Block>& blocks, bool vitals = true) {
  TranscriptBuilder t;
  t.step("lifetime_reads").tries(3);
  std::int64_t reads = 0;
  for (const Block& block : blocks) {
    reads += block.n;
    t.add(source::kHarness, "reads",
          {{"n", block.n},
           {"failed", block.failed},
           {"size", block.size},
           {"expected_size", 20'000},
           {"sha256", block.hash},
           {"expected_sha256", "aa11"},
           {"trouble", block.failed > 0 ? "answer 6700" : ""}});
    if (!vitals) continue;
    t.add(source::kHarness, "vitals",
          {{"n", reads},
           {"process", "shogo-nfc"},
           {"t_memory_kb", block.memory_kb},
           {"t_handles", block.handles}});
  }
  return t.end();
}

std::vector<Block> life(const std::function<void(int, Block&)>& change = [](int, Block&) {}) {
  std::vector<Block> blocks(40);
  for (int i = 0; i < 40; ++i) change(i, blocks[static_cast<std::size_t>(i)]);
  return blocks;
}

Judgement judged(const std::vector<Block>& blocks, bool vitals = true) {
  return judge_lifetime_reads(played(blocks, vitals).build(), context_of("1-8.m"));
}

TEST(LifetimeReads, a_hundred_thousand_good_reads_pass_and_one_less_is_no_lifetime) {
  EXPECT_EQ(judged(life()).verdict, Verdict::kPass);
  EXPECT_EQ(judged(life([](int i, Block& b) {
              if (i == 39) b.n = 2'499;
            })).reason,
            Reason::kSampleTooSmall);
}

TEST(LifetimeReads, one_failed_read_fails) {
  const Judgement judgement = judged(life([](int i, Block& b) {
    if (i == 20) b.failed = 1;
  }));
  EXPECT_EQ(judgement.verdict, Verdict::kFail);
  EXPECT_NE(judgement.because_en.find("6700"), std::string::npos) << judgement.because_en;
}

TEST(LifetimeReads, a_short_run_fails_as_well_when_a_read_fails) {
  std::vector<Block> blocks(1);
  blocks[0].n = 10;
  blocks[0].failed = 1;
  EXPECT_EQ(judged(blocks).verdict, Verdict::kFail);
}

TEST(LifetimeReads, other_bytes_or_fewer_are_no_read) {
  EXPECT_EQ(judged(life([](int i, Block& b) {
              if (i == 7) b.hash = "bb22";
            })).verdict,
            Verdict::kFail);
  EXPECT_EQ(judged(life([](int i, Block& b) {
              if (i == 7) b.size = 19'999;
            })).verdict,
            Verdict::kFail);
}

TEST(LifetimeReads, memory_may_grow_by_the_grain_and_no_more) {
  // 30 blocks are looked at: 29 steps from the first to the last of them.
  const auto growing = [](std::int64_t kb_a_block) {
    return life([&](int i, Block& b) { b.memory_kb += kb_a_block * i; });
  };
  EXPECT_EQ(judged(growing(8)).verdict, Verdict::kPass);   // 232 KB
  EXPECT_EQ(judged(growing(9)).verdict, Verdict::kFail);   // 261 KB
  EXPECT_EQ(judged(growing(-9)).verdict, Verdict::kPass);  // giving back is no leak
}

TEST(LifetimeReads, a_cache_that_fills_in_the_first_quarter_is_no_leak) {
  EXPECT_EQ(judged(life([](int i, Block& b) { b.memory_kb += 400 * std::min(i, 9); })).verdict,
            Verdict::kPass);
}

TEST(LifetimeReads, one_handle_that_stays_open_now_and_then_fails) {
  EXPECT_EQ(judged(life([](int i, Block& b) { b.handles += i / 10; })).verdict, Verdict::kFail);
  EXPECT_EQ(judged(life([](int i, Block& b) { b.handles += i % 2; })).verdict, Verdict::kPass);
}

TEST(LifetimeReads, a_device_whose_processes_cannot_be_seen_is_not_called_free_of_leaks) {
  EXPECT_EQ(judged(life(), false).reason, Reason::kNoChannel);
  EXPECT_EQ(judged(life([](int, Block& b) { b.handles = -1; })).reason, Reason::kPartial);
}

TEST(LifetimeReads, silence_and_hostile_transcripts_never_pass) {
  EXPECT_EQ(judged({}).reason, Reason::kControlFailed);
  const CheckContext context = context_of("1-8.m");
  expect_no_pass_when_cut_off(judge_lifetime_reads, played(life()).build(), context, 7);
  expect_no_pass_when_repeated_or_reordered(judge_lifetime_reads, played(life([](int i, Block& b) {
                                                                    if (i == 20) b.failed = 1;
                                                                  })).build(),
                                            context, 9, 20);
}

}  // namespace
}  // namespace shogo::conformance
