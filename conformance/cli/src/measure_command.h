// What the commands of `shogo measure` share.
#pragma once

#include "arguments.h"
#include "terminal.h"
#include <optional>
#include <string_view>

#include <shogo/base/json_reader.h>
#include <shogo/scores/formats.h>
#include <shogo/statistics/rate.h>

namespace shogo::conformance {

inline constexpr Option kFormatOption{
    "--format", "NAME", "bob4, bob5, csv, frvt, list, npz, npy or scores (default: recognised)"};
inline constexpr Option kDistanceOption{"--distance", "",
                                        "lower scores mean more similar; without it higher ones do"};
inline constexpr Option kImpostorOption{"--impostor", "FILE",
                                        "second file with the impostor scores (list, npy)"};
inline constexpr Option kConfidenceOption{"--confidence", "C", "of each bound by itself (default 0.95)"};
inline constexpr Option kJsonOption{"--json", "FILE",
                                    "all numbers for programs; - for standard output instead of the table"};

inline constexpr Option kPlotOption{"--plot", "FILE",
                                    "histogram of the scores with the threshold, as .svg or .png"};
inline constexpr Option kZooOption{"--zoo", "FILE",
                                   "each person by mean scores, with who makes the errors, as .svg or .png"};
/// Wrong endings are told before the work, not after it.
[[nodiscard]] Result<void> check_plots(const Arguments& arguments);

/// A share: "0.003", "0.3%", "1e-4".
[[nodiscard]] Result<double> share_of(std::string_view option, const std::string& text);
[[nodiscard]] Result<double> share_of(const Arguments& arguments, std::string_view option, double otherwise);
/// A limit: a share, with "<" before it when strict: "<1%".
[[nodiscard]] Result<statistics::Limit> limit_of(const Arguments& arguments, std::string_view option,
                                                 statistics::Limit otherwise);
[[nodiscard]] Result<double> number_of(std::string_view option, const std::string& text);
[[nodiscard]] Result<std::uint64_t> count_of(const Arguments& arguments, std::string_view option,
                                             std::uint64_t otherwise);

[[nodiscard]] Result<scores::ScoreSet> scores_of(const Arguments& arguments);
/// What was read, for JSON and for people.
[[nodiscard]] json::object input_json(const Arguments& arguments, const scores::ScoreSet& set);
[[nodiscard]] std::string input_line(const scores::ScoreSet& set);

/// Writes `value` where --json says, and `table` to the terminal unless the JSON went there.
[[nodiscard]] Result<void> put_results(const Arguments& arguments, Terminal& terminal, json::object value,
                                       std::string_view table);
/// A line for each rate: estimate, bounds, verdict, and what is still needed.
[[nodiscard]] std::string rate_lines(const statistics::Rate& rate);

/// What `measure scores` does with scores, wherever they came from: FMR and FNMR by the options --threshold,
/// --fmr,
/// --fnmr, --mode, --independent, --subject-share, --confidence, --seed, --groups, --plot, --zoo, --write and
/// --json. `extra` joins the JSON, `about` opens the table. `turned_round`: the scores were distances, and
/// --threshold is one.
[[nodiscard]] Result<int> judge_scores(const Arguments& arguments, Terminal& terminal,
                                       const scores::ScoreSet& set, json::object extra,
                                       std::string_view about, bool turned_round);

/// 0 proven kept, 1 proven broken, 3 undecided.
[[nodiscard]] int exit_of(std::initializer_list<std::optional<statistics::RateVerdict>> verdicts);

}  // namespace shogo::conformance
