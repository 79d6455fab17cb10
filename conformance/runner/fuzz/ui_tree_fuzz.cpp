// The answer to get_ui_tree as a broken or hostile device may give it; what is accepted is written back
// alike.
#include <cstdlib>

#include <shogo/base/json_reader.h>
#include <shogo/conformance/ui_tree.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace shogo;
  const auto text = parse_json({reinterpret_cast<const char*>(data), size}, "fuzz");
  if (!text.ok()) return 0;
  const auto tree = conformance::parse_ui_tree(*text);
  if (!tree.ok()) return 0;
  const auto again = conformance::parse_ui_tree(conformance::to_json(*tree));
  if (!again.ok() || again->nodes.size() != tree->nodes.size()) std::abort();
  return 0;
}
