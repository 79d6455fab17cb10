#include "staff/mirror.h"

#include <png.h>

namespace shogo::reader {
namespace {

/// In base64 and with its envelope well below the link's longest message.
constexpr std::size_t kPart = 9'000;

}  // namespace

std::string_view phase_of(contract::State state) {
  using contract::State;
  switch (state) {
    case State::kIdle:
    case State::kPlaceCard:
    case State::kWiping:
      return "idle";
    case State::kMethod:
    case State::kPhoneKind:
    case State::kPhoneTap:
    case State::kScanCardFace:
    case State::kCaptureFace:
    case State::kPin:
    case State::kVerifying:
    case State::kStaffVisual:
      return "identity";
    case State::kRegisterAsk:
    case State::kExpiryNotice:
    case State::kConsentBundle:
    case State::kConsentOperations:
    case State::kConsentDiagnosis:
    case State::kConsentCheckup:
    case State::kConsentHighCost:
    case State::kConsentSpecific:
    case State::kConsentPrescription:
    case State::kConsentSubsidy:
    case State::kConsentReferral:
      return "questions";
    case State::kResultOk:
    case State::kTakeCard:
      return "done";
    case State::kResultNg:
    case State::kError:
      return "error";
    case State::kCallStaff:
      return "staff";
    case State::kOutOfService:
      return "out_of_service";
  }
  return "out_of_service";
}

PageInput mirrored(const PageInput& shown, contract::State state) {
  using contract::State;
  PageInput seen;
  seen.language = shown.language;
  seen.next_language = shown.next_language;
  seen.keypad = shown.keypad;
  const std::string_view phase = phase_of(state);
  const bool types = state == State::kPin || state == State::kScanCardFace || state == State::kCaptureFace;
  seen.screen = types ? "mirror_identity" : phase == "questions" ? "mirror_questions" : shown.screen;
  if (state == State::kIdle) {
    seen.clinic_name = shown.clinic_name;
    seen.own_words = shown.own_words;
  }
  return seen;
}

Bytes mirror_picture(const Image& frame) {
  const int width = frame.width / 2;
  const int height = frame.height / 2;
  Bytes small(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3);
  const std::size_t row = static_cast<std::size_t>(frame.width) * 3;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const std::uint8_t* from =
          &frame.pixels[2 * static_cast<std::size_t>(y) * row + 6 * static_cast<std::size_t>(x)];
      std::uint8_t* to = &small[(static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                                 static_cast<std::size_t>(x)) *
                                3];
      for (int c = 0; c < 3; ++c)
        to[c] = static_cast<std::uint8_t>((from[c] + from[c + 3] + from[row + static_cast<std::size_t>(c)] +
                                           from[row + static_cast<std::size_t>(c) + 3] + 2) /
                                          4);
    }
  }
  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  png.width = static_cast<png_uint_32>(width);
  png.height = static_cast<png_uint_32>(height);
  png.format = PNG_FORMAT_RGB;
  png.flags = PNG_IMAGE_FLAG_FAST;  // looked at for a moment, and drawn while a patient waits
  // The most it can be: to ask how much it is would pack it twice.
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(png);
  Bytes bytes(size);
  if (png_image_write_to_memory(&png, bytes.data(), &size, 0, small.data(), 0, nullptr) == 0) return {};
  bytes.resize(size);
  return bytes;
}

std::vector<boost::json::object> mirror_parts(std::int64_t seq, ByteView png) {
  std::vector<boost::json::object> parts;
  for (std::size_t at = 0; at < png.size(); at += kPart) {
    const std::size_t size = std::min(kPart, png.size() - at);
    parts.push_back({{"type", "mirror_part"},
                     {"seq", seq},
                     {"last", at + size == png.size()},
                     {"data", to_base64(png.subspan(at, size))}});
  }
  return parts;
}

}  // namespace shogo::reader
