// VirtualCard: an ISO/IEC 7816-4 card whose files and access conditions come from a profile. It behaves as
// far as people who looked at real My Number cards have published it (docs/cards.md); nobody outside has the
// specification. All functions may be called from any thread; commands run one at a time.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <shogo/base/rng.h>
#include <shogo/base/secret.h>
#include <shogo/sim/card_profile.h>
#include <shogo/sim/keys.h>
#include <shogo/sim/rf_card.h>

namespace shogo::sim {

class SecureChannel;

/// What an issuer writes into a card: the values of the names that a profile uses.
struct CardContents {
  Bytes pupi;                          ///< 4 bytes
  std::map<std::string, Bytes> files;  ///< also records and data objects
  std::map<std::string, Secret> secrets;
  std::map<std::string, KeyPair> keys;
};

/// One command as an observer may see it: never its body, never the response.
struct ApduTrace {
  std::array<std::uint8_t, 4> header{};  ///< CLA INS P1 P2; zeros where the command was shorter
  std::size_t lc = 0;                    ///< as encoded; 0 when absent
  std::size_t le = 0;                    ///< as encoded (256 or 65536 for zero); 0 when absent
  std::size_t body_size = 0;
  std::uint16_t sw = 0;
  std::size_t response_size = 0;  ///< without the status word
  bool pin_carrying = false;      ///< a command that brings a secret, and did bring bytes
  bool encrypted = false;         ///< came by secure messaging
  std::string_view application;   ///< selected after the command; empty: none. Lives as long as the card
  std::uint16_t current = 0;      ///< file, PIN or key selected after the command; 0: none
};

struct PinStatus {
  std::string application;
  std::uint16_t id = 0;
  int tries_left = 0;
  int tries = 0;  ///< 0: no limit
  bool verified = false;
  int wrong = 0;  ///< wrong values shown since this object exists (1-5.b: every one burns a try)
};

/// What a card remembers without power.
struct PinMemory {
  std::string application;
  std::uint16_t id = 0;
  int tries_left = 0;
  Secret value;
};

class VirtualCard final : public RfCard {
 public:
  ~VirtualCard() override;
  VirtualCard(const VirtualCard&) = delete;
  VirtualCard& operator=(const VirtualCard&) = delete;
  /// Fails when the contents lack something that the profile names.
  static Result<std::unique_ptr<VirtualCard>> create(CardProfile profile, CardContents contents,
                                                     std::uint64_t seed);

  [[nodiscard]] contract::Atqb atqb() const override;
  [[nodiscard]] bool is_type_b() const override { return profile_.type_b; }
  Bytes transmit(ByteView apdu) override;
  void power_off() override;

  using Tracer = std::function<void(const ApduTrace&)>;
  /// Called after each command from the thread that sent it. An empty function stops it; when this returns no
  /// call is under way.
  void trace(Tracer tracer);

  [[nodiscard]] const CardProfile& profile() const { return profile_; }
  [[nodiscard]] std::vector<PinStatus> pins() const;
  /// -1 when there is no such PIN.
  [[nodiscard]] int tries_left(std::string_view application, std::uint16_t pin) const;
  /// What the card was last shown as this PIN since this object exists, right or wrong: ground truth for
  /// judges of what a keypad typed. Empty without a VERIFY that carried something.
  [[nodiscard]] Secret last_shown(std::string_view application, std::uint16_t pin) const;
  /// Sets a counter as if tries had been burnt (0 blocks) — the bench's hand, not a command.
  void set_tries_left(std::string_view application, std::uint16_t pin, int tries);
  /// As on the day of issue: what the profile blocks stays blocked.
  void refill_all_tries();
  /// The holder of a phone agrees on it by face or fingerprint, or takes it back. Outlives power.
  void set_holder_consent(bool given);

  [[nodiscard]] std::vector<PinMemory> memory() const;
  /// Fails when it names a PIN that the card does not have or a counter it cannot have; then nothing changes.
  Result<void> restore(const std::vector<PinMemory>& memory);
  /// Called after a command that changed the memory and before its answer leaves, so that a card torn away
  /// cannot win back a try. When it says false the card answers 6581 (memory failure) and opens nothing. An
  /// empty function stops it.
  void keep(std::function<bool()> keeper);
  /// Ground truth for judges: the bytes of a file whatever its access rule; nullptr when there is none.
  [[nodiscard]] const Bytes* file(std::string_view application, std::uint16_t id) const;

 private:
  struct Pin {
    int tries_left = 0;
    int wrong = 0;
    bool verified = false;
    Secret value;
    Secret shown;
  };
  enum class CurrentKind { kNone, kFile, kPin, kKey };
  struct Command;
  struct Reply;

  VirtualCard(CardProfile profile, CardContents contents, std::uint64_t seed);
  Reply execute(const Command& command);
  Reply dispatch(const Command& command);
  Reply noise();
  Reply select(const Command& command);
  Reply select_application(const Command& command);
  Reply select_file(const Command& command);
  Reply read_binary(const Command& command);
  Reply read_record(const Command& command);
  Reply verify(const Command& command);
  Reply change_secret(const Command& command, CardPin::Change by);
  Reply reset_retry_counter(const Command& command);
  Reply sign(const Command& command);
  Reply internal_authenticate(const Command& command);
  Reply set_session_key(const Command& command);
  Reply set_terminal_key(const Command& command);
  Reply external_authenticate(const Command& command);
  Reply secured(const Command& command);
  Reply get_challenge(const Command& command);
  Reply get_data(const Command& command);

  const CardApplication* application(std::string_view name) const;
  Pin& pin_state(const CardApplication& application, std::uint16_t id);
  const Pin& pin_state(const CardApplication& application, std::uint16_t id) const;
  bool allowed(const AccessRule& rule) const;
  bool memory_kept(std::unique_lock<std::mutex>& lock);
  void clear_security();
  void leave_application();
  bool set_current(std::uint16_t id);
  /// The PIN file that P2 means (80: the current one; 80 + id), or a status word.
  std::uint16_t find_pin(std::uint8_t p2, const CardPin*& pin);
  const CardKey* key_for(std::uint8_t p2, std::uint16_t& problem);

  mutable std::mutex mutex_;
  CardProfile profile_;
  CardContents contents_;
  Rng rng_;
  std::map<std::pair<std::string, std::uint16_t>, Pin> pins_;
  Tracer tracer_;
  std::function<bool()> keeper_;
  bool memory_changed_ = false;
  bool holder_consent_ = false;
  Bytes terminal_modulus_;  ///< of the terminal whose certificate was shown
  Bytes challenge_;         ///< the last one given, until it is used
  bool terminal_proven_ = false;
  std::unique_ptr<SecureChannel> channel_;
  const CardApplication* current_application_ = nullptr;
  CurrentKind current_kind_ = CurrentKind::kNone;
  std::uint16_t current_id_ = 0;
};

}  // namespace shogo::sim
