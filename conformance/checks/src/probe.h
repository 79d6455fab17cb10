// A PC/SC client of the bench's own, in a separate process (shogo-probe) that can be killed when a card never
// answers.
#pragma once

#include <vector>

#include <shogo/base/bytes.h>
#include <shogo/base/result.h>
#include <shogo/contract/bench_config.h>

namespace shogo::conformance {

/// Sends the commands in order in one PC/SC transaction and returns the answers, status word included; fewer
/// answers than commands when the card left. kTimeout when the card fell silent.
[[nodiscard]] Result<std::vector<Bytes>> probe(const contract::BenchConfig& bench,
                                               const std::vector<Bytes>& commands);

}  // namespace shogo::conformance
