#include "resources.h"

#include <span>
#include <stdexcept>
#include <string>

#include <shogo/base/embedded.h>

namespace shogo::embedded_shogo_reader_core {
std::span<const EmbeddedFile> files();
}

namespace shogo::reader {

std::string_view resource(std::string_view name) {
  const auto text = find_embedded(embedded_shogo_reader_core::files(), "reader/" + std::string(name));
  if (!text) throw std::logic_error("not built in: " + std::string(name));
  return *text;
}

}  // namespace shogo::reader
