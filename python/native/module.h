// What the parts of the compiled module share: failures as Python exceptions, vectors as NumPy arrays.
// Results that are read by people and programs (rates, plans, reports) cross as the JSON text that `shogo
// measure --json` writes, so there is one list of names; scores cross as buffers without a copy.
#pragma once

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <shogo/base/json_reader.h>
#include <shogo/base/result.h>
#include <shogo/statistics/rate.h>

namespace shogo::python {

namespace py = pybind11;

/// Becomes shogo.Error, with the code's name.
struct Failure : std::runtime_error {
  explicit Failure(const Error& error) : std::runtime_error(error.describe()), code(error.code()) {}
  Code code;
};

template <typename T>
T taken(Result<T> result) {
  if (!result.ok()) throw Failure(result.error());
  return std::move(result).value();
}
inline void checked(const Result<void>& result) {
  if (!result.ok()) throw Failure(result.error());
}

inline std::string text_of(const json::value& value) {
  return json::serialize(value);
}

/// Contiguous, of exactly this type: the Python side converts, so that a copy is never a surprise here.
template <typename T>
using Array = py::array_t<T, py::array::c_style>;

template <typename T>
std::span<const T> view(const Array<T>& array) {
  return {array.data(), static_cast<std::size_t>(array.size())};
}

/// The vector's memory as an array that owns it.
template <typename T>
Array<T> array_of(std::vector<T> values) {
  auto* kept = new std::vector<T>(std::move(values));
  const py::capsule owner(kept, [](void* memory) { delete static_cast<std::vector<T>*>(memory); });
  return Array<T>({static_cast<py::ssize_t>(kept->size())}, {static_cast<py::ssize_t>(sizeof(T))},
                  kept->data(), owner);
}

/// (value, strict) or nothing.
using MaybeLimit = std::optional<std::pair<double, bool>>;
inline std::optional<statistics::Limit> limit_of(const MaybeLimit& limit) {
  if (!limit) return std::nullopt;
  return statistics::Limit{limit->first, limit->second};
}

void add_scores(py::module_& module);
void add_rates(py::module_& module);
void add_compare(py::module_& module);

}  // namespace shogo::python
