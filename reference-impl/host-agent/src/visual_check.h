// 目視 (3-14.c, 3-14.g): a member of staff has looked at the card face and at the patient. Only the clinic's
// staff can arm it, at the clinic PC (management, 3-21), and it serves one patient: the next who comes after
// it was armed. A patient can neither arm it nor see whether it is armed. Any thread.
#pragma once

#include <functional>
#include <mutex>
#include <optional>

#include <shogo/base/clock.h>

namespace shogo::agent {

class VisualCheck {
 public:
  /// Forgotten when nobody has come: who armed it then looked at somebody else.
  static constexpr milliseconds kArmedFor{120'000};

  enum class Change { kArmed, kDisarmed, kUsed, kExpired };
  using Changed = std::function<void(Change)>;

  /// `changed` is called after every change, from the thread that made it, with no lock held.
  explicit VisualCheck(
      const Clock& clock, Changed changed = [](Change) {})
      : clock_(clock), changed_(std::move(changed)) {}

  /// By staff only. Arming what is armed begins the time anew; it never serves two.
  void arm();
  void disarm();
  [[nodiscard]] bool armed() const { return left().count() > 0; }
  /// How long it is still armed; 0: it is not.
  [[nodiscard]] milliseconds left() const;

  /// The next patient uses it: true once, and from then on it is not armed any more.
  [[nodiscard]] bool take();
  /// For whoever looks at the clock: forgets what is over, and says so.
  void look_at_the_clock();

 private:
  [[nodiscard]] milliseconds left_locked() const;

  const Clock& clock_;
  const Changed changed_;
  mutable std::mutex mutex_;
  std::optional<Nanoseconds> until_;
};

}  // namespace shogo::agent
