// How a patient is identified: what is sent to the host agent for each way, and its name.
#include "reader.h"

namespace shogo::reader {

/// A copy leaves; the digits stay until the answer, because an unregistered card needs them again (3-14).
void Reader::send_pin(std::string_view operation) {
  hooks_.before_send(pin_);
  Secret leaving(kPinDigits);
  for (const std::uint8_t digit : pin_.expose()) leaving.push_back(digit);
  outlets_.send_pin({{"type", "authenticate"}, {"session", session_}, {"operation", operation}}, session_,
                    std::move(leaving));
}

/// An Android's holder proves himself by the PIN, an iPhone's on the phone itself.
void Reader::send_phone() {
  if (!pin_.empty()) return send_pin("phone_eligibility");
  send_without_pin("phone_eligibility");
}

void Reader::send_without_pin(std::string_view operation) {
  outlets_.send(
      {{"type", "authenticate"}, {"session", session_}, {"operation", operation}, {"without_pin", true}});
}

/// The way by which the patient was identified is the way by which he registers (3-14).
void Reader::send_registration() {
  if (method_ == Method::kVisual) return send_without_pin("pinless_registration");
  send_pin("pin_registration");
  pin_.clear();
}

std::string_view Reader::method_name() const {
  switch (method_) {
    case Method::kPin:
      return "pin";
    case Method::kPhone:
      return "phone";
    case Method::kVisual:
      return "visual";
  }
  return "pin";
}

}  // namespace shogo::reader
