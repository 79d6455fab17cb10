#include "arguments.h"
#include "build_info.h"
#include "commands.h"
#include "common_options.h"
#include "interrupt.h"
#include "progress.h"
#include "proof_store.h"
#include <cstdlib>
#include <optional>
#include <thread>

#include <fmt/format.h>

#include <shogo/conformance/bundle.h>
#include <shogo/conformance/check.h>
#include <shogo/conformance/open_device.h>
#include <shogo/conformance/report.h>
#include <shogo/conformance/rpc_device.h>
#include <shogo/conformance/run.h>

namespace shogo::conformance {
namespace {

const CommandHelp kHelp{
    "run",
    "--dut reference|ws://HOST:PORT --out DIR [OPTIONS]",
    "Puts a device on the bench, plays the checks of this build on it and writes a report of all 69 items "
    "with its\n"
    "evidence. DIR appears when the report is complete; an older report there is replaced.",
    {{"--dut", "WHICH",
      "reference, reference:keypad, reference:external-keypad, reference:two-areas, or the address of a "
      "device's adapter"},
     {"--out", "DIR", "where the report goes: a new folder, an empty one, or an older report"},
     kProfileOption,
     kSeedOption,
     kClauseOption,
     {"--jobs", "N",
      "reference readers at the same time, each with a world of its own (default 2; a device of yours: 1)"},
     {"--strict", "", "exit 3 when anything stays undecided"},
     {"--mutant", "ID", "with --dut reference: a reader that is wrong on purpose (see shogo list --json)"},
     {"--engine", "LIBRARY", "the device's face matcher as a library (base/contract/matcher.h), for 3-6"},
     {"--engine-data", "DIR", "its data folder"},
     {"--faces", "DIR", "pictures to judge it by, a folder for each person; they stay on this machine"},
     {"--face-pairs", "FILE", "which of them are compared: LFW pairs or CSV (default: all)"},
     {"--proof", "FILE", "the kill matrix of this build (default: what shogo prove has stored)"},
     kCatalogueOption,
     kLangOption,
     {"--verbose", "", "(-v) also print why"}},
    "  shogo run --dut reference --profile quick --seed 1 --out out\n"
    "  shogo run --dut reference --clause 3-10.i --clause 3-11 --out out\n"
    "  shogo run --dut ws://192.0.2.7:9000 --out out --strict",
    "  0  no FAIL and no HARNESS_ERROR\n"
    "  1  at least one FAIL\n"
    "  2  wrong usage, no device, or a fault of the environment or the harness\n"
    "  3  with --strict: something is undecided"};

struct Request {
  DeviceRequest device;
  std::string out;
  std::set<std::string> clauses;
  std::size_t jobs = 1;
  Language language = Language::kEn;
  bool strict = false;
};

Result<Request> read_request(const Arguments& arguments, const Terminal& terminal,
                             const Catalogue& catalogue) {
  Request request;
  request.device.dut = arguments.get("--dut");
  if (request.device.dut.empty())
    return Error{Code::kInvalid, "--dut is missing: reference, or ws://HOST:PORT; see shogo run --help"};
  if (!is_reference(request.device.dut)) {
    if (request.device.dut.find("://") == std::string::npos)
      return Error{Code::kInvalid,
                   "--dut must be reference, reference:keypad, reference:external-keypad or ws://HOST:PORT, "
                   "not \"" +
                       request.device.dut + "\""};
    SHOGO_TRY([[maybe_unused]] const DeviceAddress address, parse_device_address(request.device.dut));
  }
  request.device.mutant = arguments.get("--mutant");
  if (!request.device.mutant.empty() && !is_reference(request.device.dut))
    return Error{Code::kInvalid, "--mutant goes with --dut reference only"};
  request.device.engine = {arguments.get("--engine"), arguments.get("--engine-data"),
                           arguments.get("--faces"), arguments.get("--face-pairs")};
  if (arguments.has("--engine") && (is_reference(request.device.dut) || !arguments.has("--faces")))
    return Error{Code::kInvalid,
                 "--engine goes with a device's address and with --faces DIR; the reference has its own"};
  request.out = arguments.get("--out");
  if (request.out.empty())
    return Error{Code::kInvalid, "--out is missing: the folder for the report; see shogo run --help"};
  SHOGO_TRY(request.device.profile, profile_of(arguments));
  SHOGO_TRY(request.device.seed, parse_number("--seed", arguments.get("--seed", "1")));
  SHOGO_TRY(request.clauses, clauses_of(arguments, catalogue));
  const bool ours = is_reference(request.device.dut);
  SHOGO_TRY(const std::uint64_t jobs, parse_number("--jobs", arguments.get("--jobs", ours ? "2" : "1")));
  if (jobs < 1 || jobs > 16 || (jobs > 1 && !ours))
    return Error{Code::kInvalid, "--jobs must be 1 to 16, and more than 1 only with --dut reference"};
  request.jobs = static_cast<std::size_t>(jobs);
  SHOGO_TRY(request.language, language_of(arguments, terminal));
  request.device.verbose = arguments.has("--verbose");
  request.strict = arguments.has("--strict");
  return request;
}

std::string line_of(const ClauseResult& result, const Request& request) {
  std::string verdict(to_string(result.verdict));
  if (result.reason != Reason::kNone) verdict += fmt::format("({})", to_string(result.reason));
  std::string line = fmt::format("  {:<7} {:<30}", result.clause, verdict);
  if (result.duration_ms >= 0)
    line += fmt::format("{:>6.1f} s", static_cast<double>(result.duration_ms) / 1000);
  if (request.device.verbose)
    line += "\n          " + (request.language == Language::kJa ? result.because_ja : result.because_en);
  return line;
}

class Run {
 public:
  Run(Request request, const Catalogue& catalogue, Terminal& terminal)
      : request_(std::move(request)), catalogue_(catalogue), terminal_(terminal) {}

