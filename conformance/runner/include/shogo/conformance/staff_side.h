// What the clinic's staff do at the clinic PC, where the bench can do it for them: an extension of HostSide
// (dut.h).
#pragma once

#include <shogo/base/result.h>

namespace shogo::conformance {

class StaffSide {
 public:
  virtual ~StaffSide() = default;
  /// Staff have looked at the face of the next patient (目視, 3-14.c). Ends with the case at the latest.
  virtual Result<void> arm_visual_check() = 0;
};

}  // namespace shogo::conformance
