// 2-5: text is UTF-8 and comes through whole. A clinic's name with characters that old programs lose (kanji
// of four bytes, a variation selector, half-width kana) goes through the settings and onto the screen; a
// fault and a journey fill the logs and the clinic's folder. Every byte of it is looked at.
#include "card_trace.h"
#include "checks.h"
#include "journey.h"
#include "whole_script.h"
#include <algorithm>
#include <filesystem>

#include <fmt/core.h>

#include <shogo/base/file.h>
#include <shogo/contract/device_protocol.h>

namespace shogo::conformance {
namespace {

namespace json = boost::json;

constexpr sim::Patient kWho = sim::Patient::kCanary;
/// Synthetic. Each is a round trip of its own; the last is as long as a name may be.
constexpr const char* kNames[] = {
    "𠮷野家󠄁医院",                    // four bytes; a variation selector
    "ｶｸｳｼﾝﾘｮｳｼﾞｮ ﾊﾝﾀﾞｸﾃﾝ",                     // half-width kana with their own voicing marks
    "㈱架空会 髙﨑クリニック①",                // what CP932 has and JIS X 0208 has not
    "架空県立試験総合診療所照合分院内科𠮟𩸽",  // long, and four bytes at its end
};

/// Files of a folder of the bench, each with its bytes.
Result<void> keep_folder(Stage& stage, const std::filesystem::path& folder, std::string_view kind) {
  std::error_code ec;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ec))
    if (entry.is_regular_file(ec)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    SHOGO_TRY(Bytes bytes, Stage::ours(read_file(file)));
    stage.record(source::kHarness, "text_file", {{"kind", kind}, {"file", file.filename().string()}}, kind,
                 "txt", std::move(bytes));
  }
  return {};
}

/// What the device makes of a name: how it gives it back, and whether a page shows it whole.
Result<void> try_name(Stage& stage, const std::string& name) {
  const auto taken = stage.set_settings({{"clinic_name", name}});
  if (!taken.ok()) {
    stage.record(source::kHarness, "name", {{"given", name}, {"refused", true}});
    return {};
  }
  SHOGO_TRY(const json::value settings, stage.call("get_settings"));
  const json::object* object = settings.if_object();
  SHOGO_TRY(const Screen screen, stage.settled_screen());
  const bool shown = std::any_of(screen.tree.nodes.begin(), screen.tree.nodes.end(), [&](const UiNode& node) {
    return node.text.find(name) != std::string::npos;
  });
  stage.record(source::kHarness, "name",
               {{"given", name},
                {"back", object == nullptr ? std::string() : text_of(*object, "clinic_name")},
                {"shown", shown}});
  return {};
}

/// RFC 3629: no overlong forms, no surrogates, nothing above 10FFFF. Where it breaks, or nothing.
std::optional<std::size_t> first_broken_byte(ByteView bytes) {
  for (std::size_t i = 0; i < bytes.size();) {
    const std::uint8_t lead = bytes[i];
    const std::size_t more = lead < 0x80                    ? 0
                             : lead >= 0xC2 && lead <= 0xDF ? 1
                             : lead >= 0xE0 && lead <= 0xEF ? 2
                             : lead >= 0xF0 && lead <= 0xF4 ? 3
                                                            : 4;
    if (more == 4 || bytes.size() - i <= more) return i;
    for (std::size_t k = 1; k <= more; ++k)
      if ((bytes[i + k] & 0xC0) != 0x80) return i;
    const std::uint8_t second = more > 0 ? bytes[i + 1] : 0;
    const bool odd = (lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
                     (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F);
    if (odd) return i;
    i += more + 1;
  }
  return std::nullopt;
}

}  // namespace

