// Reading a transcript's card events: what the virtual card itself saw. The device has no say in these.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <shogo/conformance/transcript.h>

namespace shogo::conformance {

/// One command at the card. `name` is the field's word for it: SELECT, VERIFY, COMPUTE_SIGNATURE,
/// READ_BINARY, … or INS in hex.
struct CardCommand {
  std::string name;
  int body_size = 0;
  bool carries_pin = false;  ///< VERIFY with a body
  std::uint16_t sw = 0;
  std::string
      content;  ///< what the command meant, in the words of the card's profile: "auth_pin", "number_b"
};

/// How often a secret was shown to cards, and how often it was wrong: every wrong one burns a try (1-5.b).
/// Counted by the cards; blocked ones (6984) took none and are not counted as wrong.
struct Submissions {
  int all = 0;
  int wrong = 0;
};
[[nodiscard]] Submissions submissions_of(const std::vector<CardCommand>& commands, std::string_view secret);

/// The part of a transcript between a stimulus note "step" and the next one.
struct Step {
  boost::json::object data;  ///< what the note said; "name" is always there
  std::vector<const Event*> events;

  [[nodiscard]] std::string name() const;
  [[nodiscard]] std::vector<CardCommand> commands() const;
  /// VERIFY commands that carried something: what may burn a try.
  [[nodiscard]] std::vector<CardCommand> pin_verifies() const;
  /// Tries left on the authentication PIN as the card last told the bench within the step; -1 when it did
  /// not.
  [[nodiscard]] int tries_left() const;
  [[nodiscard]] std::vector<const Event*> select(std::string_view source, std::string_view kind) const;
  /// Whether the device showed this state within the step.
  [[nodiscard]] bool showed(std::string_view state) const;
};

[[nodiscard]] std::vector<Step> steps_of(const Transcript& transcript);
/// The step with this name, or nullptr.
[[nodiscard]] const Step* find_step(const std::vector<Step>& steps, std::string_view name);

/// Value of a string member, empty when absent or of another kind: judges must survive any transcript.
[[nodiscard]] std::string text_of(const boost::json::object& object, std::string_view key);
[[nodiscard]] std::int64_t integer_of(const boost::json::object& object, std::string_view key,
                                      std::int64_t otherwise);

}  // namespace shogo::conformance
