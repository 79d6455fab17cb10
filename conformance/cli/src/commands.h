// The commands of `shogo`, one file each. A command gets the words after its name and returns the exit code.
#pragma once

#include "terminal.h"
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace shogo::conformance {

using Words = std::vector<std::string>;

int list_command(const Words& words, Terminal& terminal);
int run_command(const Words& words, Terminal& terminal);
int rejudge_command(const Words& words, Terminal& terminal);
int report_command(const Words& words, Terminal& terminal);
int prove_command(const Words& words, Terminal& terminal);
int adapter_check_command(const Words& words, Terminal& terminal);
int card_serve_command(const Words& words, Terminal& terminal);
int measure_scores_command(const Words& words, Terminal& terminal);
int measure_det_command(const Words& words, Terminal& terminal);
int measure_compare_command(const Words& words, Terminal& terminal);
int measure_engine_command(const Words& words, Terminal& terminal);
int measure_sequential_command(const Words& words, Terminal& terminal);
int measure_transactions_command(const Words& words, Terminal& terminal);
int measure_plan_command(const Words& words, Terminal& terminal);
int measure_pad_command(const Words& words, Terminal& terminal);
int card_issue_command(const Words& words, Terminal& terminal);
int card_show_command(const Words& words, Terminal& terminal);
int card_trace_command(const Words& words, Terminal& terminal);
int dataset_generate_command(const Words& words, Terminal& terminal);
int dataset_verify_command(const Words& words, Terminal& terminal);
int dataset_show_command(const Words& words, Terminal& terminal);
int people_feed_command(const Words& words, Terminal& terminal);
int people_show_command(const Words& words, Terminal& terminal);
int people_sheet_command(const Words& words, Terminal& terminal);
int package_make_command(const Words& words, Terminal& terminal);
int package_show_command(const Words& words, Terminal& terminal);
int package_verify_command(const Words& words, Terminal& terminal);
int pki_command(const Words& words, Terminal& terminal);
int pki_serve_command(const Words& words, Terminal& terminal);

struct Command {
  std::string_view name;  ///< one or two words: "run", "card serve"
  std::string_view summary;
  int (*run)(const Words& words, Terminal& terminal);
};
[[nodiscard]] std::span<const Command> commands();

/// Finds the command in `words` (without the program's name) and runs it.
int run_shogo(const Words& words, Terminal& terminal);

}  // namespace shogo::conformance
