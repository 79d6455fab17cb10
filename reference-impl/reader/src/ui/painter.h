// What every page is painted with: texts, buttons, header, footer, pictures, in millimetres, each noted in
// the page's tree as it is painted. page.cpp and pin_page.cpp arrange them.
#pragma once

#include "ui/page.h"
#include "ui/screens.h"
#include <optional>
#include <string>
#include <string_view>

namespace shogo::reader {

namespace paint {
inline constexpr Colour kInk = rgb(0x16213A);
inline constexpr Colour kGround = rgb(0xF3F6FB);
inline constexpr Colour kWhite = rgb(0xFFFFFF);
inline constexpr Colour kAccent = rgb(0x0B4FD6);
inline constexpr Colour kSecondary = rgb(0x4F5969);
inline constexpr Colour kCaution = rgb(0x804000);
inline constexpr Colour kCautionGround = rgb(0xFFF4E5);
inline constexpr Colour kPale = rgb(0xC4CDDB);
inline constexpr Colour kDisabledGround = rgb(0xD9DFE8);
inline constexpr Colour kPressed = rgb(0x0A2F80);
inline constexpr double kLineHeight = 1.5;
inline constexpr double kBorder_mm = 0.3;
inline constexpr double kRadius_mm = 2.0;
}  // namespace paint

class Painter {
 public:
  enum class Paints { kPixels, kNothing };
  Painter(const PageInput& input, const Panel& panel, Fonts& fonts, const Messages& messages,
          Paints paints = Paints::kPixels);
  [[nodiscard]] Page take();

  const PageInput& in;
  const Panel& panel;
  const Screen& screen;
  Canvas canvas;

  [[nodiscard]] double mm(double v) const { return panel.px(v); }
  [[nodiscard]] double width() const { return panel.width_px; }
  [[nodiscard]] double height() const { return panel.height_px; }
  [[nodiscard]] const std::string& word(std::string_view key) const {
    return messages_.word(key, in.language);
  }
  /// The screen's words; "{place}" says where a phone is held on this panel's device (1-8.k).
  [[nodiscard]] const ScreenText& text() const { return text_; }
  const Font& font(double size_mm, bool bold = false) { return font(size_mm, bold, in.language); }
  /// Names and the clinic's own words keep the forms of the language they are written in.
  const Font& font(double size_mm, bool bold, Language language) {
    return fonts_.get(mm(size_mm), bold, language,
                      in.manners.has_every_font ? FontSet::kByLanguage : FontSet::kJapaneseAlone);
  }
  /// What stands on a button of the foot; the language key bears the name of the language it leads to, in
  /// that language.
  [[nodiscard]] const std::string& foot_word(std::string_view id) const;
  [[nodiscard]] Language foot_language(std::string_view id) const {
    return id == "language" ? in.next_language : in.language;
  }
  [[nodiscard]] bool has_language_key() const { return in.next_language != in.language; }

  /// Adds a node to the page's tree.
  Node& note(std::string id, std::string role, std::string text, const Rect& box, double font_px, Colour ink,
             Colour ground);
  /// Text centred in a box; shrinks when one line would not fit, never below 3 mm. Returns what it was set
  /// in.
  const Font& centred(const Rect& box, const std::string& text, double size_mm, bool bold, Colour ink,
                      Language language);
  /// Wrapped text from the top of `box`; returns the height used.
  double paragraph(const Rect& box, const std::string& text, double size_mm, bool bold, Colour ink,
                   const std::string& role, const std::string& id, Colour ground = paint::kGround) {
    return paragraph_in(in.language, box, text, size_mm, bold, ink, role, id, ground);
  }
  double paragraph_in(Language language, const Rect& box, const std::string& text, double size_mm, bool bold,
                      Colour ink, const std::string& role, const std::string& id,
                      Colour ground = paint::kGround);
  double title(const Rect& body, const std::string& words) { return title(body, words, panel.title_mm); }
  /// `largest_mm`: of its type.
  double title(const Rect& body, const std::string& words, double largest_mm);

  struct ButtonLook {
    double size_mm = 4;
    bool enabled = true;
    bool primary = false;
    char key = 0;  ///< key of the physical keypad; its legend is shown when there is one
    Mark mark = Mark::kNone;
    std::optional<Language> language = {};  ///< whose word it bears; nothing: the page's
  };
  void button(const std::string& id, const std::string& text, const std::string& event, const Rect& box,
              const ButtonLook& look);

  /// The four steps and where we are (3-10.b); for a while the announcement that time runs out.
  void header(const Rect& area, Colour ground);
  void footer();
  void sign(double cx, double cy, double r);
  /// A picture for a choice; `unit` is its millimetre.
  void mark(Mark mark, double cx, double cy, double unit, Colour ink, bool plain);
  /// The badge with a key's digit, `side` pixels wide; noted as "<id>_key".
  void legend(const std::string& id, char key, double left, double top, double side);

 private:
  void steps(const Rect& area, Colour ground);
  void narrow_steps(const Rect& area, Colour ground, double left);
  void announce_end(const Rect& area, double left);

  Fonts& fonts_;
  const Messages& messages_;
  ScreenText text_;
  Page page_;
};

/// The PIN page; the landscape arrangement has no footer.
void draw_pin(Painter& painter, const Rect& body);
void draw_landscape_pin(Painter& painter);

}  // namespace shogo::reader
