#include "arguments.h"
#include "build_info.h"
#include "commands.h"
#include "common_options.h"
#include "interrupt.h"
#include "progress.h"
#include "proof_store.h"
#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include <shogo/base/file.h>
#include <shogo/conformance/open_device.h>
#include <shogo/conformance/prove.h>
#include <shogo/conformance/run.h>

namespace shogo::conformance {
namespace {

const CommandHelp kHelp{
    "prove",
    "[--clause ID] [--out DIR] [OPTIONS]",
    "Lets every deliberately wrong reference reader (mutant) meet the checks that must catch it, and the "
    "true one meet\n"
    "them all. The result, the kill matrix, is stored beside the program for shogo run: without it no check "
    "of this\n"
    "build may say PASS.",
    {kClauseOption,
     {"--out", "DIR", "also write DIR/kill-matrix.json"},
     {"--if-stale", "", "do nothing when the stored matrix is this build's, complete and without survivors"},
     {"--matrix", "", "every mutant meets every check, for also_killed_by (slow: mutants times checks)"},
     {"--jobs", "N", "devices at the same time (default 2)"},
     kSeedOption,
     kProfileOption,
     kCatalogueOption},
    "  shogo prove\n  shogo prove --clause 3-11.a --out proof",
    "  0  all mutants were caught, and the true reference failed nowhere\n"
    "  1  a mutant survived, or the true reference failed\n"
    "  2  wrong usage, or a fault of the environment or the harness"};

/// Every clause with a check has been looked at, and nothing survived.
bool is_complete(const KillMatrix& matrix, const Catalogue& catalogue,
                 const std::set<std::string>& selected) {
  if (!matrix.survivors().empty() || !matrix.baseline_failures.empty()) return false;
  const std::set<std::string> seen = matrix.clauses();
  const auto checks = all_checks();
  return std::all_of(checks.begin(), checks.end(), [&](const Check& check) {
    return !is_selected(selected, check.clause) || catalogue.clause(check.clause) == nullptr ||
           seen.count(std::string(check.clause)) > 0;
  });
}

/// Puts the matrix beside the program, on top of what this build has proven before.
Result<void> store(const KillMatrix& matrix) {
  const std::filesystem::path file = default_proof_file();
  KillMatrix whole = matrix;
  if (const auto older = load_kill_matrix(file); older && older->build_id == matrix.build_id)
    whole = merge(*older, matrix);
  std::error_code ec;
  std::filesystem::create_directories(file.parent_path(), ec);
  return write_text(file, pretty_json(to_json(whole)));
}

Result<void> write_out(const KillMatrix& matrix, const std::filesystem::path& folder) {
  return write_text(folder / "kill-matrix.json", pretty_json(to_json(matrix)));
}

/// Said before the work, not after it.
Result<void> make_writable(const std::filesystem::path& folder) {
  std::error_code ec;
  std::filesystem::create_directories(folder, ec);
  if (ec) return Error{Code::kDenied, fmt::format("cannot create {}: {}", folder.string(), ec.message())};
  const std::filesystem::path probe = folder / ".shogo-writable";
  if (auto written = write_text(probe, ""); !written)
    return Error{Code::kDenied, folder.string() + " cannot be written", written.error()};
  std::filesystem::remove(probe, ec);
  return {};
}

Result<int> prove_checks(const Arguments& arguments, Terminal& terminal) {
  SHOGO_TRY(const Catalogue catalogue, catalogue_of(arguments));
  ProveOptions options;
  SHOGO_TRY(options.clauses, clauses_of(arguments, catalogue));
  SHOGO_TRY(options.profile, profile_of(arguments));
  SHOGO_TRY(options.seed, parse_number("--seed", arguments.get("--seed", "1")));
  SHOGO_TRY(const std::uint64_t jobs, parse_number("--jobs", arguments.get("--jobs", "2")));
  if (jobs < 1 || jobs > 64) return Error{Code::kInvalid, "--jobs must be 1 to 64"};
  options.parallel = static_cast<int>(jobs);
  options.ask_others = arguments.has("--matrix");
  options.build_id = std::string(build_id());

  if (arguments.has("--if-stale")) {
    SHOGO_TRY(const Proof proof, find_proof(""));
    if (proof.matrix && is_complete(*proof.matrix, catalogue, options.clauses)) {
      terminal.out << fmt::format("This build is proven: {} mutants, all killed ({})\n",
                                  proof.matrix->mutants.size(), default_proof_file().string());
      return kExitOk;
    }
  }
  if (mutants_of(all_checks(), catalogue, options.clauses).empty())
    return Error{Code::kNotFound, "no check of this build has a mutant for these clauses"};
  const std::string out = arguments.get("--out");
  if (!out.empty()) SHOGO_CHECK_OK(make_writable(out));

  const Interrupt interrupt;
  options.stop = interrupt.flag();
  ProgressLine progress(terminal, "devices");
  options.progress = [&](const ProveProgress& step) {
    const std::string verdict = step.mutant.empty() ? "" : (step.killed ? "killed" : "SURVIVES");
    progress.line(fmt::format("  {:<30} {:<9} {}", step.mutant.empty() ? "(reference)" : step.mutant, verdict,
                              step.remark));
    progress.bar(step.done, step.count, step.mutant);
  };
  SHOGO_TRY(const KillMatrix matrix, prove(all_checks(), catalogue, open_device, options));
  progress.clear();

  if (!out.empty()) SHOGO_CHECK_OK(write_out(matrix, out));
  if (auto stored = store(matrix); !stored) {
    if (out.empty()) return stored.error();
    terminal.err << "shogo prove: not stored for shogo run (" << stored.error().describe()
                 << "); use run --proof\n";
  }
  const std::vector<std::string> survivors = matrix.survivors();
  terminal.out << fmt::format("{} of {} mutants killed\n", matrix.mutants.size() - survivors.size(),
                              matrix.mutants.size());
  for (const std::string& id : survivors) terminal.out << "  survives: " << id << "\n";
  for (const std::string& clause : matrix.baseline_failures)
    terminal.out << "  fails the true reference: " << clause << "\n";
  return survivors.empty() && matrix.baseline_failures.empty() ? kExitOk : kExitFail;
}

}  // namespace

int prove_command(const Words& words, Terminal& terminal) {
  const auto arguments = Arguments::parse(kHelp, words, 0);
  if (!arguments) return complain(terminal, kHelp.name, arguments.error());
  if (arguments->has("--help")) {
    terminal.out << print_help(kHelp);
    return kExitOk;
  }
  const auto code = prove_checks(*arguments, terminal);
  return code ? *code : complain(terminal, kHelp.name, code.error());
}

}  // namespace shogo::conformance
