// 1-8.m: as many reads as the guarantee of 1-8.g names. The bench is the PC/SC client, in a process of its
// own; one read is a reset of the card and its whole face file through the device's contactless front end.
// Between blocks of reads the device's processes are looked at from outside: no read may fail, and neither
// memory nor open handles may grow with the number of reads.
//
// Growth: Theil-Sen slope over the reads with Sen's 95 % interval, the first quarter left out (caches fill).
// What is held against the device is the lower end of the interval times the reads looked at, once it is
// more than the allocator's grain.
#include "card_trace.h"
#include "checks.h"
#include "journey.h"
#include "presence_probe.h"
#include "soak_statistics.h"
#include "whole_script.h"
#include <algorithm>
#include <map>

#include <fmt/core.h>

#include <shogo/base/bytes.h>

namespace shogo::conformance {
namespace {

constexpr sim::Patient kWho = sim::Patient::kValid;
constexpr int kQuickReads = 240;
constexpr int kFullReads = 100'000;
constexpr int kBlocks = 40;
constexpr std::size_t kChunk = 4096;
/// Of one block, so generous that only a client which hangs gets there.
constexpr milliseconds kBlockLimit{300'000};
constexpr milliseconds kConnectLimit{5'000};

std::string read_command(std::size_t offset, std::size_t length) {
  Bytes command{0x00, 0xB0, static_cast<std::uint8_t>(offset >> 8), static_cast<std::uint8_t>(offset), 0x00};
  append_be16(command, static_cast<std::uint16_t>(length));
  return to_hex(command);
}

/// The commands of one read, taught to the client.
Result<void> teach(PresenceProbe& client, const sim::PatientFacts& facts) {
  Bytes verify = "002000800E"_hex;
  append(verify, as_bytes(facts.number_b));
  std::vector<std::string> script{"00A4040C0AD3921000310001010402", "00A4020C020012", to_hex(verify),
                                  "00A4020C020002"};
  for (std::size_t at = 0; at < facts.face_file.size(); at += kChunk)
    script.push_back(read_command(at, std::min(kChunk, facts.face_file.size() - at)));
  for (const std::string& command : script) {
    SHOGO_TRY(const std::string taken, client.ask("script " + command, kConnectLimit));
    if (taken != "ok") return Error{Code::kInternal, "the bench's PC/SC client: " + taken};
  }
  return {};
}

void note_vitals(Stage& stage, int reads) {
  for (const sim::Vitals& vitals : stage.world().device_vitals())
    stage.record(source::kHarness, "vitals",
                 {{"n", reads},
                  {"process", vitals.process},
                  {"t_memory_kb", vitals.memory_kb},
                  {"t_handles", vitals.handles}});
}

struct Series {
  std::vector<double> reads, memory_kb, handles;
};

std::map<std::string, Series> series_of(const Transcript& transcript) {
  std::map<std::string, Series> all;
  for (const Event* event : transcript.select(source::kHarness, "vitals")) {
    Series& series = all[text_of(event->data, "process")];
    series.reads.push_back(static_cast<double>(integer_of(event->data, "n", 0)));
    series.memory_kb.push_back(static_cast<double>(integer_of(event->data, "t_memory_kb", 0)));
    series.handles.push_back(static_cast<double>(integer_of(event->data, "t_handles", -1)));
  }
  return all;
}

/// Growth that is certain, over the reads that were looked at.
double certain_growth(const std::vector<double>& reads, const std::vector<double>& values) {
  const auto skip = static_cast<std::ptrdiff_t>(reads.size() / 4);
  const std::vector<double> x(reads.begin() + skip, reads.end()), y(values.begin() + skip, values.end());
  if (x.size() < 4) return 0;
  return std::max(0.0, theil_sen(x, y).low) * (x.back() - x.front());
}

}  // namespace

Result<void> stimulate_lifetime_reads(Stage& stage) {
  const sim::PatientFacts& facts = stage.world().facts_of(kWho);
  begin_step(stage, "lifetime_reads", kWho);
  SHOGO_TRY(const auto client, Stage::ours(PresenceProbe::start(stage.world().bench())));
  const Mark start = stage.mark();
  SHOGO_CHECK_OK(stage.ours(stage.world().place_card(kWho)));
  // The device looks at the card first; whoever came between would make the evidence a matter of luck.
  (void)stage.wait_state({"method", "error"}, start);
  SHOGO_TRY(const std::string connected,
            client->ask(fmt::format("card {}", kConnectLimit.count()), 2 * kConnectLimit));
  if (connected != "card")
    return Error{Code::kTimeout, "PC/SC saw no card on the device's reader: " + connected};
  SHOGO_TRY(const std::string atr, client->ask("connect", 2 * kConnectLimit));
  if (atr.rfind("error", 0) == 0) return Error{Code::kUnavailable, "PC/SC: " + atr};
  SHOGO_CHECK_OK(teach(*client, facts));

  stage.world().watch_commands(false);
  const int wanted = stage.count(kQuickReads, kFullReads);
  for (int done = 0; done < wanted;) {
    const int now = std::min(std::max(1, wanted / kBlocks), wanted - done);
    SHOGO_TRY(const std::string told, client->ask(fmt::format("read {}", now), kBlockLimit));
    done += now;
    // "FAILED SIZE SHA256 [first trouble]"
    const std::size_t size_at = told.find(' ') + 1, hash_at = told.find(' ', size_at) + 1;
    if (size_at == 0 || hash_at == 0) return Error{Code::kInternal, "the bench's PC/SC client: " + told};
    const std::string rest = told.substr(hash_at);
    stage.record(source::kHarness, "reads",
                 {{"n", now},
                  {"failed", std::stoll(told)},
                  {"size", std::stoll(told.substr(size_at))},
                  {"expected_size", facts.face_file.size()},
                  {"sha256", rest.substr(0, rest.find(' '))},
                  {"expected_sha256", sha256_hex(facts.face_file)},
                  {"trouble", rest.find(' ') == std::string::npos ? "" : rest.substr(rest.find(' ') + 1)}});
    note_vitals(stage, done);
  }
  stage.world().watch_commands(true);
  SHOGO_CHECK_OK(finish(stage));
  return end_script(stage);
}

Judgement judge_lifetime_reads(const Transcript& transcript, const CheckContext& context) {
  const auto needed = static_cast<std::int64_t>(context.number("reads"));
  const double grain_kb = context.number("memory_grain");
  std::int64_t reads = 0, failed = 0;
  std::string trouble;
  for (const Event* event : transcript.select(source::kHarness, "reads")) {
    const std::int64_t n = integer_of(event->data, "n", 0);
    const std::string hash = text_of(event->data, "expected_sha256");
    const bool same = !hash.empty() && text_of(event->data, "sha256") == hash &&
                      integer_of(event->data, "size", -1) == integer_of(event->data, "expected_size", -2);
    reads += n;
    // A block whose first read is not the card's file has no good read at all.
    failed += same ? integer_of(event->data, "failed", n) : n;
    if (trouble.empty()) trouble = same ? text_of(event->data, "trouble") : "the bytes are not the card's";
  }
  double memory_kb = 0, handles = 0;
  std::string grown_en, grown_ja;
  bool handles_seen = true;
  const auto all = series_of(transcript);
  for (const auto& [process, series] : all) {
    handles_seen = handles_seen &&
                   std::none_of(series.handles.begin(), series.handles.end(), [](double h) { return h < 0; });
    const double more_kb = certain_growth(series.reads, series.memory_kb);
    const double more_handles = certain_growth(series.reads, series.handles);
    memory_kb = std::max(memory_kb, more_kb);
    handles = std::max(handles, more_handles);
    if (more_kb > grain_kb && grown_en.empty()) {
      grown_en = fmt::format("{} grows by at least {:.0f} KB in {} reads", process, more_kb, reads);
      grown_ja =
          fmt::format("{}のメモリーが{}回の読み取りで少なくとも{:.0f} KB増える", process, reads, more_kb);
    }
    if (more_handles >= 1 && grown_en.empty()) {
      grown_en =
          fmt::format("{} keeps at least {:.0f} handles open in {} reads", process, more_handles, reads);
      grown_ja = fmt::format("{}は{}回の読み取りで少なくとも{:.0f}個のハンドルを開いたままにする", process,
                             reads, more_handles);
    }
  }
  Judgement judgement;
  if (reads == 0) {
    judgement = inconclusive(Reason::kControlFailed, "no read was made", "読み取りが一度も行われていない");
  } else if (failed > 0) {
    judgement = fail(fmt::format("{} of {} reads failed: {}", failed, reads, trouble),
                     fmt::format("{}回中{}回の読み取りに失敗した：{}", reads, failed, trouble));
  } else if (!grown_en.empty()) {
    judgement = fail(grown_en, grown_ja);
  } else if (all.empty()) {
    judgement = inconclusive(
        Reason::kNoChannel,
        fmt::format("{} reads without a failure; this bench cannot see the memory and "
                    "handles of the device's processes",
                    reads),
        fmt::format("{}回の読み取りに失敗はないが、この試験台から機器のメモリーとハンドルは見えない", reads));
  } else if (reads < needed) {
    judgement = inconclusive(
        Reason::kSampleTooSmall,
        fmt::format("{} of {} reads: none failed, memory and handles did not grow", reads, needed),
        fmt::format("{}回中{}回の読み取りで失敗も資源の増加もないが、判定するには足りない", needed, reads));
  } else if (!handles_seen) {
    judgement = inconclusive(Reason::kPartial,
                             "reads and memory are well, but the open handles of a process could not be "
                             "read; run as root, or as the processes' owner",
                             "読み取りとメモリーに異常はないが、開いているハンドルを読めないプロセスがある");
  } else {
    judgement = pass(fmt::format("{} reads: none failed, no process grew in memory or handles", reads),
                     fmt::format("{}回の読み取りで失敗0回、メモリーもハンドルも増えない", reads));
  }
  judgement.measurements = {
      {"reads", static_cast<double>(reads), "count", fmt::format("= {}", needed), reads},
      {"failures", static_cast<double>(failed), "count", "= 0", reads},
      {"memory_growth", memory_kb, "KB", fmt::format("<= {:g}", grain_kb), reads},
      {"handle_growth", handles, "count", "< 1", reads}};
  return only_if_whole(std::move(judgement), transcript);
}

}  // namespace shogo::conformance
