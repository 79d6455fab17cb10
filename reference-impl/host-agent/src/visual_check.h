// 目視 (3-14.c, 3-14.g): a member of staff has looked at the card face and at the patient. Only the clinic's
// staff can arm it, at the clinic PC (management, 3-21), and it serves one patient: the next who comes after
// it was armed. A patient can neither arm it nor see whether it is armed. Any thread.
#pragma once

#include <mutex>
#include <optional>

#include <shogo/base/clock.h>

namespace shogo::agent {

class VisualCheck {
 public:
  /// Forgotten when nobody has come: who armed it then looked at somebody else.
  static constexpr milliseconds kArmedFor{120'000};

  explicit VisualCheck(const Clock& clock) : clock_(clock) {}

  /// By staff only. Arming what is armed begins the time anew; it never serves two.
  void arm();
  void disarm();
  [[nodiscard]] bool armed() const { return left().count() > 0; }
  /// How long it is still armed; 0: it is not.
  [[nodiscard]] milliseconds left() const;

  /// The next patient uses it: true once, and from then on it is not armed any more.
  [[nodiscard]] bool take();

 private:
  [[nodiscard]] milliseconds left_locked() const;

  const Clock& clock_;
  mutable std::mutex mutex_;
  std::optional<Nanoseconds> until_;
};

}  // namespace shogo::agent