Result<void> stimulate_text_encoding(Stage& stage) {
  SHOGO_CHECK_OK(stage.export_log());
  if (stage.device().has(contract::cap::kSettings)) {
    for (const char* name : kNames) SHOGO_CHECK_OK(try_name(stage, name));
    (void)stage.set_settings({{"clinic_name", ""}});
  }
  // A fault for the error log, then a journey to the clinic's folder.
  begin_step(stage, "fault", kWho);
  stage.world().set_server(sim::ServerFault::kRefused);
  SHOGO_CHECK_OK(enter_right_pin(stage, kWho));
  stage.world().set_server(sim::ServerFault::kNone);
  SHOGO_CHECK_OK(finish(stage));
  begin_step(stage, "journey", kWho);
  SHOGO_CHECK_OK(enter_right_pin(stage, kWho));
  SHOGO_CHECK_OK(finish(stage));
  std::size_t handed_over = 0;
  SHOGO_CHECK_OK(note_new_hand_overs(stage, handed_over));
  SHOGO_CHECK_OK(stage.export_log());
  SHOGO_CHECK_OK(keep_folder(stage, stage.world().bench().result_folder, "hand_over"));
  SHOGO_CHECK_OK(keep_folder(stage, stage.world().bench().log_folder, "host_log"));
  return end_script(stage);
}

Judgement judge_text_encoding(const Transcript& transcript, const CheckContext&) {
  std::vector<std::string> faults;
  std::size_t bytes = 0, logs = 0, files = 0, names = 0, refused = 0;
  std::vector<std::size_t> log_sizes;
  const auto look = [&](const Event* event, const std::string& where) {
    const Bytes* text = transcript.blob(event->blob);
    if (text == nullptr) return std::size_t{0};
    bytes += text->size();
    if (const auto at = first_broken_byte(*text))
      faults.push_back(fmt::format("{} is not UTF-8 at byte {} ({:02X})", where, *at, (*text)[*at]));
    return text->size();
  };
  for (const Event* event : transcript.select(source::kDevice, "log")) {
    log_sizes.push_back(look(event, "the device's log"));
    ++logs;
  }
  for (const Event* event : transcript.select(source::kHarness, "text_file")) {
    look(event, text_of(event->data, "file"));
    files += text_of(event->data, "kind") == "hand_over" ? 1 : 0;
  }
  for (const Event* event : transcript.select(source::kHarness, "name")) {
    const std::string given = text_of(event->data, "given");
    if (event->data.contains("refused")) {
      ++refused;
      continue;
    }
    ++names;
    const json::value* shown = event->data.if_contains("shown");
    if (given.empty() || text_of(event->data, "back") != given)
      faults.push_back(fmt::format("\"{}\" comes back as \"{}\"", given, text_of(event->data, "back")));
    else if (shown == nullptr || !shown->is_bool() || !shown->get_bool())
      faults.push_back(fmt::format("\"{}\" is not shown whole", given));
  }
  const bool grew = log_sizes.size() >= 2 && log_sizes.back() > log_sizes.front();
  Judgement judgement;
  if (!faults.empty()) {
    std::string all;
    for (std::size_t i = 0; i < std::min<std::size_t>(faults.size(), 4); ++i)
      all += (i == 0 ? "" : "; ") + faults[i];
    judgement = fail(all, fmt::format("文字が壊れている：{}", all));
  } else if (!grew || files == 0) {
    judgement = inconclusive(
        Reason::kControlFailed,
        fmt::format("{} logs that did {}grow, {} files handed over: nothing was written", logs,
                    grew ? "" : "not ", files),
        fmt::format("ログ{}件（{}）、引き渡し{}件では確かめられない", logs, grew ? "増加" : "増えず", files));
  } else {
    judgement = pass(
        fmt::format(
            "{} bytes of logs and {} files handed over are UTF-8; {} names came back and were shown whole",
            bytes, files, names),
        fmt::format("ログと引き渡し{}件、計{}バイトがUTF-8で、名称{}件が元どおり戻り表示された", files, bytes,
                    names));
  }
  judgement.measurements = {{"broken_texts", static_cast<double>(faults.size()), "count", "= 0",
                             static_cast<std::int64_t>(logs + files + names)},
                            {"bytes", static_cast<double>(bytes), "B", "", 1}};
  return partial(only_if_whole(std::move(judgement), transcript), names > 0 && refused == 0 ? 3 : 2, 3,
                 "custom text: the device takes no clinic_name of these characters in its settings",
                 "設定文言：装置の設定がこれらの文字のclinic_nameを受けない");
}

}  // namespace shogo::conformance
