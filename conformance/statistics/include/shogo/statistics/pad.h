// Rates of presentation attack detection, after ISO/IEC 30107-3 (terms of 2023, in our own words).
//
// The unit is the presentation for APCER, BPCER and the non-response rates, and the transaction (a whole
// session with all its retries) for IAPAR and FRR: 1 % a presentation is about 3 % a session of three tries.
// Frames are never a unit: rows with the same presentation id are one presentation. Attacks are reported
// species by species; there is no figure without a species and no pooled one. Presentations without a
// response stay in every denominator: as a failed attack on one side, as an error on the other. Pure
// functions, any thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include <shogo/base/json_reader.h>
#include <shogo/base/result.h>
#include <shogo/statistics/rate.h>

namespace shogo::statistics {

enum class Response { kOk, kNoResponse, kError };

/// One row of a presentation log.
struct Presentation {
  std::string presentation;  ///< id; several rows (frames) with one id are one presentation
  std::string transaction;   ///< id of the session it belongs to; empty: a session of its own
  std::string species;       ///< the attack's production method; empty: bona fide
  std::string subject;  ///< the person, or the person attacked: presentations of one depend on each other
  Response response = Response::kOk;
  std::optional<bool> pad_attack;  ///< the attack detection's decision, when the device tells it
  std::optional<bool> accepted;    ///< the whole device's decision after this presentation
};

struct SpeciesRates {
  std::string species;
  std::int64_t presentations = 0, transactions = 0, subjects = 0;
  std::optional<Rate> iapar;  ///< when the device's decision is known
  std::optional<Rate> apcer;  ///< when the attack detection's decision is known
  Rate apnrr;
  std::optional<double> riapar;  ///< IAPAR + FRR, an estimate without a verdict
};

struct PadLimits {
  Limit attack{0.01, true};        ///< 1-1: under 1 % for every species
  Limit bona_fide{0.15, false};    ///< control, ours: a device that refuses everybody must not pass
  Limit no_response{0.10, false};  ///< ours: nor one that never answers
  double confidence = kConfidence;
  std::int64_t planned_transactions = 0;  ///< for each species
};

struct PadRates {
  std::vector<SpeciesRates> species;  ///< in order of name
  std::optional<Rate> frr;            ///< bona fide transactions refused, non-responses included
  std::optional<Rate> bpcer;
  std::optional<Rate> bpnrr;
  std::string worst;  ///< the species with the highest estimate (IAPAR, else APCER)
  /// Of the claim "every species keeps the limit": proven when each one is (no correction needed, each at its
  /// own 5 %), broken when one is after Holm's correction. Absent when the controls do not hold; `why` says
  /// so.
  std::optional<RateVerdict> verdict;
  std::string why;
};

/// Refuses rows without subject, rows of one presentation or transaction that contradict each other, attacks
/// of which only some carry a decision, and a log without any attack.
[[nodiscard]] Result<PadRates> pad_rates(std::span<const Presentation> rows, const PadLimits& limits = {});

[[nodiscard]] json::object to_json(const PadRates& rates);

}  // namespace shogo::statistics
