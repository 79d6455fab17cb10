#include "module.h"

PYBIND11_MODULE(_shogo, module) {
  namespace py = pybind11;
  using shogo::python::Failure;
  module.doc() = "Compiled part of shogo; use the functions of the package instead.";
  py::register_exception_translator([](std::exception_ptr thrown) {
    try {
      if (thrown) std::rethrow_exception(thrown);
    } catch (const Failure& failure) {
      const py::object type = py::module_::import("shogo._common").attr("Error");
      const py::object error = type(std::string(to_string(failure.code)), failure.what());
      PyErr_SetObject(type.ptr(), error.ptr());
    }
  });
  shogo::python::add_rates(module);
  shogo::python::add_scores(module);
  shogo::python::add_compare(module);
}
