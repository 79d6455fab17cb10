// 1-8.b: files of 16 KB and more, read in short and extended APDUs, arrive byte by byte as the card sent
// them. The bench is the PC/SC client here, in a process of its own (shogo-probe): a card that never answers
// blocks SCardTransmit without end.
#include "card_trace.h"
#include "checks.h"
#include "journey.h"
#include "probe.h"
#include "whole_script.h"
#include <algorithm>
#include <set>

#include <fmt/core.h>

#include <shogo/base/bytes.h>

namespace shogo::conformance {
namespace {

constexpr sim::Patient kWho = sim::Patient::kValid;
constexpr std::size_t kShortChunk = 256;
constexpr std::size_t kOddChunk = 231;  // no multiple of any block size
constexpr std::size_t kExtendedChunk = 4096;

Bytes read_command(std::size_t offset, std::size_t length) {
  Bytes command{0x00, 0xB0, static_cast<std::uint8_t>(offset >> 8), static_cast<std::uint8_t>(offset)};
  if (length <= 256) {
    command.push_back(static_cast<std::uint8_t>(length));  // 00 means 256
  } else {
    command.push_back(0x00);
    append_be16(command, static_cast<std::uint16_t>(length));
  }
  return command;
}

Result<void> read_whole(Stage& stage, std::string_view name, const sim::PatientFacts& facts,
                        std::size_t chunk) {
  std::vector<Bytes> script{"00A4040C0AD3921000310001010402"_hex, "00A4020C020012"_hex};
  Bytes verify = "002000800E"_hex;
  append(verify, as_bytes(facts.number_b));
  script.push_back(std::move(verify));
  script.push_back("00A4020C020002"_hex);
  const std::size_t opening = script.size();
  for (std::size_t at = 0; at < facts.face_file.size(); at += chunk)
    script.push_back(read_command(at, std::min(chunk, facts.face_file.size() - at)));

  SHOGO_TRY(const std::vector<Bytes> answers, probe(stage.world().bench(), script));
  Bytes got;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const Bytes& answer = answers[i];
    if (answer.size() < 2) break;
    if (i < opening) continue;
    append(got, ByteView(answer).first(answer.size() - 2));
  }
  stage.record(source::kHarness, "file_read",
               {{"name", name},
                {"chunk", chunk},
                {"expected_size", facts.face_file.size()},
                {"size", got.size()},
                {"expected_sha256", sha256_hex(facts.face_file)},
                {"sha256", sha256_hex(got)},
                {"answers", answers.size()},
                {"commands", script.size()}});
  return {};
}

}  // namespace

Result<void> stimulate_long_reads(Stage& stage) {
  const sim::PatientFacts& facts = stage.world().facts_of(kWho);
  begin_step(stage, "long_reads", kWho);
  const Mark start = stage.mark();
  SHOGO_CHECK_OK(stage.ours(stage.world().place_card(kWho)));
  SHOGO_CHECK_OK(stage.wait_event("a card command or the method page", start, [](const Event& event) {
    return event.source == source::kCard && event.kind == "apdu";
  }));
  for (const auto& [name, chunk] : {std::pair<const char*, std::size_t>{"short", kShortChunk},
                                    {"odd", kOddChunk},
                                    {"extended", kExtendedChunk}})
    SHOGO_CHECK_OK(read_whole(stage, name, facts, chunk));
  SHOGO_CHECK_OK(finish(stage));
  return end_script(stage);
}

Judgement judge_long_reads(const Transcript& transcript, const CheckContext& context) {
  const auto size_min = static_cast<std::int64_t>(context.number("file_size_min"));
  std::set<std::string> names;
  std::int64_t smallest = -1;
  std::string broken;
  for (const Event* event : transcript.select(source::kHarness, "file_read")) {
    const std::int64_t expected = integer_of(event->data, "expected_size", 0);
    const std::int64_t size = integer_of(event->data, "size", -1);
    names.insert(text_of(event->data, "name"));
    smallest = smallest < 0 ? expected : std::min(smallest, expected);
    const std::string hash = text_of(event->data, "expected_sha256");
    if (broken.empty() && (size != expected || hash.empty() || text_of(event->data, "sha256") != hash))
      broken = fmt::format("reading in {} APDUs: {} of {} bytes came, {}", text_of(event->data, "name"), size,
                           expected, size == expected ? "some of them changed" : "the rest is missing");
  }
  const auto reads = static_cast<std::int64_t>(names.size());
  Judgement judgement;
  if (reads < 3 || smallest < size_min) {
    judgement = inconclusive(Reason::kControlFailed,
                             fmt::format("{} of 3 reads were made, of files of at least {} bytes (needed {})",
                                         reads, std::max<std::int64_t>(smallest, 0), size_min),
                             fmt::format("読み取り3回のうち{}回しか実施できなかった", reads));
  } else if (!broken.empty()) {
    judgement = fail(broken, "読み取ったデータがカード内のファイルと一致しない：" + broken);
  } else {
    judgement =
        pass(fmt::format("{} bytes arrived unchanged in short, odd-sized and extended APDUs", smallest),
             fmt::format("{}バイトのファイルが、短いAPDU・半端な長さ・拡張長のいずれでも一致した", smallest));
  }
  judgement.measurements = {{"file_size", static_cast<double>(std::max<std::int64_t>(smallest, 0)), "bytes",
                             fmt::format(">= {}", size_min), reads}};
  return only_if_whole(std::move(judgement), transcript);
}

}  // namespace shogo::conformance
