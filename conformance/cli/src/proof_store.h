// Where the kill matrix of this build lies: beside the program (…/bin/shogo and …/proof/kill-matrix.json), or
// where
// --proof says. Only the matrix of exactly this build proves anything.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include <shogo/conformance/kill_matrix.h>

namespace shogo::conformance {

[[nodiscard]] std::filesystem::path default_proof_file();

struct Proof {
  std::optional<KillMatrix> matrix;
  std::string remark;  ///< why there is none, one line; empty when there is one
};

/// Without `named` an absent or outdated matrix is a remark; a named file that cannot be read is an error.
[[nodiscard]] Result<Proof> find_proof(const std::string& named);

}  // namespace shogo::conformance
