// The reference reader's processes on this machine: started with nothing but bench.json, looked at and
// troubled from outside as an operating system can. One thread at a time.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <shogo/base/result.h>
#include <shogo/sim/world.h>

namespace shogo::conformance {

inline constexpr std::string_view kFrontEnd = "shogo-nfc";
inline constexpr std::string_view kHostAgent = "shogo-host-agent";
inline constexpr std::string_view kReader = "shogo-reader";
inline constexpr std::string_view kEveryProgram = "all";
/// A defect that needs both: the reader and the host agent.
inline constexpr std::string_view kBothEnds = "both ends of the reader link";

class ReferenceProcesses {
 public:
  struct Options {
    std::filesystem::path programs;  ///< folder of the programs
    std::filesystem::path output;    ///< folder for what they print
    sim::World* world = nullptr;     ///< must outlive this; bench.json is written
    std::string mutant;              ///< held by `holder`, as NAME-mutants; empty: none
    std::string holder;              ///< one program, kBothEnds or kEveryProgram
    int empty_slot_ms = 0;  ///< how long a slot stays empty after a card; 0: as long as a stock pcscd needs
  };
  explicit ReferenceProcesses(Options options);
  ~ReferenceProcesses();
  ReferenceProcesses(const ReferenceProcesses&) = delete;
  ReferenceProcesses& operator=(const ReferenceProcesses&) = delete;

  /// All three; returns when the host agent listens.
  Result<void> start();
  /// One that does not run; the host agent listens when this returns.
  Result<void> start(std::string_view program);
  /// The visual check of 3-14.c, switched as staff do: with `shogo-host-agent visual-check` and the password
  /// that they have set at their first start. kUnavailable, with its last words, when it is not as asked
  /// afterwards.
  Result<void> switch_visual_check(bool on);
  /// SIGKILL: it ends without a word. Not an error when it has ended already.
  void crash(std::string_view program);
  [[nodiscard]] bool running(std::string_view program);
  /// -1 when it has ended.
  [[nodiscard]] int pid(std::string_view program);
  /// One that ended by itself: its last words. Empty: all run.
  [[nodiscard]] std::string ended();

  [[nodiscard]] std::vector<sim::Vitals> vitals();
  /// A quota for each process stands for its full storage (RLIMIT_FSIZE), because a bench need not be root
  /// and the machine's disk is not ours to fill: what is stored stays, the next record begins and does not
  /// fit.
  Result<void> fill_storage(bool full);

 private:
  struct Program;
  Program* find(std::string_view name);
  Result<void> listening(Program& agent);
  /// `shogo-host-agent WORDS --bench FILE`: what it prints.
  Result<std::string> ask_agent(std::vector<std::string> words);

  Options options_;
  std::vector<std::unique_ptr<Program>> programs_;
};

}  // namespace shogo::conformance
