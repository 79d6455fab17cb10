// A face matcher's library (base/contract/matcher.h) in a process of its own: shogo-matcher-host loads it
// under limits of time and memory, without a network where the kernel allows that. Whatever the library does
// — crash, hang, end the process, write beyond its buffers, answer nonsense — is an Error here that says what
// it was doing, never a score. One thread at a time; the process ends with this object.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <shogo/base/image.h>
#include <shogo/base/result.h>
#include <shogo/contract/matcher.h>

namespace shogo::engine {

struct Limits {
  std::chrono::milliseconds call{10'000};  ///< for one call of the library; opening may take four times that
  std::uint64_t memory = std::uint64_t{4} << 30;  ///< address space of the process, bytes
};

/// What the library says about itself, and what we measured of it.
struct EngineInfo {
  std::string name, version;
  std::string engine_sha256;            ///< declared, lower-case hex
  std::string library_sha256;           ///< of the file that was loaded
  std::uint32_t template_size_max = 0;  ///< bytes
  bool higher_is_similar = true;
  bool network_cut = false;  ///< the kernel let us take the network away
};

/// A template stays in the engine's process; `id` is its number there.
struct TemplateAnswer {
  shogo_matcher_status status = SHOGO_MATCHER_FAILED;
  std::uint32_t id = 0;    ///< only with SHOGO_MATCHER_OK
  std::uint32_t size = 0;  ///< bytes
};

struct CompareAnswer {
  shogo_matcher_status status = SHOGO_MATCHER_FAILED;
  double score = 0;  ///< finite with SHOGO_MATCHER_OK
};

class EngineProcess {
 public:
  /// `host`: the program shogo-matcher-host; empty: beside the running program.
  static Result<std::unique_ptr<EngineProcess>> start(const std::filesystem::path& library,
                                                      const std::filesystem::path& data_folder,
                                                      const Limits& limits = {},
                                                      const std::filesystem::path& host = {});
  ~EngineProcess();
  EngineProcess(const EngineProcess&) = delete;
  EngineProcess& operator=(const EngineProcess&) = delete;

  [[nodiscard]] const EngineInfo& info() const { return info_; }
  /// `what` names the image in messages. Statuses of the contract are answers; one outside it is an error.
  [[nodiscard]] Result<TemplateAnswer> make_template(const Image& image, shogo_template_role role,
                                                     const std::string& what);
  /// Pairs of (probe, reference) ids, answered in order. A score that is not finite is an error.
  [[nodiscard]] Result<std::vector<CompareAnswer>> compare(
      std::span<const std::pair<std::uint32_t, std::uint32_t>> pairs);

 private:
  EngineProcess() = default;
  [[nodiscard]] Result<void> open(const std::filesystem::path& library,
                                  const std::filesystem::path& data_folder);
  /// Sends a request and receives its answer; `doing` completes "the engine … while …".
  [[nodiscard]] Result<Bytes> ask(ByteView request, const std::string& doing,
                                  std::chrono::milliseconds limit);
  [[nodiscard]] Error ended(const std::string& doing);

  int pid_ = -1;
  int socket_ = -1;
  Limits limits_;
  EngineInfo info_;
  std::size_t batch_ = 1;  ///< comparisons a request; grows while they are fast
};

}  // namespace shogo::engine
