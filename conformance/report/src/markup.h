// Text that goes into HTML, XML or a terminal. Everything in a report may come from a vendor's device, so
// nothing is printed raw.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace shogo::conformance {

/// & < > " ' become references; characters that XML does not allow become U+FFFD.
[[nodiscard]] std::string escape(std::string_view text);
/// A relative path as a link: everything but unreserved characters and / percent-encoded.
[[nodiscard]] std::string link(std::string_view path);
/// For a terminal: control characters (also the escape that starts a colour) become U+FFFD, line breaks a
/// blank.
[[nodiscard]] std::string plain(std::string_view text);

/// Columns that a terminal gives the text: East Asian wide characters take two.
[[nodiscard]] std::size_t display_width(std::string_view utf8);
/// Exactly `width` columns: filled with blanks, or cut with "…".
[[nodiscard]] std::string fit(std::string_view utf8, std::size_t width);

}  // namespace shogo::conformance
