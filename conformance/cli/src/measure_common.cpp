#include "build_info.h"
#include "measure_command.h"
#include "plot_file.h"
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include <shogo/base/file.h>

namespace shogo::conformance {

Result<double> number_of(std::string_view option, const std::string& text) {
  double value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
    return Error{Code::kInvalid, fmt::format("{} must be a number, not \"{}\"", option, text)};
  return value;
}

Result<double> share_of(std::string_view option, const std::string& text) {
  std::string digits = text;
  const bool percent = digits.ends_with('%');
  if (percent) digits.pop_back();
  while (digits.ends_with(' ')) digits.pop_back();
  const auto number = number_of(option, digits);
  // 0.3 / 100 is not the double nearest to 0.003: let the parser do the shift.
  const auto value = percent && number
                         ? number_of(option, digits + (digits.find('e') == std::string::npos ? "e-2" : ""))
                         : number;
  if (!value || (percent && digits.find('e') != std::string::npos) || *value < 0 || *value > 1)
    return Error{Code::kInvalid,
                 fmt::format("{} must be a share such as 0.003, 0.3% or 1e-4, not \"{}\"", option, text)};
  return *value;
}

Result<double> share_of(const Arguments& arguments, std::string_view option, double otherwise) {
  if (!arguments.has(option)) return otherwise;
  return share_of(option, arguments.get(option));
}

Result<statistics::Limit> limit_of(const Arguments& arguments, std::string_view option,
                                   statistics::Limit otherwise) {
  if (!arguments.has(option)) return otherwise;
  std::string text = arguments.get(option);
  statistics::Limit limit;
  if (text.starts_with("<=")) {
    text.erase(0, 2);
  } else if (text.starts_with('<')) {
    limit.strict = true;
    text.erase(0, 1);
  }
  SHOGO_TRY(limit.value, share_of(option, text));
  if (limit.value <= 0 || limit.value >= 1)
    return Error{Code::kInvalid,
                 fmt::format("{} must lie between 0 and 1: no sample proves a rate of 0", option)};
  return limit;
}

Result<std::uint64_t> count_of(const Arguments& arguments, std::string_view option, std::uint64_t otherwise) {
  if (!arguments.has(option)) return otherwise;
  return parse_number(option, arguments.get(option));
}

Result<void> check_plots(const Arguments& arguments) {
  for (const char* option : {"--plot", "--zoo"})
    if (arguments.has(option)) SHOGO_CHECK_OK(check_plot_name(option, arguments.get(option)));
  return {};
}

Result<scores::ScoreSet> scores_of(const Arguments& arguments) {
  scores::ReadOptions options;
  options.lower_is_similar = arguments.has("--distance");
  if (arguments.has("--format")) {
    options.format = scores::format_from(arguments.get("--format"));
    if (!options.format)
      return Error{
          Code::kInvalid,
          fmt::format("--format: \"{}\" is not known; expected bob4, bob5, csv, frvt, list, npz, npy "
                      "or scores",
                      arguments.get("--format"))};
  }
  return scores::read_scores(arguments.positional(0), options, arguments.get("--impostor"));
}

json::object input_json(const Arguments& arguments, const scores::ScoreSet& set) {
  json::array notes;
  for (const std::string& note : set.notes) notes.emplace_back(note);
  return {{"file", arguments.positional(0)},
          {"format", set.format},
          {"direction", arguments.has("--distance") ? "lower_is_similar" : "higher_is_similar"},
          {"genuine", set.genuine().size()},
          {"impostor", set.impostor().size()},
          {"subjects", set.has_subjects() ? json::value(set.subjects()) : json::value(nullptr)},
          {"genuine_failures", set.genuine_failures},
          {"impostor_failures", set.impostor_failures},
          {"notes", std::move(notes)}};
}

std::string input_line(const scores::ScoreSet& set) {
  return fmt::format("{} genuine, {} impostor scores ({}), {}\n", set.genuine().size(), set.impostor().size(),
                     set.format,
                     set.has_subjects() ? fmt::format("{} people", set.subjects()) : "people not named");
}

Result<void> put_results(const Arguments& arguments, Terminal& terminal, json::object value,
                         std::string_view table) {
  const std::string target = arguments.get("--json");
  value["tool"] = json::object{{"name", "shogo"}, {"version", tool_version()}, {"commit", tool_commit()}};
  if (target == "-") {
    terminal.out << pretty_json(value);
    return {};
  }
  terminal.out << table;
  if (target.empty()) return {};
  return write_text(target, pretty_json(value));
}

std::string rate_lines(const statistics::Rate& rate) {
  using statistics::percent;
  std::string text =
      fmt::format("{:<6} {:>9}   {} of {}", rate.name, percent(rate.point), rate.errors, rate.trials);
  if (rate.effective_trials < 0.995 * static_cast<double>(rate.trials))
    text += fmt::format(" (worth {:.0f} independent)", rate.effective_trials);
  text += fmt::format("\n       bounds    {} .. {}, each at {:.4g} %\n", percent(rate.lower),
                      percent(rate.upper), 100 * rate.confidence);
  text += fmt::format("       by        {}\n", rate.method);
  if (!rate.limit || !rate.verdict) return text;
  std::string word(statistics::to_string(*rate.verdict));
  for (char& c : word)
    if (c == '_') c = ' ';
  text += fmt::format("       limit     {} {}: {}\n", rate.limit->strict ? "<" : "≤",
                      percent(rate.limit->value), word);
  if (rate.more_without_error)
    text += fmt::format(
        "       to prove  {} more trials without an error{}\n", *rate.more_without_error,
        rate.more_at_this_rate ? fmt::format(", or {} more at this rate", *rate.more_at_this_rate) : "");
  return text;
}

int exit_of(std::initializer_list<std::optional<statistics::RateVerdict>> verdicts) {
  bool kept = true;
  for (const auto& verdict : verdicts) {
    if (verdict == statistics::RateVerdict::kProvenBroken) return kExitFail;
    kept = kept && verdict == statistics::RateVerdict::kProvenKept;
  }
  return kept ? kExitOk : kExitUndecided;
}

}  // namespace shogo::conformance
