// Scores: operating points, DET, files, and whole reports of a matcher.
#include "module.h"
#include <pybind11/stl.h>

#include <shogo/evaluation/matching.h>
#include <shogo/evaluation/people.h>
#include <shogo/scores/det.h>
#include <shogo/scores/formats.h>

namespace shogo::python {
namespace {

using scores::ScoreSet;
using Floats = Array<float>;
using Numbers = Array<std::uint32_t>;

py::tuple point_of(const scores::OperatingPoint& point) {
  return py::make_tuple(point.threshold, point.genuine, point.false_non_matches, point.impostor,
                        point.false_matches);
}

py::tuple curve_of(const std::vector<scores::DetPoint>& points) {
  std::vector<float> thresholds;
  std::vector<std::uint64_t> matches, refused;
  for (const scores::DetPoint& point : points) {
    thresholds.push_back(point.threshold);
    matches.push_back(point.false_matches);
    refused.push_back(point.false_non_matches);
  }
  return py::make_tuple(array_of(std::move(thresholds)), array_of(std::move(matches)),
                        array_of(std::move(refused)));
}

py::tuple fnmr_at_fmr(const Floats& genuine, const Floats& impostor, double fmr) {
  const auto own = view(genuine), strangers = view(impostor);
  scores::OperatingPoint point;
  {
    const py::gil_scoped_release free;
    point = taken(scores::evaluate(own, strangers, fmr)).point;
  }
  return point_of(point);
}

py::tuple at_threshold(const Floats& genuine, const Floats& impostor, float threshold) {
  const auto own = view(genuine), strangers = view(impostor);
  scores::OperatingPoint point;
  {
    const py::gil_scoped_release free;
    point = taken(scores::at_threshold(own, strangers, threshold));
  }
  return point_of(point);
}

/// Counts in 65 536 cells for one side; what partitions of a score set are merged by.
Array<std::uint64_t> count_cells(const Floats& values, const std::string& side) {
  const auto all = view(values);
  std::vector<std::uint64_t> cells;
  {
    const py::gil_scoped_release free;
    cells = taken(scores::count_cells(all, side));
  }
  return array_of(std::move(cells));
}

py::tuple cell_curve(const Array<std::uint64_t>& genuine, const Array<std::uint64_t>& impostor) {
  const auto own = view(genuine), strangers = view(impostor);
  if (own.size() != scores::kCells || strangers.size() != scores::kCells)
    throw Failure(Error{Code::kInvalid, "cells: 65 536 counts are needed for each side"});
  return curve_of(scores::points_of({{own.begin(), own.end()}, {strangers.begin(), strangers.end()}}));
}

py::tuple cell_det(const Floats& genuine, const Floats& impostor) {
  const auto own = view(genuine), strangers = view(impostor);
  std::vector<scores::DetPoint> points;
  {
    const py::gil_scoped_release free;
    points = points_of(taken(scores::evaluate(own, strangers, 0)).det);
  }
  return curve_of(points);
}

py::tuple exact_det(const Floats& genuine, const Floats& impostor) {
  const auto own = view(genuine), strangers = view(impostor);
  std::vector<scores::DetPoint> points;
  {
    const py::gil_scoped_release free;
    checked(scores::visit_det(own, strangers, [&](std::span<const scores::DetPoint> run) {
      points.insert(points.end(), run.begin(), run.end());
    }));
  }
  return curve_of(points);
}

py::tuple equal_error(const Floats& genuine, const Floats& impostor) {
  const auto own = view(genuine), strangers = view(impostor);
  scores::DetSummary summary;
  {
    const py::gil_scoped_release free;
    summary = taken(scores::summarise_det(own, strangers));
  }
  return py::make_tuple(summary.eer(), point_of(summary.equal_error));
}

/// Arrays stay where they are: the set holds references to them.
ScoreSet set_of(const Floats& genuine, const Floats& impostor, const std::optional<Numbers>& genuine_subject,
                const std::optional<Numbers>& claimed, const std::optional<Numbers>& probe,
                std::uint32_t subjects, std::vector<std::string> names) {
  auto* owned = new py::tuple(py::make_tuple(genuine, impostor, genuine_subject, claimed, probe));
  const std::shared_ptr<const void> keep(owned, [](const void* memory) {
    const py::gil_scoped_acquire hold;
    delete static_cast<const py::tuple*>(memory);
  });
  const auto numbers = [](const std::optional<Numbers>& array) {
    return array ? view(*array) : std::span<const std::uint32_t>();
  };
  ScoreSet set = taken(ScoreSet::view(keep, view(genuine), view(impostor), numbers(genuine_subject),
                                      numbers(claimed), numbers(probe), subjects));
  if (!names.empty() && names.size() != subjects)
    throw Failure(Error{Code::kInvalid, "names: one for each subject is needed"});
  set.names = std::move(names);
  return set;
}

/// A view of the set's own memory that keeps the set alive. Not writable: it may be a mapped file.
template <typename T>
py::array column(const py::object& self, std::span<const T> values) {
  py::array_t<T> array({static_cast<py::ssize_t>(values.size())}, {static_cast<py::ssize_t>(sizeof(T))},
                       values.data(), self);
  py::detail::array_proxy(array.ptr())->flags &= ~py::detail::npy_api::NPY_ARRAY_WRITEABLE_;
  return array;
}

ScoreSet read_scores(const std::string& file, const std::string& format, bool lower_is_similar,
                     const std::string& impostor) {
  const py::gil_scoped_release free;
  scores::ReadOptions options;
  options.lower_is_similar = lower_is_similar;
  if (!format.empty()) {
    options.format = scores::format_from(format);
    if (!options.format) throw Failure(Error{Code::kInvalid, "format: \"" + format + "\" is not known"});
  }
  return taken(scores::read_scores(file, options, impostor));
}

void write_scores(const std::string& file, const ScoreSet& set, const std::string& format) {
  const py::gil_scoped_release free;
  const auto wanted = scores::format_from(format);
  if (!wanted) throw Failure(Error{Code::kInvalid, "format: \"" + format + "\" is not known"});
  checked(scores::export_scores(file, set, *wanted));
}

evaluation::MatchingInput matching_input(std::optional<float> threshold, const std::string& mode,
                                         std::pair<double, bool> fmr, std::pair<double, bool> fnmr,
                                         double confidence, bool independent, double subject_share,
                                         std::uint64_t seed) {
  evaluation::MatchingInput input;
  input.threshold = threshold;
  input.fmr = {fmr.first, fmr.second};
  input.fnmr = {fnmr.first, fnmr.second};
  input.target_fmr = fmr.first;
  input.confidence = confidence;
  input.independent = independent;
  input.subject_share = subject_share;
  input.seed = seed;
  if (mode.empty()) return input;
  for (const auto one : {evaluation::ThresholdMode::kFixed, evaluation::ThresholdMode::kSplit,
                         evaluation::ThresholdMode::kSwept})
    if (to_string(one) == mode) input.mode = one;
  if (!input.mode) throw Failure(Error{Code::kInvalid, "mode must be fixed, split or swept"});
  return input;
}

std::string judge(const ScoreSet& set, std::optional<float> threshold, const std::string& mode,
                  std::pair<double, bool> fmr, std::pair<double, bool> fnmr, double confidence,
                  bool independent, double subject_share, std::uint64_t seed) {
  const py::gil_scoped_release free;
  return text_of(to_json(taken(judge_matching(
      set, matching_input(threshold, mode, fmr, fnmr, confidence, independent, subject_share, seed)))));
}

std::string animals(const ScoreSet& set, float threshold) {
  const py::gil_scoped_release free;
  return text_of(to_json(taken(evaluation::find_animals(set, threshold))));
}

std::string groups(const ScoreSet& set, const std::map<std::string, std::string, std::less<>>& group_of,
                   float threshold, std::pair<double, bool> fmr, std::pair<double, bool> fnmr,
                   double confidence, double subject_share) {
  const py::gil_scoped_release free;
  return text_of(to_json(taken(judge_groups(
      set, group_of, matching_input(threshold, "", fmr, fnmr, confidence, false, subject_share, 1),
      threshold))));
}

}  // namespace

void add_scores(py::module_& module) {
  const auto exact = [](const char* name) { return py::arg(name).noconvert(); };
  module.def("fnmr_at_fmr", fnmr_at_fmr, exact("genuine"), exact("impostor"), py::arg("fmr"));
  module.def("at_threshold", at_threshold, exact("genuine"), exact("impostor"), py::arg("threshold"));
  module.def("count_cells", count_cells, exact("scores"), py::arg("side"));
  module.def("cell_curve", cell_curve, exact("genuine"), exact("impostor"));
  module.def("cell_det", cell_det, exact("genuine"), exact("impostor"));
  module.def("exact_det", exact_det, exact("genuine"), exact("impostor"));
  module.def("equal_error", equal_error, exact("genuine"), exact("impostor"));
  module.def("errors_allowed", scores::errors_allowed);
  module.def("just_above", scores::just_above);
  py::class_<ScoreSet>(module, "ScoreSet")
      .def(py::init(&set_of), exact("genuine"), exact("impostor"), exact("genuine_subject"), exact("claimed"),
           exact("probe"), py::arg("subjects"), py::arg("names"))
      .def_property_readonly(
          "genuine",
          [](const py::object& self) { return column(self, self.cast<const ScoreSet&>().genuine()); })
      .def_property_readonly(
          "impostor",
          [](const py::object& self) { return column(self, self.cast<const ScoreSet&>().impostor()); })
      .def_property_readonly(
          "genuine_subject",
          [](const py::object& self) { return column(self, self.cast<const ScoreSet&>().genuine_subject()); })
      .def_property_readonly("impostor_claimed",
                             [](const py::object& self) {
                               return column(self, self.cast<const ScoreSet&>().impostor_claimed());
                             })
      .def_property_readonly(
          "impostor_probe",
          [](const py::object& self) { return column(self, self.cast<const ScoreSet&>().impostor_probe()); })
      .def_property_readonly("subjects", &ScoreSet::subjects)
      .def_readwrite("genuine_failures", &ScoreSet::genuine_failures)
      .def_readwrite("impostor_failures", &ScoreSet::impostor_failures)
      .def_readonly("format", &ScoreSet::format)
      .def_readonly("names", &ScoreSet::names)
      .def_readonly("notes", &ScoreSet::notes);
  module.def("read_scores", read_scores);
  module.def("write_scores", write_scores);
  module.def("judge", judge);
  module.def("animals", animals);
  module.def("groups", groups);
}

}  // namespace shogo::python
