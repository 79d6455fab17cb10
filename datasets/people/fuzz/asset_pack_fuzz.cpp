#include <cstdlib>

#include <shogo/people/head_model.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto head = shogo::people::HeadModel::from_pack({data, size});
  if (head.ok() && head->quads().empty()) std::abort();  // a pack without a face must be refused
  return 0;
}
