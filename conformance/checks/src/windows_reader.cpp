// 2-1.a asks for the clinic PC's Windows. This bench is Linux with pcsc-lite, which says nothing about
// Windows (2-1.c is the clause for that), so the clause stays undecided here and says how to decide it.
#include "checks.h"

namespace shogo::conformance {

Result<void> stimulate_windows_reader(Stage&) {
  return Error{Code::kUnsupported,
               "2-1.a needs the clinic PC's Windows with the reader attached; this bench runs Linux"};
}

Judgement judge_windows_reader(const Transcript&, const CheckContext&) {
  return inconclusive(Reason::kNoChannel,
                      "needs the clinic PC's Windows with the reader attached; this bench runs Linux",
                      "資格確認端末のWindowsに接続して行う必要があるが、この試験台はLinuxである");
}

}  // namespace shogo::conformance
