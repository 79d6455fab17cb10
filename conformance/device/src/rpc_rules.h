// What docs/device-protocol.md demands of notifications and binary frames, as a pure function of the
// conversation so far.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include <shogo/base/result.h>
#include <shogo/contract/device_protocol.h>

namespace shogo::conformance {

class RpcRules {
 public:
  struct Finding {
    std::vector<std::string> violations;
    bool deliver = true;  ///< false: so malformed that no check could read it
  };
  Finding notification(std::string_view method, const boost::json::object& params);
  Finding binary(const contract::BinaryHeader& header);

 private:
  void check_order(std::string_view method, const boost::json::object& params, Finding& finding);

  std::optional<std::int64_t> last_seq_;
  std::int64_t last_t_dev_ = 0;
  std::map<std::uint16_t, std::uint64_t> last_binary_seq_;  ///< by channel
};

/// The protocol's error numbers as our codes; the message names the method and the device's own words.
[[nodiscard]] Error error_of_device(std::string_view method, int code, std::string_view message);

/// A text of the device inside one of our lines: shortened, without line breaks.
[[nodiscard]] std::string quoted(std::string_view text);

}  // namespace shogo::conformance
