#include "proof_store.h"

#include "build_info.h"

#include <fmt/format.h>

namespace shogo::conformance {

std::filesystem::path default_proof_file() {
  std::error_code ec;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", ec);
  return program.parent_path().parent_path() / "proof" / "kill-matrix.json";
}

Result<Proof> find_proof(const std::string& named) {
  const std::filesystem::path file = named.empty() ? default_proof_file() : std::filesystem::path(named);
  std::error_code ec;
  if (named.empty() && !std::filesystem::exists(file, ec))
    return Proof{std::nullopt, "this build has not been proven yet, so nothing can pass: run shogo prove"};
  auto matrix = load_kill_matrix(file);
  if (!matrix && !named.empty()) return matrix.error();
  if (!matrix) return Proof{std::nullopt, matrix.error().describe() + "; run shogo prove"};
  if (matrix->build_id != build_id())
    return Proof{
        std::nullopt,
        fmt::format("{} is the proof of another build ({}, this is {}), so nothing can pass: run shogo prove",
                    file.string(), matrix->build_id, build_id())};
  return Proof{*std::move(matrix), ""};
}

}  // namespace shogo::conformance
