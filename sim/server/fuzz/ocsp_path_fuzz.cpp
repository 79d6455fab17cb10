// What a stranger puts into the URL of an OCSP responder: refused or decoded, and whatever was decoded is
// answered.
#include "../src/ocsp_path.h"
#include <cstdlib>

#include <shogo/sim/ocsp.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace shogo;
  using namespace shogo::sim;
  static const TestPki pki = TestPki::create(1).value();
  static const OcspResponder responder(pki.user_authentication_ca(), [] { return parse_jst("2026-04-01"); });
  const ByteView bytes(data, size);
  if (const auto request = ocsp_request_in_path(as_text(bytes)); request.ok())
    if (responder.answer(*request).empty()) std::abort();
  // What was encoded by the rules comes back whole.
  const auto again = ocsp_request_in_path(to_base64(bytes));
  if (!again.ok() || *again != Bytes(data, data + size)) std::abort();
  return 0;
}
