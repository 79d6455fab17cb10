// What the reader notices of itself, records once and shows (1-20, 3-18): faults.h lists the faults.
#include "faults.h"
#include "reader.h"
#include "version.h"

namespace shogo::reader {
namespace {

/// From the day the firmware was made to the end of any device's life.
bool is_plausible(Nanoseconds wall) {
  static const Nanoseconds made = parse_jst(kMadeOn);
  constexpr std::chrono::hours kLife{24 * 365 * 30};
  return wall >= made && wall < made + kLife;
}

}  // namespace

void Reader::record_fault(std::string_view name) {
  const auto fault = fault_named(name);
  if (!fault || !hooks_.records_fault(fault->name)) return;
  log_.write("error",
             {{"code", PublicText::from_table(fault->code)},
              {"part", PublicText::from_table(fault->part)},
              {"fault", PublicText::from_table(fault->name)},
              {"message", PublicText::from_table(
                              Messages::built_in().screen(fault->screen, kLanguages[0].first).title)}});
}

void Reader::show_waiting_fault() {
  if (reader_lost_)
    fire("card_reader_lost");
  else if (storage_full_)
    fire("storage_full");
  else if (clock_wrong_)
    fire("clock_wrong");
}

void Reader::look_after_itself() {
  watch_camera();
  notice(storage_full_, !log_.catch_up(), "storage_full", "storage_back");
  notice(clock_wrong_, hooks_.doubts_clock && !is_plausible(clock_.wall_now()), "clock_wrong", "clock_right");
}

void Reader::notice(bool& known, bool now, std::string_view fault, std::string_view repaired) {
  if (known == now) return;
  known = now;
  if (now) {
    record_fault(fault);
    fire(fault);
    return;
  }
  log_.write("repaired", {{"fault", PublicText::from_table(fault)}});
  fire(repaired);
  // Who laid a card down meanwhile is served now.
  if (idle() && card_present_) fire(card_event());
}

}  // namespace shogo::reader
