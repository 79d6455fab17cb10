// Recorder: where everybody on the bench writes down what happened during a case. Any thread may call.
#pragma once

#include <string>
#include <string_view>

#include <boost/json.hpp>

#include <shogo/base/bytes.h>

namespace shogo::conformance {

class Recorder {
 public:
  virtual ~Recorder() = default;
  /// Adds one event, stamped with the time of this call. `source` is one of transcript.h's names.
  virtual void record(std::string_view source, std::string_view kind, boost::json::object data) = 0;
  /// The same with a file beside it: `stem` and `extension` name the blob ("pin_screen", "png").
  virtual void record(std::string_view source, std::string_view kind, boost::json::object data,
                      std::string_view stem, std::string_view extension, Bytes blob) = 0;
};

}  // namespace shogo::conformance
