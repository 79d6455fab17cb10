// An OCSP request in a URL (RFC 6960 A.1): GET PATH/BASE64, percent-encoded, as any stranger may send it.
#pragma once

#include <string_view>

#include <shogo/base/bytes.h>
#include <shogo/base/result.h>

namespace shogo::sim {

/// `text` is what follows PATH/ in the request's target. kInvalid or kCorrupt when it is no base64.
[[nodiscard]] Result<Bytes> ocsp_request_in_path(std::string_view text);

}  // namespace shogo::sim
