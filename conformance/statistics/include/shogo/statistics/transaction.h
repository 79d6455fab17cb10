// Attempts and transactions, after ISO/IEC 19795-1 in our own words. An attempt is one try of the device to
// decide; a transaction is all attempts of one person at one time, and succeeds with its first match. Retries
// help the owner and the stranger alike, so both levels are counted as they happened and never computed from
// each other: failures of one person follow each other, and multiplying would promise far too much. Pure
// functions, any thread.
#pragma once

#include <optional>
#include <span>
#include <string>

#include <shogo/base/json_reader.h>
#include <shogo/base/result.h>
#include <shogo/statistics/rate.h>

namespace shogo::statistics {

struct Attempt {
  std::string transaction;
  std::string claimed;   ///< whose reference it was compared with
  std::string probe;     ///< who stood there; equal to `claimed`: genuine
  bool enrolled = true;  ///< false: the reference itself could not be used (FTE), nothing was compared
  bool acquired = true;  ///< false: no usable sample (FTA)
  bool matched = false;
};

struct TransactionLimits {
  std::optional<Limit> fmr, fnmr, far, frr;
  double confidence = kConfidence;
};

struct TransactionRates {
  std::optional<Rate> fte;         ///< share of references that could not be enrolled
  std::optional<Rate> fta;         ///< share of attempts without a usable sample
  std::optional<Rate> fmr, fnmr;   ///< attempts that were compared
  std::optional<Rate> far, frr;    ///< transactions, with every failure to enrol and to acquire
  std::int64_t most_attempts = 0;  ///< in one transaction: the retry policy as seen
};

/// Attempts in order of time within each transaction. Refuses a transaction with two claims or two people, an
/// attempt after a match, and a match without a sample.
[[nodiscard]] Result<TransactionRates> transaction_rates(std::span<const Attempt> attempts,
                                                         const TransactionLimits& limits = {});

[[nodiscard]] json::object to_json(const TransactionRates& rates);

}  // namespace shogo::statistics
