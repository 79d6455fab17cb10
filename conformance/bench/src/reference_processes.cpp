#include "process.h"
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <fmt/core.h>
#include <sys/resource.h>

#include <shogo/base/clock.h>
#include <shogo/base/file.h>
#include <shogo/base/json_reader.h>
#include <shogo/conformance/reference_processes.h>
#include <shogo/conformance/staff.h>
#include <shogo/sim/loopback_port.h>

namespace shogo::conformance {
namespace {

constexpr auto kAgentLimit = std::chrono::seconds(10);
constexpr rlim_t kLastRoom = 40;  // less than any record

std::int64_t status_kb(const std::filesystem::path& folder, std::string_view key) {
  const auto text = read_text(folder / "status");
  const std::size_t at = text.ok() ? text->find(key) : std::string::npos;
  return at == std::string::npos ? 0 : std::atoll(text->c_str() + at + key.size());
}

/// Of all its threads; the scheduler counts in nanoseconds.
Nanoseconds cpu_time_of(const std::filesystem::path& folder) {
  std::int64_t sum = 0;
  std::error_code ec;
  for (const auto& task : std::filesystem::directory_iterator(folder / "task", ec))
    if (const auto text = read_text(task.path() / "schedstat"); text.ok()) sum += std::atoll(text->c_str());
  return Nanoseconds(sum);
}

sim::Vitals vitals_of(const std::string& name, int pid) {
  const std::filesystem::path folder = fmt::format("/proc/{}", pid);
  std::error_code ec;
  std::int64_t handles = 0;
  for (auto entry = std::filesystem::directory_iterator(folder / "fd", ec);
       !ec && entry != std::filesystem::directory_iterator(); entry.increment(ec))
    ++handles;
  return {name, status_kb(folder, "RssAnon:"), ec ? -1 : handles, cpu_time_of(folder)};
}

Result<void> set_quota(int pid, const std::filesystem::path& log, bool full) {
  std::error_code ec;
  const auto size = std::filesystem::file_size(log, ec);
  rlimit limit{};
  if (::prlimit(pid, RLIMIT_FSIZE, nullptr, &limit) == 0) {
    limit.rlim_cur = full ? (ec ? 0 : size) + kLastRoom : limit.rlim_max;
    if (::prlimit(pid, RLIMIT_FSIZE, &limit, nullptr) == 0) return {};
  }
  return Error{Code::kDenied,
               fmt::format("cannot set a quota for process {}: {}", pid, std::strerror(errno))};
}

}  // namespace

struct ReferenceProcesses::Program {
  std::string name, log;
  std::vector<std::string> command, environment;
  std::unique_ptr<Process> process;
  int starts = 0;
};

ReferenceProcesses::ReferenceProcesses(Options options) : options_(std::move(options)) {
  // The host agent before the reader: a first attempt in vain to reach it would cost a second.
  for (const auto& [name, log] : {std::pair{kFrontEnd, "nfc.log"}, std::pair{kHostAgent, "host-agent.log"},
                                  std::pair{kReader, "reader.log"}}) {
    auto program = std::make_unique<Program>();
    program->name = name;
    program->log = log;
    const bool holds = options_.holder == name || options_.holder == kEveryProgram ||
                       (options_.holder == kBothEnds && name != kFrontEnd);
    program->command = {(options_.programs / (std::string(name) + (holds ? "-mutants" : ""))).string(),
                        "--bench", options_.world->bench_file().string()};
    if (holds) program->command.insert(program->command.end(), {"--mutant", options_.mutant});
    if (name == kFrontEnd && options_.empty_slot_ms > 0)
      program->command.insert(program->command.begin() + 3,
                              {"--empty-slot", std::to_string(options_.empty_slot_ms)});
    if (name != kFrontEnd) program->environment = options_.world->names_environment();
    programs_.push_back(std::move(program));
  }
}

ReferenceProcesses::~ReferenceProcesses() = default;

ReferenceProcesses::Program* ReferenceProcesses::find(std::string_view name) {
  for (const auto& program : programs_)
    if (program->name == name) return program.get();
  return nullptr;
}

Result<void> ReferenceProcesses::start() {
  for (const auto& program : programs_) SHOGO_CHECK_OK(start(program->name));
  return {};
}

Result<void> ReferenceProcesses::start(std::string_view name) {
  Program* program = find(name);
  if (program == nullptr)
    return Error{Code::kInternal, fmt::format("the reference reader has no program {}", name)};
  const auto output = options_.output / fmt::format("{}-{}.out", program->name, ++program->starts);
  SHOGO_TRY(program->process, Process::start(program->command, output, program->environment));
  return name == kHostAgent ? listening(*program) : Result<void>();
}

Result<void> ReferenceProcesses::listening(Program& agent) {
  const std::string& where = options_.world->bench().link_listen;
  const auto port = static_cast<std::uint16_t>(std::stoi(where.substr(where.rfind(':') + 1)));
  RealClock clock;
  const Nanoseconds deadline = clock.now() + kAgentLimit;
  while (!sim::port_listens(port)) {
    if (!agent.process->running())
      return Error{Code::kUnavailable,
                   fmt::format("the host agent ended at once: {}", agent.process->last_words())};
    if (clock.now() > deadline)
      return Error{Code::kTimeout, "the host agent did not open its end of the reader link"};
    clock.sleep_for(milliseconds(2));
  }
  return {};
}

Result<std::string> ReferenceProcesses::ask_agent(std::vector<std::string> words) {
  words.insert(words.begin(), (options_.programs / kHostAgent).string());
  words.insert(words.end(), {"--bench", options_.world->bench_file().string()});
  SHOGO_TRY(const auto asked, Process::start(words, options_.output / "staff.out"));
  RealClock clock;
  const Nanoseconds deadline = clock.now() + kAgentLimit;
  while (asked->running()) {
    if (clock.now() > deadline)
      return Error{Code::kTimeout, fmt::format("shogo-host-agent {} does not end", words[1])};
    clock.sleep_for(milliseconds(2));
  }
  return asked->last_words();
}

Result<void> ReferenceProcesses::switch_visual_check(bool on) {
  const std::filesystem::path folder = options_.world->bench().management_folder;
  const std::string first = (folder / "first-password.txt").string();
  const std::string password = (options_.output / "staff-password.txt").string();
  SHOGO_CHECK_OK(write_text(password, kStaffPassword));
  if (std::filesystem::exists(first)) {
    SHOGO_TRY(const std::string set,
              ask_agent({"set-password", "--password-file", first, "--new-password-file", password}));
    if (set.find("done") == std::string::npos)
      return Error{Code::kUnavailable, fmt::format("the staff's password cannot be set: {}", set)};
  }
  SHOGO_TRY(const std::string told,
            ask_agent({"visual-check", on ? "on" : "off", "--json", "--password-file", password}));
  const auto answer = parse_json(told, "visual-check");
  const json::object* object = answer.ok() ? answer->if_object() : nullptr;
  const json::value* armed = object == nullptr ? nullptr : object->if_contains("armed");
  if (armed != nullptr && *armed == on) return {};
  return Error{Code::kUnavailable, fmt::format("the visual check cannot be switched: {}", told)};
}

void ReferenceProcesses::crash(std::string_view name) {
  Program* program = find(name);
  if (program == nullptr || !program->process) return;
  program->process->crash();
  program->process.reset();
}

bool ReferenceProcesses::running(std::string_view name) {
  Program* program = find(name);
  return program != nullptr && program->process && program->process->running();
}

int ReferenceProcesses::pid(std::string_view name) {
  return running(name) ? find(name)->process->pid() : -1;
}

std::string ReferenceProcesses::ended() {
  for (const auto& program : programs_)
    if (program->process && !program->process->running())
      return fmt::format("{}: {}", program->name, program->process->last_words());
  return {};
}

std::vector<sim::Vitals> ReferenceProcesses::vitals() {
  std::vector<sim::Vitals> all;
  for (const auto& program : programs_)
    if (running(program->name)) all.push_back(vitals_of(program->name, program->process->pid()));
  return all;
}

Result<void> ReferenceProcesses::fill_storage(bool full) {
  for (const auto& program : programs_)
    if (running(program->name))
      SHOGO_CHECK_OK(set_quota(program->process->pid(),
                               std::filesystem::path(options_.world->bench().log_folder) / program->log,
                               full));
  return {};
}

}  // namespace shogo::conformance
