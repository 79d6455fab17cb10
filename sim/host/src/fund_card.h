// The card's part of the fund program: which commands go to the JPKI application, and what each status word
// means. One FundCard a call; borrows the transmit function. See docs/fund-program.md for the order.
#pragma once

#include "terminal.h"
#include <cstdint>
#include <optional>

#include <shogo/base/bytes.h>
#include <shogo/base/secret.h>
#include <shogo/contract/fund_program.h>

namespace shogo::sim {

/// Who holds the certificates: the token label in EF 0006 says so (public client code reads it there).
enum class Token { kCard, kAndroid, kIphone };

class FundCard {
 public:
  FundCard(shogo_fund_transmit transmit, void* context) : transmit_(transmit), context_(context) {}

  /// SELECT JPKI-AP; where the card has none, the authentication application of the next card (*synthetic*).
  [[nodiscard]] shogo_fund_status select_jpki();
  /// SELECT the authentication PIN, then VERIFY exactly once (3-11.d): a second try would cost the patient
  /// one of three. `tries_left` is -1 unless the card said it.
  [[nodiscard]] shogo_fund_status verify_pin(ByteView pin, std::int32_t& tries_left);
  /// SELECT the token information and read its label.
  [[nodiscard]] shogo_fund_status read_token(Token& token);
  /// What an iPhone is told at the end (80 FC; seen in public clients, meaning assumed). Its answer is no
  /// matter.
  void last_command();
  /// The way without PIN (docs/cards.md, *synthetic*): the terminal shows its certificate and signs the
  /// card's challenge. CARD_UNSUPPORTED from a card that knows no such way.
  [[nodiscard]] shogo_fund_status prove_terminal(const TerminalCredential& terminal);
  /// SELECT the authentication key, COMPUTE SIGNATURE over DigestInfo(SHA-256(challenge)); the next card's
  /// key is of P-384 and gets the bare SHA-384.
  [[nodiscard]] shogo_fund_status sign(ByteView challenge, Bytes& signature);
  /// What the last sign() that failed was told by the card; 0: nothing.
  [[nodiscard]] std::uint16_t refusal() const { return refusal_; }
  /// SELECT the user-authentication certificate and read as many bytes as its DER header announces.
  [[nodiscard]] shogo_fund_status read_certificate(Bytes& certificate);

 private:
  struct Response {
    std::uint16_t sw = 0;
    ByteView data;  ///< lies in response_, until the next command
  };
  [[nodiscard]] shogo_fund_status send(ByteView command, Response& response);
  [[nodiscard]] shogo_fund_status select_ef(std::uint16_t id);
  [[nodiscard]] shogo_fund_status select_application(ByteView aid);

  shogo_fund_transmit transmit_;
  void* context_;
  std::uint16_t refusal_ = 0;
  bool next_card_ = false;  ///< whose application select_jpki() found
  Secret response_{258};    ///< the longest short response: 256 bytes and the status word
};

}  // namespace shogo::sim
