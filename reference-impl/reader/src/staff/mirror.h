// The mirror of the screen for the clinic's staff (1-22.c), and what it never shows (1-22.d): digits, how
// many of them and when, the layout of the keypad, which questions are asked and how they are answered, what
// a camera sees. Not a picture with parts blotted out, but a page of its own, drawn from the few things that
// staff may know: what is not in this file cannot get out. Pure.
#pragma once

#include "ui/page.h"
#include <string_view>

#include <boost/json.hpp>

#include <shogo/base/image.h>
#include <shogo/base/result.h>
#include <shogo/contract/states.h>

namespace shogo::reader {

/// How far the patient is, in the words of the reader link.
[[nodiscard]] std::string_view phase_of(contract::State state);

/// The page that staff see while the patient sees `shown`.
[[nodiscard]] PageInput mirrored(const PageInput& shown, contract::State state);

/// Half the size, as PNG.
[[nodiscard]] Bytes mirror_picture(const Image& frame);

/// A picture as messages of the reader link, each short enough for it.
[[nodiscard]] std::vector<boost::json::object> mirror_parts(std::int64_t seq, ByteView png);

}  // namespace shogo::reader
