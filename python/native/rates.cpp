// Counts to verdicts: shogo/statistics, and logs of presentations.
#include "module.h"
#include <pybind11/stl.h>

#include <shogo/evaluation/presentation_log.h>
#include <shogo/statistics/bootstrap.h>
#include <shogo/statistics/pad.h>
#include <shogo/statistics/plan.h>
#include <shogo/statistics/sequential.h>

namespace shogo::python {
namespace {

using statistics::ClusterCount;
using statistics::DesignEffect;

std::vector<ClusterCount> clusters_of(const Array<std::int64_t>& table) {
  std::vector<ClusterCount> clusters;
  const auto values = view(table);
  for (std::size_t i = 0; i + 1 < values.size(); i += 2) clusters.push_back({values[i], values[i + 1]});
  return clusters;
}

std::string verdict(const std::string& name, std::int64_t k, std::int64_t n, const MaybeLimit& limit,
                    const std::optional<Array<std::int64_t>>& table, std::optional<double> icc,
                    double confidence, std::int64_t planned) {
  DesignEffect effect = statistics::independent();
  if (table) {
    const auto clusters = clusters_of(*table);
    effect = icc ? statistics::clustered_declared(clusters, *icc) : statistics::clustered(clusters);
  }
  const py::gil_scoped_release free;
  return text_of(
      to_json(taken(statistics::judge_rate({name, k, n, effect, confidence, limit_of(limit), planned}))));
}

statistics::PlanInput plan_input(std::pair<double, bool> limit, double true_rate, double power,
                                 double confidence, std::int64_t cluster_size, double icc,
                                 std::uint64_t seed) {
  return {{limit.first, limit.second}, true_rate, power, confidence, cluster_size, icc, seed};
}

std::string plan(std::pair<double, bool> limit, double true_rate, double power, double confidence,
                 std::int64_t cluster_size, double icc, std::uint64_t seed) {
  const py::gil_scoped_release free;
  return text_of(to_json(taken(
      statistics::plan_sample(plan_input(limit, true_rate, power, confidence, cluster_size, icc, seed)))));
}

std::string plan_pairs(std::pair<double, bool> limit, double true_rate, double power, double confidence,
                       double subject_share) {
  const py::gil_scoped_release free;
  return text_of(to_json(taken(
      statistics::plan_pairs(plan_input(limit, true_rate, power, confidence, 1, 0, 1), subject_share))));
}

statistics::PadLimits pad_limits(std::pair<double, bool> attack, std::pair<double, bool> bona_fide,
                                 double confidence, std::int64_t planned) {
  statistics::PadLimits limits;
  limits.attack = {attack.first, attack.second};
  limits.bona_fide = {bona_fide.first, bona_fide.second};
  limits.confidence = confidence;
  limits.planned_transactions = planned;
  return limits;
}

/// `log` is a path, or the log's text itself (JSON lines or CSV).
std::string pad_rates(const std::string& log, bool is_text, std::pair<double, bool> attack,
                      std::pair<double, bool> bona_fide, double confidence, std::int64_t planned) {
  const py::gil_scoped_release free;
  const auto rows =
      taken(is_text ? evaluation::parse_presentations(log, "rows") : evaluation::read_presentations(log));
  return text_of(
      to_json(taken(statistics::pad_rates(rows, pad_limits(attack, bona_fide, confidence, planned)))));
}

std::pair<double, double> bootstrap_pairs(std::uint32_t subjects, const Array<std::uint32_t>& errors,
                                          int replicates, double confidence, std::uint64_t seed) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  const auto values = view(errors);
  for (std::size_t i = 0; i + 1 < values.size(); i += 2) pairs.emplace_back(values[i], values[i + 1]);
  const py::gil_scoped_release free;
  const auto interval = taken(statistics::bootstrap_pairs(subjects, pairs, replicates, confidence, seed));
  return {interval.lower, interval.upper};
}

std::pair<double, double> bootstrap_clusters(const Array<std::int64_t>& table, int replicates,
                                             double confidence, std::uint64_t seed) {
  const auto clusters = clusters_of(table);
  const py::gil_scoped_release free;
  const auto interval = taken(statistics::bootstrap_clusters(clusters, replicates, confidence, seed));
  return {interval.lower, interval.upper};
}

}  // namespace

void add_rates(py::module_& module) {
  module.def("verdict", verdict);
  module.def("plan", plan);
  module.def("plan_pairs", plan_pairs);
  module.def("pad_rates", pad_rates);
  module.def("bootstrap_pairs", bootstrap_pairs);
  module.def("bootstrap_clusters", bootstrap_clusters);
  using statistics::SequentialRate;
  py::class_<SequentialRate>(module, "Sequential")
      .def(py::init([](std::pair<double, bool> limit, double confidence) {
        return taken(SequentialRate::start({limit.first, limit.second}, confidence));
      }))
      .def("add", &SequentialRate::add)
      .def_property_readonly("k", &SequentialRate::errors)
      .def_property_readonly("n", &SequentialRate::trials)
      .def_property_readonly("more_without_error", &SequentialRate::more_without_error)
      .def_property_readonly("verdict", [](const SequentialRate& rate) -> std::optional<std::string> {
        if (!rate.verdict()) return std::nullopt;
        return std::string(to_string(*rate.verdict()));
      });
}

}  // namespace shogo::python
