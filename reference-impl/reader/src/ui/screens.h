// Which parts each screen is made of (data/screens.json): its layout, its place in the procedure, its choices
// with their keys. Words are in messages.json, what a choice leads to in pin_journey.json.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <shogo/base/result.h>

namespace shogo::reader {

enum class Layout { kNotice, kChoices, kTiles, kPin, kCamera };
enum class Sign { kNone, kCard, kWait, kCaution, kGood, kStaff, kPhone };
enum class Mark { kNone, kYes, kNo, kList, kPhone, kSheet, kFace, kKeypad };

/// The four steps of the procedure, in order (3-10.b).
inline constexpr std::string_view kSteps[] = {"card", "identity", "consent", "done"};

struct Choice {
  std::string id;
  std::string word;  ///< key of its words
  std::string note;  ///< key of a second line; empty: none
  std::string event;
  char key = 0;  ///< digit of the physical keypad that means this choice (1-14.c); 0: none does
  Mark mark = Mark::kNone;
  bool enabled = true;
  bool primary = false;
  bool takes_papers = false;  ///< a yes to what is chosen in the list: not before something is
};

struct Screen {
  Layout layout = Layout::kNotice;
  int step = 0;  ///< index into kSteps
  Sign sign = Sign::kNone;
  std::vector<Choice> choices;
  bool asked = false;          ///< one of the questions: there may be a way back to the one before
  bool caution = false;        ///< warns: its title carries the role "caution" (3-11.b)
  bool volume_button = false;  ///< the way to the page of the volume, in place of the end (1-13.e)
  bool camera_button = false;  ///< the way to what the camera sees, in place of the end, where there is one
  bool may_end = true;
  bool may_call_staff = true;
};

class Screens {
 public:
  static Result<Screens> load(std::string_view text, std::string_view where);
  static const Screens& built_in();
  /// Throws std::out_of_range for an unknown name: a programming error, found by the completeness test.
  [[nodiscard]] const Screen& at(std::string_view name) const;
  [[nodiscard]] const std::map<std::string, Screen, std::less<>>& all() const { return screens_; }

 private:
  std::map<std::string, Screen, std::less<>> screens_;
};

}  // namespace shogo::reader
