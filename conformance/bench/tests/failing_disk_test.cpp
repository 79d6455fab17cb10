// 4-9.i: the power goes, or the disk gets full, at random bytes of updates, in the real programs and by the
// whole way of the product; each time a working version is there afterwards and the next update is taken.
// SHOGO_CUTS cuts; the environment variables SHOGO_CUT_COUNT and SHOGO_CUT_SEED ask for others.
#include "card_trace.h"
#include "reference_session.h"
#include "update_stage.h"
#include <cstdlib>
#include <map>
#include <optional>

#include <fmt/core.h>

#include <shogo/base/file.h>
#include <shogo/base/rng.h>

namespace shogo::conformance {
namespace {

constexpr milliseconds kSoon{120'000};    ///< on a busy machine
constexpr std::uint64_t kOneIn = 20;      ///< cuts of the host agent among all; it comes back in a second
constexpr std::uint64_t kOneInTwice = 4;  ///< cuts that are followed by an order for another one
constexpr std::uint64_t kMostPadding = 20'000;
constexpr std::uint64_t kFullSteps = 40;
constexpr std::uint64_t kWork = 4'500;  ///< of an installation beside its content, roughly

std::uint64_t asked(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

/// One end of the product and the kind of package that it keeps for itself.
struct End {
  std::string_view program;
  const char* folder;
  PackageKind kind;
  const char* part;
  std::uint16_t minor = 0;   ///< of the version in force
  std::uint16_t newest = 0;  ///< of the version that was offered last
};

class FailingDisk : public testing::Test {
 protected:
  FailingDisk() : folder_(*TemporaryFolder::create("power")) {
    ::setenv("SHOGO_FAILING_DISK", (folder_.path() / "order").c_str(), 1);
    ::setenv("SHOGO_BENCH_PRELOAD", SHOGO_LIB_DIR "/libshogo-failing-disk.so", 1);
    session_.emplace(DeviceRequest{});
    EXPECT_TRUE(session_->stage && look_often(*session_->stage).ok());
    EXPECT_TRUE(session_->stage->set_settings({{"reconnect_longest_ms", 1'000}}).ok());
  }
  ~FailingDisk() override {
    ::unsetenv("SHOGO_FAILING_DISK");
    ::unsetenv("SHOGO_BENCH_PRELOAD");
  }
  [[nodiscard]] std::filesystem::path order_for(const End& end) const {
    return folder_.path() / fmt::format("order.{}", end.program);
  }
  void withdraw(const End& end) const {
    std::error_code ec;
    std::filesystem::remove(order_for(end), ec);
  }
  ReferenceUnderTest& dut() { return *session_->dut; }

  void order(const char* what, const End& end, std::uint64_t work) {
    const auto folder = std::filesystem::path(session_->world().bench().update_folder) / end.folder;
    const std::filesystem::path beside = folder_.path() / "new";
    ASSERT_TRUE(
        write_text(beside, fmt::format("{} {} {} {}\n", what, rng_.below(1U << 30), work, folder.string()))
            .ok());
    std::filesystem::rename(beside, order_for(end));
  }
  /// Nothing: the reader does not answer.
  std::optional<std::string> version_of(const End& end) {
    const auto told = dut().device().call("get_versions", {}, kAnswerWait);
    if (!told.ok() || !told->is_object()) return std::nullopt;
    return text_of(told->get_object(), end.part);
  }
  static std::string version(std::uint16_t minor) { return minor == 0 ? "" : fmt::format("1.{}.0", minor); }

  Bytes next_package(End& end) {
    // A host agent that has started again would look at everything that is still offered.
    EXPECT_TRUE(session_->world().reset().ok());
    ++end.newest;
    std::string content = end.kind == PackageKind::kFirmwareData
                              ? fmt::format(R"({{"format":1,"firmware":"0.1.0","screens":{{"idle":{{"title":)"
                                            R"({{"ja":"第{}版"}}}}}}}})",
                                            end.newest)
                              : R"({"format":1,"profiles":[{"name":"other","application":"F053484F474F01",)"
                                R"("pin_file":"0018"}]})";
    content.insert(content.size() - 1, std::string(rng_.below(kMostPadding), ' '));
    return sound_package(*session_->stage, {end.kind, {1, end.newest, 0}, end.newest, false}, content);
  }

  /// Offers the next version and lets the power go somewhere in its installation. False: it was installed
  /// before.
  bool cut_while_updating(End& end) {
    const Bytes package = next_package(end);
    order("cut", end, 1 + rng_.below(kWork + package.size()));
    (void)session_->world().offer_update(package);
    RealClock clock;
    for (Nanoseconds until = clock.now() + kSoon; clock.now() < until; clock.sleep_for(milliseconds{2})) {
      if (!dut().processes().running(end.program)) return true;
      if (version_of(end) != version(end.newest)) continue;
      // Whatever is left to do is tidying up; an order that waits still would hit the next start.
      withdraw(end);
      return !dut().processes().running(end.program);
    }
    ADD_FAILURE() << end.program << " neither installs nor ends";
    return false;
  }
  void start(const End& end) {
    const auto started = dut().start_again(end.program);
    EXPECT_TRUE(started.ok() || !dut().processes().running(end.program)) << started.error().describe();
  }
  /// Starts it as a service manager would, whenever it ends, until the offered version is in force or was
  /// given up; at all times the version in force is that one or the one before. Whether it is the new one.
  bool settle(const End& end, std::uint16_t before) {
    RealClock clock;
    for (Nanoseconds until = clock.now() + kSoon; clock.now() < until; clock.sleep_for(milliseconds{2})) {
      if (!dut().processes().running(end.program)) {
        ++starts_;
        start(end);
        continue;
      }
      const auto told = version_of(end);
      if (!told) continue;
      if (*told == version(end.newest)) return true;
      EXPECT_EQ(*told, version(before));
      if (given_up(end)) return false;
    }
    ADD_FAILURE() << "version " << version(end.newest) << " neither comes nor is given up";
    return false;
  }
  /// The reader shows the words of the version in force.
  void expect_words(const End& end) {
    if (end.kind != PackageKind::kFirmwareData) return;
    const auto tree = dut().device().call("get_ui_tree", {}, kAnswerWait);
    ASSERT_TRUE(tree.ok());
    EXPECT_NE(boost::json::serialize(*tree).find(end.minor == 0 ? "カードを置いて"
                                                                : fmt::format("第{}版", end.minor)),
              std::string::npos);
  }
  /// The reader's log or the host agent's tells that this version was given up after two starts.
  bool given_up(const End& end) {
    const auto log =
        std::filesystem::path(session_->world().bench().log_folder) / fmt::format("{}.log", end.folder);
    const auto text = read_text(log);
    return text.ok() && text->find(R"("outcome":"rolled_back","reason":"no_start")", seen_[end.folder]) !=
                            std::string::npos;
  }
  /// Until the end's log tells what became of the offered version: installed, or refused because of the disk.
  bool wait_for_outcome(const End& end) {
    const auto log =
        std::filesystem::path(session_->world().bench().log_folder) / fmt::format("{}.log", end.folder);
    const std::string about = fmt::format(R"("event":"update","kind":"{}","version":"{}","outcome":)",
                                          end.part, version(end.newest));
    RealClock clock;
    for (Nanoseconds until = clock.now() + kSoon; clock.now() < until; clock.sleep_for(milliseconds{2})) {
      const auto text = read_text(log);
      const std::size_t at = text.ok() ? text->find(about, seen_[end.folder]) : std::string::npos;
      if (at == std::string::npos) continue;
      const std::string_view rest = std::string_view(*text).substr(at + about.size());
      const bool came = rest.rfind(R"("installed")", 0) == 0;
      EXPECT_TRUE(came || rest.rfind(R"("refused","reason":"storage_full")", 0) == 0) << rest.substr(0, 80);
      const std::string in_force = version(came ? end.newest : end.minor);
      // The reader hears of the host agent's after it was written down.
      while (version_of(end) != in_force && clock.now() < until) clock.sleep_for(milliseconds{2});
      EXPECT_EQ(version_of(end), in_force);
      return came;
    }
    ADD_FAILURE() << "no word about version " << version(end.newest);
    return false;
  }
  void mark(const End& end) {
    const auto log =
        std::filesystem::path(session_->world().bench().log_folder) / fmt::format("{}.log", end.folder);
    std::error_code ec;
    const auto size = std::filesystem::file_size(log, ec);
    seen_[end.folder] = ec ? 0 : size;
  }

  TemporaryFolder folder_;
  std::uint64_t seed_ = asked("SHOGO_CUT_SEED", 1);
  Rng rng_{seed_, "update cuts"};
  std::optional<ReferenceSession> session_;
  std::map<std::string, std::size_t> seen_;  ///< of each log, before the present update
  std::uint64_t starts_ = 0;                 ///< after the present cut
};

TEST_F(FailingDisk, power_cuts_at_random_bytes_end_in_a_working_version_that_takes_the_next_update) {
  const std::uint64_t count = asked("SHOGO_CUT_COUNT", SHOGO_CUTS);
  End reader{kReader, "reader", PackageKind::kFirmwareData, "firmware_data"};
  End agent{kHostAgent, "host-agent", PackageKind::kCardProfiles, "card_profiles"};
  RealClock clock;
  const Nanoseconds began = clock.now();
  std::uint64_t cuts = 0, of_agent = 0, twice = 0, whole = 0, old = 0;
  while (cuts < count && !HasFailure()) {
    End& end = rng_.below(kOneIn) == 0 ? agent : reader;
    SCOPED_TRACE(fmt::format("cut {} of {}, version {}", cuts + 1, end.program, end.newest + 1));
    const std::uint16_t before = end.minor;
    mark(end);
    if (!cut_while_updating(end)) {
      ++whole;
      end.minor = end.newest;
      continue;
    }
    ++cuts;
    if (&end == &agent) ++of_agent;
    if (rng_.below(kOneInTwice) == 0) order("cut", end, 1 + rng_.below(kWork / 2));
    starts_ = 0;
    // Cut in its trial and in the start after it, a version has had its chances: the one before stays.
    if (settle(end, before)) {
      end.minor = end.newest;
    } else {
      ++old;
    }
    if (starts_ > 1) ++twice;
    withdraw(end);
    expect_words(end);
    if (cuts % 50 == 0) {
      fmt::print("{} of {} cuts, {} s\n", cuts, count, (clock.now() - began) / std::chrono::seconds{1});
      std::fflush(stdout);
    }
  }
  fmt::print(
      "{} power cuts, seed {}: {} of the reader, {} of the host agent, {} with a second one on the way back; "
      "afterwards {} times the new version, {} times the one before; {} updates went through uncut; {} s\n",
      cuts, seed_, cuts - of_agent, of_agent, twice, cuts - old, old, whole,
      (clock.now() - began) / std::chrono::seconds{1});
}

/// Step by step through an installation: what does not fit is refused, and what was before stays.
TEST_F(FailingDisk, a_disk_that_gets_full_at_any_step_of_an_update_leaves_what_was_before) {
  End reader{kReader, "reader", PackageKind::kFirmwareData, "firmware_data"};
  End agent{kHostAgent, "host-agent", PackageKind::kCardProfiles, "card_profiles"};
  int refused = 0, installed = 0;
  for (End* end : {&reader, &agent}) {
    const std::uint64_t steps = kWork + kMostPadding / 2;
    for (std::uint64_t work = 1; work < steps && !HasFailure(); work += steps / kFullSteps) {
      SCOPED_TRACE(fmt::format("{}, full after {}", end->program, work));
      mark(*end);
      const Bytes package = next_package(*end);
      order("full", *end, work);
      (void)session_->world().offer_update(package);
      const bool came = wait_for_outcome(*end);
      (came ? installed : refused) += 1;
      if (came) end->minor = end->newest;
      expect_words(*end);
      order("well", *end, 0);
    }
    mark(*end);
    (void)session_->world().offer_update(next_package(*end));
    EXPECT_TRUE(wait_for_outcome(*end)) << "with room again the next one is taken";
    EXPECT_TRUE(session_->dut->processes().running(end->program));
  }
  EXPECT_GT(refused, 0);
  EXPECT_GT(installed, 0);
}

}  // namespace
}  // namespace shogo::conformance
