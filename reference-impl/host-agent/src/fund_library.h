// The fund program as a library loaded at run time (contract/fund_program.h). One thread at a time asks; any
// may cancel.
#pragma once

#include "card_channel.h"
#include <memory>
#include <string>

#include <shogo/contract/fund_program.h>

namespace shogo::agent {

/// Wipes the personal data inside when it ends (3-16).
struct FundPerson {
  shogo_fund_person data{};
  FundPerson();
  ~FundPerson();
  FundPerson(const FundPerson&) = delete;
  FundPerson& operator=(const FundPerson&) = delete;
};

class FundLibrary {
 public:
  /// Loads the library, resolves all six operations, opens it. One clear line when a symbol is missing.
  static Result<std::unique_ptr<FundLibrary>> load(const std::string& path, const shogo_fund_config& config);
  ~FundLibrary();
  FundLibrary(const FundLibrary&) = delete;
  FundLibrary& operator=(const FundLibrary&) = delete;

  [[nodiscard]] std::string version() const;
  shogo_fund_status pin_eligibility(const Transmit& transmit, ByteView pin, FundPerson& person);
  shogo_fund_status pin_registration(const Transmit& transmit, ByteView pin, FundPerson& person);
  /// An empty PIN where the holder agrees on the phone.
  shogo_fund_status phone_eligibility(const Transmit& transmit, ByteView pin, FundPerson& person);
  /// The caller answers for the person's face (3-14.c).
  shogo_fund_status pinless_eligibility(const Transmit& transmit, FundPerson& person);
  shogo_fund_status pinless_registration(const Transmit& transmit, FundPerson& person);
  shogo_fund_status connectivity();
  /// From any thread: ends the operation under way (shogo_fund_cancel).
  void cancel();

 private:
  struct Symbols;
  FundLibrary();
  void* library_ = nullptr;
  shogo_fund* fund_ = nullptr;
  std::unique_ptr<Symbols> symbols_;
};

/// The word of docs/device-protocol.md for a status: "none", "wrong_pin", …
[[nodiscard]] std::string_view reason_of(shogo_fund_status status);

}  // namespace shogo::agent
