#include <future>
#include <map>
#include <mutex>
#include <thread>

#include <fmt/core.h>

#include <shogo/conformance/roll_up.h>
#include <shogo/conformance/run.h>
#include <shogo/conformance/settle.h>
#include <shogo/conformance/stage.h>

namespace shogo::conformance {
namespace {

namespace json = boost::json;

/// A reset is answered when the device shows idle again; restarting its application takes a moment.
constexpr milliseconds kResetWait{15'000};
constexpr milliseconds kPingWait{2'000};
constexpr milliseconds kEndWait{2'000};
constexpr milliseconds kPoll{20};

/// Passes the device's events to the stage of the moment and remembers the last state between cases.
class Switchboard {
 public:
  /// The device's observer shares the ownership: an abandoned script's device may outlive the run.
  static std::shared_ptr<Switchboard> create(Device& device) {
    auto switchboard = std::make_shared<Switchboard>();
    device.on_event([switchboard](const DeviceEvent& event) { switchboard->route(event); });
    return switchboard;
  }
  void connect(std::shared_ptr<Stage> stage) {
    const std::lock_guard lock(mutex_);
    stage_ = std::move(stage);
  }
  std::optional<json::object> last_state() {
    const std::lock_guard lock(mutex_);
    return last_state_;
  }
  bool lost() {
    const std::lock_guard lock(mutex_);
    return lost_;
  }

 private:
  void route(const DeviceEvent& event) {
    std::shared_ptr<Stage> stage;
    {
      const std::lock_guard lock(mutex_);
      if (event.kind == "state") last_state_ = event.data;
      if (event.kind == "connection_lost") lost_ = true;
      stage = stage_;
    }
    if (stage) stage->on_device_event(event);
  }

  std::mutex mutex_;
  std::shared_ptr<Stage> stage_;
  std::optional<json::object> last_state_;
  bool lost_ = false;
};

/// Outlives every run, for the same reason.
Clock& machine_clock() {
  static RealClock clock;
  return clock;
}

class Runner {
 public:
  Runner(const Catalogue& catalogue, DeviceUnderTest& dut, const RunOptions& options)
      : catalogue_(catalogue),
        dut_(dut),
        options_(options),
        clock_(options.clock != nullptr ? *options.clock : machine_clock()),
        switchboard_(Switchboard::create(dut.device())) {}

  RunOutcome run(const std::vector<const Check*>& selected);

 private:
  /// What was seen while a script was played.
  struct Case {
    Transcript transcript;
    std::vector<std::string> evidence;
    std::string not_kept;  ///< why its evidence could not be written
    bool shared = false;
  };
  Case play_case(const Check& check);
  ClauseResult judge_one(const Check& check, const Clause& clause);
  void play(const Check& check, const std::shared_ptr<Stage>& stage);
  Result<void> prepare(const Check& check, Stage& stage, std::uint64_t seed);
  Result<void> stimulate(const Check& check, const std::shared_ptr<Stage>& stage);
  void record_ending(const Error& error, Stage& stage);
  [[nodiscard]] bool stopped() const { return options_.stop != nullptr && options_.stop->load(); }
  void give_up(std::string why) {
    if (outcome_.trouble.empty()) outcome_.trouble = std::move(why);
  }

  const Catalogue& catalogue_;
  DeviceUnderTest& dut_;
  const RunOptions& options_;
  Clock& clock_;
  std::shared_ptr<Switchboard> switchboard_;
  RunOutcome outcome_;
  std::map<std::string, Case> cases_;  ///< by name
};

ClauseResult not_run(const std::string& clause, const std::string& why) {
  ClauseResult result;
  result.clause = clause;
  result.verdict = Verdict::kNotRun;
  result.because_en = "Not run: " + why;
  result.because_ja = "実行していない: " + why;
  return result;
}

/// Everything before the script. An error here is the bench's (kInternal) or the device's (all others).
Result<void> Runner::prepare(const Check& check, Stage& stage, std::uint64_t seed) {
  SHOGO_CHECK_OK(Stage::ours(dut_.begin_case(check.case_name(), seed, stage)));
  SHOGO_CHECK_OK(stage.call("reset", {{"level", "app"}}, kResetWait));
  SHOGO_CHECK_OK(
      stage.call("begin_case", {{"case_id", check.case_name()}, {"seed", static_cast<std::int64_t>(seed)}}));
  return {};
}

/// The script on a thread of its own, so that one that hangs cannot hang the run.
Result<void> Runner::stimulate(const Check& check, const std::shared_ptr<Stage>& stage) {
  auto finished = std::make_shared<std::promise<Result<void>>>();
  std::future<Result<void>> result = finished->get_future();
  std::thread([finished, stage, script = check.stimulate] {
    try {
      finished->set_value(script(*stage));
    } catch (const std::exception& broken) {
      finished->set_value(Error{Code::kInternal, std::string("the script threw: ") + broken.what()});
    }
  }).detach();

  const Nanoseconds limit = clock_.now() + std::chrono::seconds(check.timeout_s) + options_.grace;
  while (result.wait_for(kPoll) != std::future_status::ready) {
    if (stopped()) stage->cancel();
    if (clock_.now() < limit) continue;
    outcome_.abandoned = true;
    return Error{Code::kInternal,
                 fmt::format("the script of {} did not end, not even {} ms after its limit of {} s",
                             check.clause, options_.grace.count(), check.timeout_s)};
  }
  return result.get();
}

void Runner::record_ending(const Error& error, Stage& stage) {
  switch (error.code()) {
    case Code::kUnsupported:
      stage.record(source::kHarness, ending::kNoChannel, {{"text", error.describe()}});
      return;
    case Code::kInternal:
      stage.record(source::kHarness, ending::kHarnessError, {{"text", error.describe()}});
      return;
    default:
      stage.record(source::kHarness, ending::kStimulusFailed,
                   {{"code", to_string(error.code())}, {"text", error.describe()}});
  }
}

void Runner::play(const Check& check, const std::shared_ptr<Stage>& stage) {
  for (const std::string_view capability : check.needs) {
    if (dut_.device().has(capability)) continue;
    stage->record(source::kHarness, ending::kNoChannel, {{"capability", capability}, {"text", ""}});
    return;
  }
  // 53 bits: every JSON reader of every adapter keeps such an integer exact.
  const std::uint64_t seed = Rng(options_.seed, "case." + std::string(check.case_name())).next() >> 11;
  Result<void> played = prepare(check, *stage, seed);
  const bool prepared = played.ok();
  if (prepared) played = stimulate(check, stage);
  if (!played) record_ending(played.error(), *stage);
  if (outcome_.abandoned) {
    give_up(played.error().describe());
    return;
  }
  if (!played && (played.error().code() == Code::kUnavailable || switchboard_->lost()))
    give_up(played.error().describe());
  if (!played && !prepared && played.error().code() == Code::kTimeout &&
      !dut_.device().call("ping", {{"t", 0}}, kPingWait).ok())
    give_up(fmt::format("the device does not answer any more ({})", played.error().describe()));
  if (outcome_.trouble.empty()) (void)dut_.device().call("end_case", {}, kEndWait);
  dut_.end_case();
}

Runner::Case Runner::play_case(const Check& check) {
  Case played;
  StageSetup setup;
  setup.clause = check.case_name();
  setup.seed = options_.seed;
  setup.profile = options_.profile;
  setup.limit = std::chrono::seconds(check.timeout_s);
  setup.clock = &clock_;
  setup.device = &dut_.device();
  setup.world = dut_.world();
  setup.host = dut_.host();
  setup.engine = dut_.engine();
  setup.state_before = switchboard_->last_state();
  const auto stage = std::make_shared<Stage>(setup);
  stage->record(source::kDevice, "hello", to_json(dut_.device().hello()));
  switchboard_->connect(stage);
  play(check, stage);
  switchboard_->connect(nullptr);
  played.transcript = stage->finish();
  if (!options_.keep) return played;
  auto paths = options_.keep(setup.clause, played.transcript);
  if (paths) {
    played.evidence = *std::move(paths);
  } else {
    played.not_kept = paths.error().describe();
  }
  return played;
}

ClauseResult Runner::judge_one(const Check& check, const Clause& clause) {
  const Nanoseconds begin = clock_.now();
  const std::string name(check.case_name());
  if (cases_.count(name) == 0) {
    // A script of its own is judged once: only shared ones are worth remembering.
    std::erase_if(cases_, [](const auto& entry) { return !entry.second.shared; });
    cases_[name] = play_case(check);
    cases_[name].shared = !check.shared_script.empty();
  }
  const Case& played = cases_[name];

  std::set<std::string> killed;
  if (options_.take_as_proven) killed.insert(clause.mutants.begin(), clause.mutants.end());
  if (options_.proof != nullptr) killed = options_.proof->killed_by(clause.id);
  const CheckContext context = make_context(clause, dut_.device().hello(), options_.profile);
  ClauseResult result = result_of(clause.id, settle(check, clause, played.transcript, context, killed));
  if (!options_.take_as_proven)
    for (const std::string& mutant : clause.mutants)
      if (killed.count(mutant) > 0) result.mutants_killed.push_back(mutant);
  result.evidence = played.evidence;
  if (!played.not_kept.empty()) {
    // A verdict without its evidence is worth nothing.
    give_up(played.not_kept);
    result = not_run(clause.id, "its evidence could not be kept: " + played.not_kept);
    result.verdict = Verdict::kHarnessError;
  }
  result.duration_ms = std::chrono::duration_cast<milliseconds>(clock_.now() - begin).count();
  return result;
}

RunOutcome Runner::run(const std::vector<const Check*>& selected) {
  for (std::size_t i = 0; i < selected.size(); ++i) {
    const std::string id(selected[i]->clause);
    if (stopped()) {
      outcome_.stopped = true;
      give_up("the run was stopped");
    }
    Progress progress{i, selected.size(), id, nullptr};
    if (options_.progress && outcome_.trouble.empty()) options_.progress(progress);
    const Clause* clause = catalogue_.clause(id);
    ClauseResult result;
    if (!outcome_.trouble.empty()) {
      result = not_run(id, outcome_.trouble);
    } else if (clause == nullptr) {
      give_up("this build has a check for " + id + ", which the catalogue does not have");
      continue;
    } else {
      result = judge_one(*selected[i], *clause);
    }
    progress.result = &result;
    if (options_.progress) options_.progress(progress);
    outcome_.results.push_back(std::move(result));
  }
  outcome_.stopped = outcome_.stopped || stopped();
  // An abandoned script may still use the device; nothing of it may be touched any more.
  if (!outcome_.abandoned) dut_.device().on_event(nullptr);
  return std::move(outcome_);
}

}  // namespace

bool is_selected(const std::set<std::string>& wanted, std::string_view clause) {
  if (wanted.empty()) return true;
  const std::string id(clause);
  return wanted.count(id) > 0 || wanted.count(id.substr(0, id.find('.'))) > 0;
}

Result<void> check_selection(const Catalogue& catalogue, const std::set<std::string>& wanted) {
  for (const std::string& id : wanted)
    if (catalogue.clause(id) == nullptr && catalogue.item(id) == nullptr)
      return Error{Code::kNotFound,
                   fmt::format("the catalogue has no clause or item \"{}\"; see shogo list", id)};
  return {};
}

RunOutcome run_checks(std::span<const Check> checks, const Catalogue& catalogue, DeviceUnderTest& dut,
                      const RunOptions& options) {
  std::vector<const Check*> selected;
  for (const Check& check : checks)
    if (is_selected(options.clauses, check.clause)) selected.push_back(&check);
  Runner runner(catalogue, dut, options);
  return runner.run(selected);
}

}  // namespace shogo::conformance
