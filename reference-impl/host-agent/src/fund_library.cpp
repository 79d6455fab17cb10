#include "fund_library.h"

#include <cstring>
#include <dlfcn.h>

#include <fmt/core.h>

#include <shogo/base/secret.h>

namespace shogo::agent {

struct FundLibrary::Symbols {
  decltype(&shogo_fund_open) open = nullptr;
  decltype(&shogo_fund_close) close = nullptr;
  decltype(&shogo_fund_version) version = nullptr;
  decltype(&shogo_fund_pin_eligibility) pin_eligibility = nullptr;
  decltype(&shogo_fund_pin_registration) pin_registration = nullptr;
  decltype(&shogo_fund_pinless_eligibility) pinless_eligibility = nullptr;
  decltype(&shogo_fund_pinless_registration) pinless_registration = nullptr;
  decltype(&shogo_fund_connectivity) connectivity = nullptr;
  decltype(&shogo_fund_phone_eligibility) phone_eligibility = nullptr;
  decltype(&shogo_fund_cancel) cancel = nullptr;
};

namespace {

/// The C callback: `context` is the Transmit of the call under way.
int transmit_from_c(void* context, const std::uint8_t* command, std::size_t command_size,
                    std::uint8_t* response, std::size_t* response_size) {
  const auto& transmit = *static_cast<const Transmit*>(context);
  const auto answer = transmit({command, command_size});
  if (!answer.ok()) return answer.error().code() == Code::kCorrupt ? -2 : -1;
  if (answer->size() > *response_size) return -2;
  std::memcpy(response, answer->data(), answer->size());
  *response_size = answer->size();
  return 0;
}

template <typename Function>
bool resolve(void* library, const char* name, Function& function, std::string& missing) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  if (function == nullptr && missing.empty()) missing = name;
  return function != nullptr;
}

}  // namespace

FundPerson::FundPerson() {
  data.version = SHOGO_FUND_ABI_VERSION;
  data.tries_left = -1;  // 0 would tell the patient that the card is locked
}
FundPerson::~FundPerson() {
  wipe(&data, sizeof data);
}

FundLibrary::FundLibrary() : symbols_(std::make_unique<Symbols>()) {}

Result<std::unique_ptr<FundLibrary>> FundLibrary::load(const std::string& path,
                                                       const shogo_fund_config& config) {
  auto fund = std::unique_ptr<FundLibrary>(new FundLibrary);
  fund->library_ = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (fund->library_ == nullptr) {
    const char* why = ::dlerror();
    return Error{Code::kNotFound,
                 fmt::format("cannot load the fund program {}: {}", path, why == nullptr ? "unknown" : why)};
  }
  Symbols& s = *fund->symbols_;
  std::string missing;
  void* library = fund->library_;
  resolve(library, "shogo_fund_open", s.open, missing);
  resolve(library, "shogo_fund_close", s.close, missing);
  resolve(library, "shogo_fund_version", s.version, missing);
  resolve(library, "shogo_fund_pin_eligibility", s.pin_eligibility, missing);
  resolve(library, "shogo_fund_pin_registration", s.pin_registration, missing);
  resolve(library, "shogo_fund_pinless_eligibility", s.pinless_eligibility, missing);
  resolve(library, "shogo_fund_pinless_registration", s.pinless_registration, missing);
  resolve(library, "shogo_fund_connectivity", s.connectivity, missing);
  resolve(library, "shogo_fund_phone_eligibility", s.phone_eligibility, missing);
  resolve(library, "shogo_fund_cancel", s.cancel, missing);
  if (!missing.empty())
    return Error{
        Code::kInvalid,
        fmt::format("{} is not a fund program: it has no {} (contract/fund_program.h)", path, missing)};
  char message[256] = "";
  fund->fund_ = s.open(&config, message, sizeof message);
  if (fund->fund_ == nullptr)
    return Error{Code::kUnavailable, fmt::format("the fund program does not start: {}", message)};
  return fund;
}

FundLibrary::~FundLibrary() {
  if (fund_ != nullptr) symbols_->close(fund_);
  if (library_ != nullptr) ::dlclose(library_);
}

std::string FundLibrary::version() const {
  return symbols_->version();
}

shogo_fund_status FundLibrary::pin_eligibility(const Transmit& transmit, ByteView pin, FundPerson& person) {
  return symbols_->pin_eligibility(fund_, transmit_from_c, const_cast<Transmit*>(&transmit), pin.data(),
                                   pin.size(), &person.data);
}

shogo_fund_status FundLibrary::pin_registration(const Transmit& transmit, ByteView pin, FundPerson& person) {
  return symbols_->pin_registration(fund_, transmit_from_c, const_cast<Transmit*>(&transmit), pin.data(),
                                    pin.size(), &person.data);
}

shogo_fund_status FundLibrary::phone_eligibility(const Transmit& transmit, ByteView pin, FundPerson& person) {
  return symbols_->phone_eligibility(fund_, transmit_from_c, const_cast<Transmit*>(&transmit), pin.data(),
                                     pin.size(), &person.data);
}

shogo_fund_status FundLibrary::pinless_eligibility(const Transmit& transmit, FundPerson& person) {
  return symbols_->pinless_eligibility(fund_, transmit_from_c, const_cast<Transmit*>(&transmit),
                                       &person.data);
}

shogo_fund_status FundLibrary::pinless_registration(const Transmit& transmit, FundPerson& person) {
  return symbols_->pinless_registration(fund_, transmit_from_c, const_cast<Transmit*>(&transmit),
                                        &person.data);
}

shogo_fund_status FundLibrary::connectivity() {
  return symbols_->connectivity(fund_);
}

void FundLibrary::cancel() {
  symbols_->cancel(fund_);
}

std::string_view reason_of(shogo_fund_status status) {
  switch (status) {
    case SHOGO_FUND_OK:
      return "none";
    case SHOGO_FUND_WRONG_PIN:
      return "wrong_pin";
    case SHOGO_FUND_PIN_LOCKED:
      return "pin_locked";
    case SHOGO_FUND_CERT_EXPIRED:
      return "cert_expired";
    case SHOGO_FUND_CERT_REVOKED:
      return "cert_revoked";
    case SHOGO_FUND_NOT_REGISTERED:
      return "not_registered";
    case SHOGO_FUND_NOT_ELIGIBLE:
      return "not_eligible";
    case SHOGO_FUND_SERVER_UNREACHABLE:
      return "server_unreachable";
    case SHOGO_FUND_SERVER_TIMEOUT:
      return "server_timeout";
    case SHOGO_FUND_CARD_REMOVED:
      return "card_removed";
    case SHOGO_FUND_CARD_ERROR:
      return "card_unreadable";
    case SHOGO_FUND_CARD_UNSUPPORTED:
      return "card_unsupported";
    case SHOGO_FUND_PHONE_NOT_APPROVED:
      return "phone_not_approved";
    case SHOGO_FUND_CANCELLED:
      return "cancelled";
    case SHOGO_FUND_UNSUPPORTED:
    case SHOGO_FUND_SERVER_ERROR:
      return "server_error";
  }
  return "server_error";  // a number outside the ABI: the library is newer than we are
}

}  // namespace shogo::agent
