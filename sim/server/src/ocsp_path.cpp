#include "ocsp_path.h"

#include <string>

namespace shogo::sim {
namespace {

/// Undoes %XX (RFC 3986 2.1); a % without two hex digits stays, and fails as base64.
std::string percent_decoded(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte =
        text[i] == '%' && i + 2 < text.size() ? from_hex(text.substr(i + 1, 2)) : Result<Bytes>(Bytes{});
    if (byte.ok() && byte->size() == 1) {
      plain += static_cast<char>(byte->front());
      i += 2;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

}  // namespace

Result<Bytes> ocsp_request_in_path(std::string_view text) {
  return from_base64(percent_decoded(text));
}

}  // namespace shogo::sim
