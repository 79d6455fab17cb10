#include <cstdlib>
#include <utility>

#include <fmt/core.h>

#include <shogo/base/file.h>
#include <shogo/base/json_reader.h>
#include <shogo/conformance/open_device.h>
#include <shogo/conformance/rpc_device.h>
#include <shogo/conformance/staff_side.h>
#include <shogo/contract/bench_config.h>
#include <shogo/contract/states.h>
#include <shogo/sim/loopback_port.h>
#include <shogo/sim/world.h>

namespace shogo::conformance {
namespace {

constexpr auto kStartLimit = std::chrono::seconds(20);
constexpr milliseconds kHelloLimit{5'000};
constexpr milliseconds kForgetLimit{25'000};  ///< the link may have to come up first
constexpr int kBriskPoll_ms = 40;             ///< a run would else be spent waiting for pcscd's 400 ms
constexpr std::string_view kMatcherLibrary = "libshogo-matcher-sim";
constexpr sim::Panel kReferencePanel{8.0, 800, 1280};  // panel-8-portrait, which WorldOptions asks for

std::filesystem::path own_folder() {
  std::error_code ec;
  return std::filesystem::read_symlink("/proc/self/exe", ec).parent_path();
}

class BenchDevice final : public ReferenceUnderTest, public HostSide, public StaffSide {
 public:
  static Result<std::unique_ptr<BenchDevice>> open(const DeviceRequest& request);
  ~BenchDevice() override { end_case(); }

  Device& device() override { return *device_; }
  sim::World* world() override { return world_.get(); }
  const EngineOffer* engine() override { return engine_.library.empty() ? nullptr : &engine_; }
  HostSide* host() override { return processes_ ? this : nullptr; }

  ReferenceProcesses& processes() override { return *processes_; }
  Result<void> start_again(std::string_view program) override;

  Result<void> crash_agent() override {
    processes_->crash(kHostAgent);
    return {};
  }
  Result<void> start_agent() override { return processes_->start(kHostAgent); }
  Result<void> arm_visual_check() override {
    visual_check_armed_ = true;
    return processes_->switch_visual_check(true);
  }

  Result<void> rot_installed() override;

  Result<void> begin_case(std::string_view, std::uint64_t, Recorder& recorder) override {
    SHOGO_CHECK_OK(world_->reset());
    if (processes_ && !processes_->running(kHostAgent)) SHOGO_CHECK_OK(start_agent());
    SHOGO_CHECK_OK(forget_updates());
    world_->observe([&recorder](std::string_view source, std::string_view kind, json::object data) {
      recorder.record(source, kind, std::move(data));
    });
    return {};
  }
  void end_case() override {
    if (world_ == nullptr) return;
    world_->observe(nullptr);
    if (std::exchange(visual_check_armed_, false)) (void)processes_->switch_visual_check(false);
    world_->watch_lines(false);
    for (const auto line : {sim::World::Line::kReaderLink, sim::World::Line::kServer})
      world_->set_line(line, sim::LineFault::kNone);
    if (!world_->names_environment().empty()) (void)world_->set_names(sim::World::NameFault::kNone);
    world_->restore_civil_time();
    (void)world_->fill_storage(false);
    world_->take_card();
    world_->set_server(sim::ServerFault::kNone);
  }

 private:
  BenchDevice() = default;
  Result<void> start_reference(const DeviceRequest& request);
  /// A device that has met update packages is no longer as it was built, and the next case expects that.
  Result<void> forget_updates();
  /// Connects when not connected yet. True when the reference reader shows its idle screen.
  Result<bool> is_ready();
  Result<void> wait_ready();

  // Destroyed from the last to the first: connection, processes, world, folder.
  std::optional<TemporaryFolder> folder_;
  std::unique_ptr<sim::World> world_;
  std::unique_ptr<ReferenceProcesses> processes_;
  contract::BenchConfig bench_config_;
  EngineOffer engine_;
  std::size_t updates_forgotten_ = 0;  ///< of those that the world has offered
  bool visual_check_armed_ = false;    ///< in this case; the next one begins without
  std::unique_ptr<RpcDevice> device_;
};

Result<void> BenchDevice::start_reference(const DeviceRequest& request) {
  bench_config_ = world_->bench();
  bench_config_.adapter_address = fmt::format("127.0.0.1:{}", sim::free_loopback_port());
  SHOGO_CHECK_OK(write_text(world_->bench_file(), contract::print_bench_config(bench_config_)));

  ReferenceProcesses::Options options;
  options.programs = own_folder();
  options.output = folder_->path();
  options.world = world_.get();
  options.mutant = request.mutant;
  options.empty_slot_ms = 5 * kBriskPoll_ms;
  if (!request.mutant.empty()) options.holder = program_of_mutant(request.mutant);
  const bool wrong_matcher = options.holder == kMatcherLibrary;
  engine_.library = own_folder().parent_path() / "lib" /
                    fmt::format("{}{}.so", kMatcherLibrary, wrong_matcher ? "-mutants" : "");
  if (wrong_matcher) engine_.data_folder = request.mutant;
  // The PIN journey scans no card face yet, so this mutant is handed the number B that opens the photo.
  if (options.mutant == "m.log.photo_b64")
    options.mutant += ":" + world_->facts_of(sim::Patient::kCanary).number_b;
  processes_ = std::make_unique<ReferenceProcesses>(std::move(options));
  SHOGO_CHECK_OK(processes_->start());
  world_->set_vitals([this] { return processes_->vitals(); });
  world_->set_storage([this](bool full) { return processes_->fill_storage(full); });
  return wait_ready();
}

Result<void> BenchDevice::wait_ready() {
  RealClock clock;
  const Nanoseconds deadline = clock.now() + kStartLimit;
  for (;;) {
    const auto ready = is_ready();
    if (ready.ok() && *ready) return {};
    if (const std::string ended = processes_->ended(); !ended.empty())
      return Error{Code::kUnavailable,
                   fmt::format("a process of the reference reader ended at once: {}", ended)};
    if (clock.now() > deadline) {
      if (!ready.ok())
        return Error{Code::kTimeout, "the reference reader did not open its adapter in 20 s", ready.error()};
      return Error{Code::kTimeout, "the reference reader did not come to its idle screen in 20 s"};
    }
    clock.sleep_for(milliseconds(20));
  }
}

Result<void> BenchDevice::rot_installed() {
  // Contents have the extension .data and a number that grows (docs/updates.md); the newest is in force.
  std::filesystem::path newest;
  std::filesystem::file_time_type written;
  std::error_code ec;
  for (std::filesystem::directory_iterator
           at(std::filesystem::path(bench_config_.update_folder) / "host-agent", ec),
       end;
       !ec && at != end; at.increment(ec)) {
    if (at->path().extension() != ".data") continue;
    const auto when = at->last_write_time(ec);
    if (newest.empty() || when > written) newest = at->path(), written = when;
  }
  if (newest.empty()) return Error{Code::kNotFound, "no package is installed"};
  SHOGO_TRY(Bytes content, read_file(newest));
  if (content.empty()) return Error{Code::kNotFound, "the installed package is empty"};
  content[content.size() / 2] ^= 1;
  return write_file(newest, content);
}

Result<void> BenchDevice::forget_updates() {
  const std::size_t offered = world_->updates_offered();
  if (offered == updates_forgotten_) return {};
  const auto forgotten = device_->call("reset", {{"level", "factory"}}, kForgetLimit);
  // Without such a reset the next case meets what it meets, and says so where it matters.
  if (!forgotten.ok() && forgotten.error().code() != Code::kUnsupported) return forgotten.error();
  updates_forgotten_ = offered;
  return {};
}

Result<void> BenchDevice::start_again(std::string_view program) {
  if (processes_ == nullptr)
    return Error{Code::kUnsupported, "only the reference reader's programs run here"};
  if (!processes_->running(program)) {
    if (program == kReader) device_.reset();
    SHOGO_CHECK_OK(processes_->start(program));
  }
  return wait_ready();
}

Result<bool> BenchDevice::is_ready() {
  if (device_ == nullptr) {
    SHOGO_TRY(device_,
              RpcDevice::connect(
                  "ws://" + bench_config_.adapter_address,
                  parse_json(contract::print_bench_config(bench_config_), "bench").value().as_object(),
                  kHelloLimit));
  }
  // Not before its host agent has met it: how long that takes is no part of the first case's evidence.
  SHOGO_TRY(const json::value tree, device_->call("get_ui_tree", {}, kHelloLimit));
  const json::value* state = tree.is_object() ? tree.get_object().if_contains("state") : nullptr;
  return state != nullptr && *state == json::string_view(contract::to_string(contract::State::kIdle));
}

Result<std::unique_ptr<BenchDevice>> BenchDevice::open(const DeviceRequest& request) {
  auto bench = std::unique_ptr<BenchDevice>(new BenchDevice);
  SHOGO_TRY(bench->folder_, TemporaryFolder::create("shogo"));
  sim::WorldOptions options;
  options.seed = request.seed;
  options.folder = bench->folder_->path() / "world";
  options.pcscd_poll_ms = kBriskPoll_ms;
  if (is_reference(request.dut)) {
    options.bench_names = (own_folder().parent_path() / "lib" / "libshogo-bench-names.so").string();
    // A test's own trouble, loaded beside ours.
    if (const char* more = std::getenv("SHOGO_BENCH_PRELOAD")) options.bench_names += std::string(":") + more;
  }
  // The mutant that this variant must catch is a mutant of the variant.
  if (request.dut == kReferenceTwoAreas || request.mutant == "m.ui.no_slot_guidance")
    options.panel = "panel-8-two-areas";
  options.fund_program = (own_folder().parent_path() / "lib" / "libshogo-fund-sim.so").string();
  const auto keypad = keypad_of(request.dut);
  // A vendor's device may bring a port into which the bench can plug its own.
  options.keypad = keypad.value_or("external");
  std::error_code ec;
  std::filesystem::create_directory(options.folder, ec);
  if (ec)
    return Error{Code::kDenied, fmt::format("cannot create {}: {}", options.folder.string(), ec.message())};
  SHOGO_TRY(bench->world_, sim::World::start(options));
  if (is_reference(request.dut)) {
    bench->world_->set_simulated_panel(kReferencePanel);
    SHOGO_CHECK_OK(bench->start_reference(request));
  } else {
    SHOGO_TRY(json::value config, parse_json(contract::print_bench_config(bench->world_->bench()), "bench"));
    SHOGO_TRY(bench->device_, RpcDevice::connect(request.dut, config.as_object(), kHelloLimit));
    bench->engine_ = request.engine;
  }
  return bench;
}

}  // namespace

bool is_reference(std::string_view dut) {
  return keypad_of(dut).has_value();
}

std::string_view program_of_mutant(std::string_view mutant) {
  const auto starts = [&](std::string_view prefix) { return mutant.substr(0, prefix.size()) == prefix; };
  if (starts("m.nfc.") || mutant == "m.reader.needs_app") return "shogo-nfc";
  if (starts("m.thr.")) return kMatcherLibrary;
  if (mutant == "m.dump.ptrace_ok") return kEveryProgram;
  if (mutant == "m.aud.via_host") return kBothEnds;
  if (starts("m.flow.") || starts("m.card.") || starts("m.phone.") || mutant == "m.pin.double_verify" ||
      mutant == "m.log.name" || mutant == "m.log.photo_b64" || mutant == "m.reader.interleave" ||
      starts("m.usb.") || starts("m.mgmt.") || starts("m.update.") || starts("m.upd.") ||
      mutant == "m.elog.prints_apdu")
    return "shogo-host-agent";
  return "shogo-reader";
}

Result<std::unique_ptr<DeviceUnderTest>> open_device(const DeviceRequest& request) {
  // A vendor's address is tried before the world is built: the commonest mistake gets its answer at once.
  if (!is_reference(request.dut)) {
    SHOGO_TRY(const DeviceAddress address, parse_device_address(request.dut));
  }
  SHOGO_TRY(auto bench, BenchDevice::open(request));
  return std::unique_ptr<DeviceUnderTest>(std::move(bench));
}

Result<std::unique_ptr<ReferenceUnderTest>> open_reference(const DeviceRequest& request) {
  SHOGO_TRY(auto bench, BenchDevice::open(request));
  return std::unique_ptr<ReferenceUnderTest>(std::move(bench));
}

}  // namespace shogo::conformance
