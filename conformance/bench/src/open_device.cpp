#include "process.h"
#include <vector>

#include <fmt/core.h>

#include <shogo/base/file.h>
#include <shogo/base/json_reader.h>
#include <shogo/conformance/open_device.h>
#include <shogo/conformance/rpc_device.h>
#include <shogo/contract/bench_config.h>
#include <shogo/contract/states.h>
#include <shogo/sim/loopback_port.h>
#include <shogo/sim/world.h>

namespace shogo::conformance {
namespace {

constexpr auto kStartLimit = std::chrono::seconds(20);
constexpr auto kAgentLimit = std::chrono::seconds(10);
constexpr milliseconds kHelloLimit{5'000};
constexpr sim::Panel kReferencePanel{8.0, 800, 1280};  // panel-8-portrait, which WorldOptions asks for

std::filesystem::path own_folder() {
  std::error_code ec;
  return std::filesystem::read_symlink("/proc/self/exe", ec).parent_path();
}

class BenchDevice final : public DeviceUnderTest, public HostSide {
 public:
  static Result<std::unique_ptr<DeviceUnderTest>> open(const DeviceRequest& request);
  ~BenchDevice() override { end_case(); }

  Device& device() override { return *device_; }
  sim::World* world() override { return world_.get(); }
  HostSide* host() override { return agent_ != nullptr || !agent_command_.empty() ? this : nullptr; }

  Result<void> crash_agent() override {
    if (agent_) agent_->crash();
    agent_.reset();
    return {};
  }
  Result<void> start_agent() override;

  Result<void> begin_case(std::string_view, std::uint64_t, Recorder& recorder) override {
    SHOGO_CHECK_OK(world_->reset());
    if (!agent_command_.empty() && !agent_) SHOGO_CHECK_OK(start_agent());
    world_->observe([&recorder](std::string_view source, std::string_view kind, json::object data) {
      recorder.record(source, kind, std::move(data));
    });
    return {};
  }
  void end_case() override {
    if (world_ == nullptr) return;
    world_->observe(nullptr);
    world_->watch_lines(false);
    for (const auto line : {sim::World::Line::kReaderLink, sim::World::Line::kServer})
      world_->set_line(line, sim::LineFault::kNone);
    world_->take_card();
    world_->set_server(sim::ServerFault::kNone);
  }

 private:
  BenchDevice() = default;
  Result<void> start_reference(const DeviceRequest& request);
  /// Connects when not connected yet. True when the reference reader shows its idle screen.
  Result<bool> is_ready(const contract::BenchConfig& bench);

  // Destroyed from the last to the first: connection, processes, world, folder.
  std::optional<TemporaryFolder> folder_;
  std::unique_ptr<sim::World> world_;
  std::vector<std::unique_ptr<Process>> processes_;
  std::vector<std::string> agent_command_;
  std::unique_ptr<Process> agent_;
  int agents_ = 0;
  std::vector<std::string> names_;
  std::unique_ptr<RpcDevice> device_;
};

Result<void> BenchDevice::start_agent() {
  SHOGO_TRY(agent_, Process::start(agent_command_,
                                   folder_->path() / fmt::format("shogo-host-agent-{}.out", ++agents_)));
  const std::string& where = world_->bench().link_listen;
  const auto port = static_cast<std::uint16_t>(std::stoi(where.substr(where.rfind(':') + 1)));
  RealClock clock;
  const Nanoseconds deadline = clock.now() + kAgentLimit;
  while (!sim::port_listens(port)) {
    if (!agent_->running())
      return Error{Code::kUnavailable, fmt::format("the host agent ended at once: {}", agent_->last_words())};
    if (clock.now() > deadline)
      return Error{Code::kTimeout, "the host agent did not open its end of the reader link"};
    clock.sleep_for(milliseconds(2));
  }
  return {};
}

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

Result<void> BenchDevice::start_reference(const DeviceRequest& request) {
  contract::BenchConfig bench = world_->bench();
  bench.adapter_address = fmt::format("127.0.0.1:{}", sim::free_loopback_port());
  SHOGO_CHECK_OK(write_text(world_->bench_file(), contract::print_bench_config(bench)));

  const std::string holder = request.mutant.empty() ? "" : std::string(program_of_mutant(request.mutant));
  std::string mutant = request.mutant;
  // The PIN journey scans no card face yet, so this mutant is handed the number B that opens the photo.
  if (mutant == "m.log.photo_b64") mutant += ":" + world_->facts_of(sim::Patient::kCanary).number_b;
  for (const char* name : {"shogo-nfc", "shogo-host-agent", "shogo-reader"}) {
    const bool holds = holder == name;
    std::vector<std::string> command{
        (own_folder() / (std::string(name) + (holds ? "-mutants" : ""))).string(), "--bench",
        world_->bench_file().string()};
    if (holds) command.insert(command.end(), {"--mutant", mutant});
    if (std::string_view(name) == "shogo-host-agent") {
      // It listens before the reader looks for it: a first attempt in vain would cost a second.
      agent_command_ = command;
      SHOGO_CHECK_OK(start_agent());
      continue;
    }
    SHOGO_TRY(auto process, Process::start(command, folder_->path() / fmt::format("{}.out", name)));
    processes_.push_back(std::move(process));
    names_.emplace_back(name);
  }
  world_->set_vitals([this] {
    std::vector<sim::Vitals> all;
    for (std::size_t i = 0; i < processes_.size(); ++i)
      all.push_back(vitals_of(names_[i], processes_[i]->pid()));
    if (agent_) all.push_back(vitals_of("shogo-host-agent", agent_->pid()));
    return all;
  });

  RealClock clock;
  const Nanoseconds deadline = clock.now() + kStartLimit;
  for (;;) {
    const auto ready = is_ready(bench);
    if (ready.ok() && *ready) return {};
    for (const auto& process : processes_) {
      if (!process->running())
        return Error{Code::kUnavailable, fmt::format("a process of the reference reader ended at once: {}",
                                                     process->last_words())};
    }
    if (clock.now() > deadline) {
      if (!ready.ok())
        return Error{Code::kTimeout, "the reference reader did not open its adapter in 20 s", ready.error()};
      return Error{Code::kTimeout, "the reference reader did not come to its idle screen in 20 s"};
    }
    clock.sleep_for(milliseconds(20));
  }
}

Result<bool> BenchDevice::is_ready(const contract::BenchConfig& bench) {
  if (device_ == nullptr) {
    SHOGO_TRY(device_,
              RpcDevice::connect("ws://" + bench.adapter_address,
                                 parse_json(contract::print_bench_config(bench), "bench").value().as_object(),
                                 kHelloLimit));
  }
  // Not before its host agent has met it: how long that takes is no part of the first case's evidence.
  SHOGO_TRY(const json::value tree, device_->call("get_ui_tree", {}, kHelloLimit));
  const json::value* state = tree.is_object() ? tree.get_object().if_contains("state") : nullptr;
  return state != nullptr && *state == json::string_view(contract::to_string(contract::State::kIdle));
}

Result<std::unique_ptr<DeviceUnderTest>> BenchDevice::open(const DeviceRequest& request) {
  auto bench = std::unique_ptr<BenchDevice>(new BenchDevice);
  SHOGO_TRY(bench->folder_, TemporaryFolder::create("shogo"));
  sim::WorldOptions options;
  options.seed = request.seed;
  options.folder = bench->folder_->path() / "world";
  options.brisk_poll = (own_folder().parent_path() / "lib" / "libshogo-brisk-poll.so").string();
  options.fund_program = (own_folder().parent_path() / "lib" / "libshogo-fund-sim.so").string();
  std::error_code ec;
  std::filesystem::create_directory(options.folder, ec);
  if (ec)
    return Error{Code::kDenied, fmt::format("cannot create {}: {}", options.folder.string(), ec.message())};
  SHOGO_TRY(bench->world_, sim::World::start(options));
  if (request.dut == "reference") {
    bench->world_->set_simulated_panel(kReferencePanel);
    SHOGO_CHECK_OK(bench->start_reference(request));
  } else {
    SHOGO_TRY(json::value config, parse_json(contract::print_bench_config(bench->world_->bench()), "bench"));
    SHOGO_TRY(bench->device_, RpcDevice::connect(request.dut, config.as_object(), kHelloLimit));
  }
  return std::unique_ptr<DeviceUnderTest>(std::move(bench));
}

}  // namespace

std::string_view program_of_mutant(std::string_view mutant) {
  const auto starts = [&](std::string_view prefix) { return mutant.substr(0, prefix.size()) == prefix; };
  if (starts("m.nfc.")) return "shogo-nfc";
  if (starts("m.flow.") || starts("m.card.") || mutant == "m.pin.double_verify" || mutant == "m.log.name" ||
      mutant == "m.log.photo_b64" || starts("m.usb.") || mutant == "m.elog.prints_apdu")
    return "shogo-host-agent";
  return "shogo-reader";
}

Result<std::unique_ptr<DeviceUnderTest>> open_device(const DeviceRequest& request) {
  // A vendor's address is tried before the world is built: the commonest mistake gets its answer at once.
  if (request.dut != "reference") {
    SHOGO_TRY(const DeviceAddress address, parse_device_address(request.dut));
  }
  return BenchDevice::open(request);
}

}  // namespace shogo::conformance
