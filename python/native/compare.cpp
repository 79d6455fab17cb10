// All pairs of templates, whole or in parts for a cluster.
#include "module.h"
#include <pybind11/stl.h>

#include <shogo/scores/all_pairs.h>

namespace shogo::python {
namespace {

using Numbers = Array<std::uint32_t>;

scores::Templates templates_of(const Array<float>& values, const Numbers& subject) {
  if (values.ndim() != 2)
    throw Failure(Error{Code::kInvalid, "templates: a matrix is needed, one row a template"});
  return {view(values), static_cast<std::size_t>(values.shape(1)), view(subject)};
}

Numbers pairs_of(const std::vector<std::pair<std::uint32_t, std::uint32_t>>& pairs) {
  std::vector<std::uint32_t> flat;
  flat.reserve(2 * pairs.size());
  for (const auto& [i, j] : pairs) flat.insert(flat.end(), {i, j});
  return array_of(std::move(flat));
}

/// Lets Ctrl-C end long work: a hundred thousand templates take half a minute.
void heed_interrupts(double) {
  const py::gil_scoped_acquire hold;
  if (PyErr_CheckSignals() != 0) throw py::error_already_set();
}

py::tuple compare_all(const Array<float>& values, const Numbers& subject, double fmr,
                      const std::string& kernel) {
  const scores::Templates templates = templates_of(values, subject);
  scores::PairsResult result;
  {
    const py::gil_scoped_release free;
    result = taken(scores::compare_all(templates, fmr, kernel, heed_interrupts));
  }
  const scores::OperatingPoint& point = result.point;
  return py::make_tuple(py::make_tuple(point.threshold, point.genuine, point.false_non_matches,
                                       point.impostor, point.false_matches),
                        array_of(std::move(result.genuine)), pairs_of(result.false_matches), result.rescored,
                        std::string(result.kernel));
}

py::tuple compare_part(const Array<float>& values, const Numbers& subject, std::size_t rows,
                       std::size_t columns, float from) {
  const scores::Templates templates = templates_of(values, subject);
  scores::PairsPart part;
  {
    const py::gil_scoped_release free;
    part = taken(scores::compare_part(templates, rows, columns, from, heed_interrupts));
  }
  return py::make_tuple(array_of(std::move(part.genuine)), pairs_of(part.genuine_pairs), part.impostor,
                        array_of(std::move(part.reaching)), pairs_of(part.reaching_pairs));
}

}  // namespace

void add_compare(py::module_& module) {
  module.def("compare_all", compare_all, py::arg("templates").noconvert(), py::arg("subject").noconvert(),
             py::arg("fmr"), py::arg("kernel"));
  module.def("compare_part", compare_part, py::arg("templates").noconvert(), py::arg("subject").noconvert(),
             py::arg("rows"), py::arg("columns"), py::arg("threshold"));
  module.def("pair_kernels", [] {
    std::vector<std::string> names;
    for (const std::string_view name : scores::pair_kernels()) names.emplace_back(name);
    return names;
  });
}

}  // namespace shogo::python
