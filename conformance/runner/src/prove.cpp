#include <algorithm>
#include <iterator>
#include <map>
#include <mutex>
#include <thread>

#include <fmt/core.h>

#include <shogo/conformance/prove.h>
#include <shogo/conformance/run.h>

namespace shogo::conformance {
namespace {

bool contains(const std::vector<std::string>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool is_caught(const ClauseResult& result) {
  return result.verdict == Verdict::kFail || result.verdict == Verdict::kNotMet;
}

bool is_stopped(const ProveOptions& options) {
  return options.stop != nullptr && options.stop->load();
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

/// Why a mutant lives: what the clauses that should have caught it said instead.
std::string excuse(const MutantRecord& record, const RunOutcome& outcome) {
  if (!outcome.trouble.empty()) return outcome.trouble;
  std::string text;
  for (const ClauseResult& result : outcome.results)
    if (contains(record.clauses, result.clause) && !contains(record.killed_by, result.clause))
      text +=
          fmt::format("{}{} says {}{}", text.empty() ? "" : "; ", result.clause, to_string(result.verdict),
                      result.because_en.empty() ? "" : ": " + result.because_en);
  return text;
}

class Prover {
 public:
  Prover(std::span<const Check> checks, const Catalogue& catalogue, const OpenDevice& open,
         const ProveOptions& options)
      : checks_(checks), catalogue_(catalogue), open_(open), options_(options) {}

  Result<KillMatrix> prove();

 private:
  /// Lets one device (empty: the true one) meet `clauses`.
  Result<RunOutcome> meet(const std::string& mutant, const std::set<std::string>& clauses);
  Result<RunOutcome> meet_variant(const std::string& variant, const std::string& mutant,
                                  const std::set<std::string>& clauses);
  Result<void> judge_baseline();
  void work();
  void record(MutantRecord& record, const Result<RunOutcome>& outcome);

  std::span<const Check> checks_;
  const Catalogue& catalogue_;
  const OpenDevice& open_;
  const ProveOptions& options_;
  std::vector<std::string> baseline_failures_;
  std::set<std::string> undecidable_;  ///< clauses this bench cannot judge at all (NO_CHANNEL or
                                       ///< TOOL_UNAVAILABLE on the true device)

  std::mutex mutex_;
  std::vector<MutantRecord> records_;
  std::size_t next_ = 0;
  std::size_t done_ = 0;
  std::optional<Error> fatal_;
};

/// Each clause on the variant that has what it is about.
Result<RunOutcome> Prover::meet(const std::string& mutant, const std::set<std::string>& clauses) {
  std::map<std::string_view, std::set<std::string>> by_variant;
  for (const Check& check : checks_)
    if (is_selected(clauses, check.clause)) by_variant[check.proven_on].emplace(check.clause);
  RunOutcome all;
  for (const auto& [variant, own] : by_variant) {
    SHOGO_TRY(RunOutcome outcome, meet_variant(std::string(variant), mutant, own));
    std::move(outcome.results.begin(), outcome.results.end(), std::back_inserter(all.results));
    all.stopped = outcome.stopped;
    all.trouble = outcome.trouble;
    if (all.stopped || !all.trouble.empty()) break;
  }
  return all;
}

Result<RunOutcome> Prover::meet_variant(const std::string& variant, const std::string& mutant,
                                        const std::set<std::string>& clauses) {
  DeviceRequest request;
  request.dut = variant;
  request.mutant = mutant;
  request.seed = options_.seed;
  request.profile = options_.profile;
  SHOGO_TRY(std::unique_ptr<DeviceUnderTest> dut, open_(request));
  RunOptions run;
  run.seed = options_.seed;
  run.profile = options_.profile;
  run.clauses = clauses;
  run.take_as_proven = true;
  run.stop = options_.stop;
  RunOutcome outcome = run_checks(checks_, catalogue_, *dut, run);
  // A script that hangs keeps its device; leaking it is the lesser evil until the process ends.
  if (outcome.abandoned) (void)dut.release();
  return outcome;
}

Result<void> Prover::judge_baseline() {
  SHOGO_TRY(const RunOutcome outcome, meet("", options_.clauses));
  if (outcome.stopped) return Error{Code::kCancelled, "the proof was stopped"};
  if (!outcome.trouble.empty())
    return Error{Code::kUnavailable, "the unmutated reference could not be judged: " + outcome.trouble};
  for (const ClauseResult& result : outcome.results) {
    if (result.verdict == Verdict::kHarnessError)
      return Error{Code::kInternal,
                   fmt::format("{} on the unmutated reference: {}", result.clause, result.because_en)};
    if (is_caught(result)) baseline_failures_.push_back(result.clause);
    if (result.reason == Reason::kNoChannel || result.reason == Reason::kToolUnavailable)
      undecidable_.insert(result.clause);
  }
  ++done_;
  if (options_.progress)
    options_.progress({done_, records_.size() + 1, "", false,
                       baseline_failures_.empty()
                           ? "the unmutated reference fails nowhere"
                           : "the unmutated reference fails " + joined(baseline_failures_)});
  return {};
}

void Prover::record(MutantRecord& record, const Result<RunOutcome>& outcome) {
  std::string remark;
  record.others_asked = options_.ask_others;
  if (outcome.ok()) {
    for (const ClauseResult& result : outcome->results) {
      // A check that fails everybody has not caught anybody.
      if (!is_caught(result) || contains(baseline_failures_, result.clause)) continue;
      (contains(record.clauses, result.clause) ? record.killed_by : record.also_killed_by)
          .push_back(result.clause);
    }
    record.killed = record.killed_by.size() == record.clauses.size();
    remark = record.killed ? "killed by " + joined(record.killed_by) : excuse(record, *outcome);
  } else {
    remark = "could not be started: " + outcome.error().describe();
  }
  ++done_;
  if (options_.progress) options_.progress({done_, records_.size() + 1, record.id, record.killed, remark});
}

void Prover::work() {
  for (;;) {
    std::size_t mine = 0;
    {
      const std::lock_guard lock(mutex_);
      if (next_ == records_.size() || fatal_ || is_stopped(options_)) return;
      mine = next_++;
    }
    const std::set<std::string> own(records_[mine].clauses.begin(), records_[mine].clauses.end());
    const auto outcome = meet(records_[mine].id, options_.ask_others ? options_.clauses : own);
    const std::lock_guard lock(mutex_);
    if (is_stopped(options_)) return;
    record(records_[mine], outcome);
  }
}

Result<KillMatrix> Prover::prove() {
  records_ = mutants_of(checks_, catalogue_, options_.clauses);
  SHOGO_CHECK_OK(judge_baseline());
  for (MutantRecord& mutant : records_)
    std::erase_if(mutant.clauses, [&](const std::string& clause) { return undecidable_.count(clause) > 0; });
  std::erase_if(records_, [](const MutantRecord& mutant) { return mutant.clauses.empty(); });

  std::vector<std::thread> workers;
  for (int i = 0; i < std::max(1, options_.parallel); ++i) workers.emplace_back([this] { work(); });
  for (std::thread& worker : workers) worker.join();
  if (is_stopped(options_)) return Error{Code::kCancelled, "the proof was stopped"};

  KillMatrix matrix;
  matrix.build_id = options_.build_id;
  matrix.mutants = std::move(records_);
  matrix.undecidable.assign(undecidable_.begin(), undecidable_.end());
  matrix.baseline_failures = baseline_failures_;
  return matrix;
}

}  // namespace

std::vector<MutantRecord> mutants_of(std::span<const Check> checks, const Catalogue& catalogue,
                                     const std::set<std::string>& clauses) {
  std::map<std::string, MutantRecord> by_id;
  for (const Check& check : checks) {
    const Clause* clause = catalogue.clause(check.clause);
    if (clause == nullptr || !is_selected(clauses, check.clause)) continue;
    for (const std::string& id : clause->mutants) {
      // Documents and forms meet a person, not a check.
      if (id.starts_with("m.doc.") || id.starts_with("fixture.")) continue;
      by_id[id].id = id;
      by_id[id].clauses.emplace_back(clause->id);
    }
  }
  std::vector<MutantRecord> records;
  for (auto& [id, record] : by_id) records.push_back(std::move(record));
  return records;
}

Result<KillMatrix> prove(std::span<const Check> checks, const Catalogue& catalogue, const OpenDevice& open,
                         const ProveOptions& options) {
  return Prover(checks, catalogue, open, options).prove();
}

}  // namespace shogo::conformance