  Result<int> go(const std::string& proof_file);

 private:
  RunOutcome play(const std::optional<KillMatrix>& proof);
  Result<void> open_devices();
  Result<int> finish(RunOutcome outcome, const Hello& hello);

  const Request request_;
  const Catalogue& catalogue_;
  Terminal& terminal_;
  Interrupt interrupt_;
  std::optional<Bundle> bundle_;
  std::vector<std::vector<Check>> shares_;  ///< what each device plays
  std::vector<std::unique_ptr<DeviceUnderTest>> devices_;
};

Result<void> Run::open_devices() {
  shares_ = share_out(all_checks(), request_.clauses, request_.jobs, about_s);
  std::vector<Result<std::unique_ptr<DeviceUnderTest>>> opened;
  for (std::size_t i = 0; i < shares_.size(); ++i) opened.emplace_back(Error{Code::kInternal, "not opened"});
  std::vector<std::thread> openers;
  for (auto& device : opened) openers.emplace_back([&] { device = open_device(request_.device); });
  for (std::thread& opener : openers) opener.join();
  for (auto& device : opened) {
    if (!device) return device.error();
    devices_.push_back(*std::move(device));
  }
  return {};
}

RunOutcome Run::play(const std::optional<KillMatrix>& proof) {
  ProgressLine progress(terminal_, "clauses");
  RunOptions options;
  options.seed = request_.device.seed;
  options.profile = request_.device.profile;
  options.clauses = request_.clauses;
  options.proof = proof ? &*proof : nullptr;
  options.stop = interrupt_.flag();
  options.keep = [&](const std::string& case_name,
                     const Transcript& transcript) -> Result<std::vector<std::string>> {
    SHOGO_TRY(const std::filesystem::path folder, bundle_->evidence_folder(case_name));
    SHOGO_CHECK_OK(transcript.save(folder));
    return bundle_->evidence_of(case_name);
  };
  options.progress = [&](const Progress& step) {
    if (step.result != nullptr) progress.line(line_of(*step.result, request_));
    progress.bar(step.index + (step.result != nullptr ? 1 : 0), step.count, step.clause);
  };
  std::vector<DeviceUnderTest*> devices;
  for (const auto& device : devices_) devices.push_back(device.get());
  return run_side_by_side(all_checks(), shares_, catalogue_, devices, options);
}

Result<int> Run::finish(RunOutcome outcome, const Hello& hello) {
  if (outcome.stopped) return Error{Code::kCancelled, "stopped; no report was written"};
  RunInfo info;
  info.seed = request_.device.seed;
  info.dut = request_.device.dut;
  // Nobody shall take the report of a mutant for the reference's.
  if (!request_.device.mutant.empty()) info.dut += " " + request_.device.mutant;
  info.profile = request_.device.profile;
  info.tool_version = std::string(tool_version());
  info.tool_commit = std::string(tool_commit());
  info.device = to_json(hello);
  SHOGO_TRY(const Report report, build_report(catalogue_, std::move(outcome.results), std::move(info)));
  SHOGO_CHECK_OK(bundle_->finish(to_json(report), render_pages(report)));
  terminal_.out << render_table(report, {request_.language, terminal_.colour_out});
  const char* page = request_.language == Language::kJa ? "report.ja.html" : "report.en.html";
  terminal_.out << "\nReport: " << (std::filesystem::path(request_.out) / page).string() << "\n"
                << std::flush;
  int code = exit_code(report, request_.strict);
  if (!outcome.trouble.empty()) {
    terminal_.err << "shogo run: not all clauses could be run: " << outcome.trouble << "\n";
    // The report is whole and says NOT_RUN; a FAIL before the trouble stays one.
    if (code != kExitFail) code = kExitTrouble;
  }
  return code;
}

Result<int> Run::go(const std::string& proof_file) {
  // Whatever can be wrong on this side is said before any device is started.
  SHOGO_TRY(bundle_, Bundle::create(request_.out));
  SHOGO_TRY(const Proof proof, find_proof(proof_file));

  SHOGO_CHECK_OK(open_devices());
  Device& device = devices_.front()->device();
  if (!proof.remark.empty()) terminal_.err << "shogo run: " << proof.remark << "\n";
  const Hello hello = device.hello();
  terminal_.err << fmt::format("Judging {} {} (firmware {}), profile {}, seed {}\n", hello.model,
                               hello.serial, hello.firmware, request_.device.profile, request_.device.seed);
  if (const auto* rpc = dynamic_cast<const RpcDevice*>(&device); rpc != nullptr && !rpc->mutant().empty())
    terminal_.err << "shogo run: this device says it is a mutant (" << rpc->mutant() << ")\n";

  RunOutcome outcome = play(proof.matrix);
  const bool abandoned = outcome.abandoned;
  Result<int> code = finish(std::move(outcome), hello);
  if (!abandoned) return code;
  // A script that never returned still holds the device: end here, its processes end with us.
  if (!code) complain(terminal_, kHelp.name, code.error());
  terminal_.out.flush();
  std::_Exit(code ? *code : kExitTrouble);
}

}  // namespace

int run_command(const Words& words, Terminal& terminal) {
  const auto arguments = Arguments::parse(kHelp, words, 0);
  if (!arguments) return complain(terminal, kHelp.name, arguments.error());
  if (arguments->has("--help")) {
    terminal.out << print_help(kHelp);
    return kExitOk;
  }
  const auto catalogue = catalogue_of(*arguments);
  if (!catalogue) return complain(terminal, kHelp.name, catalogue.error());
  auto request = read_request(*arguments, terminal, *catalogue);
  if (!request) return complain(terminal, kHelp.name, request.error());
  const auto code = Run(*std::move(request), *catalogue, terminal).go(arguments->get("--proof"));
  return code ? *code : complain(terminal, kHelp.name, code.error());
}

}  // namespace shogo::conformance
