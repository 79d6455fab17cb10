#include "front_end.h"

#include "reader_command.h"
#include <algorithm>
#include <cstring>
#include <poll.h>
#include <unistd.h>

#include <sys/mman.h>

#include <shogo/reference/mutant.h>

namespace shogo::reference {

using contract::RfKind;

void FrontEnd::run() {
  const ClockThread here(clock_);
  log_.write("front_end_started");
  while (!stopped_) {
    if (look_for_card()) present();
    if (!stopped_) wait(options_.polling_interval);
  }
  if (rf_.connected()) (void)rf_.exchange(RfKind::kFieldOff, {}, milliseconds{0});
  log_.write("front_end_stopped");
}

FrontEnd::Wait FrontEnd::wait(Nanoseconds limit) {
  // poll() skips negative descriptors, so a closed slot or antenna needs no special case.
  pollfd fds[] = {
      {stop_fd_, POLLIN, 0}, {slot_.fd(), POLLIN, 0}, {slot_.connected() ? rf_.fd() : -1, POLLIN, 0}};
  const int ready = clock_.poll(fds, limit);
  if (ready > 0 && fds[0].revents != 0) {
    stopped_ = true;
    return Wait::kStop;
  }
  if (ready > 0 && fds[1].revents != 0) return Wait::kSlot;
  if (ready > 0 && fds[2].revents != 0) return Wait::kAntenna;
  return Wait::kTime;
}

void FrontEnd::note_trouble(Literal what) {
  if (trouble_ != what.text()) log_.write(what);
  trouble_ = what.text();
}

bool FrontEnd::look_for_card() {
  if (!rf_.connected()) {
    if (!rf_.connect().ok()) {
      note_trouble("antenna_unavailable");
      return false;
    }
    log_.write("antenna_connected");
  }
  return activate();
}

bool FrontEnd::activate() {
  // A reader that polls for Type A alone never calls a Type B card.
  if (SHOGO_MUTANT("m.nfc.type_a_only")) return false;
  const auto answer = rf_.exchange(RfKind::kRequestB, {}, options_.request_waiting_time);
  if (!answer.ok()) return false;
  if (answer->kind == RfKind::kCollision) {
    note_trouble("several_cards");
    return false;
  }
  if (answer->kind == RfKind::kNoCard) trouble_ = {};
  if (answer->kind != RfKind::kAtqb) return false;
  auto atqb = contract::parse_atqb(answer->payload);
  if (!atqb.ok() || !atqb->speaks_blocks()) {
    note_trouble("card_unsuitable");
    return false;
  }
  const auto attrib =
      rf_.exchange(RfKind::kAttrib, contract::encode_attrib({atqb->pupi}), options_.request_waiting_time);
  if (!attrib.ok() || attrib->kind != RfKind::kAck) return false;
  card_ = std::move(*atqb);
  if (!attrib->payload.empty()) card_.mbli = static_cast<std::uint8_t>(attrib->payload[0] >> 4);
  blocks_.begin(card_);
  // The kind of leak that nobody notices in a day and everybody in five years (1-8.m).
  if (SHOGO_MUTANT("m.nfc.handle_leak")) (void)::dup(stop_fd_);
  return true;
}

void FrontEnd::present() {
  if (!slot_.connect(options_.vpcd_port).ok()) {
    note_trouble("slot_unavailable");
    (void)rf_.exchange(RfKind::kFieldOff, {}, options_.request_waiting_time);
    return;
  }
  trouble_ = {};
  log_.write("card_present");
  bool there = true;
  // By the clock, not by silence: a driver that asks more often than we look would keep a card for ever.
  Nanoseconds next_look = clock_.now() + options_.polling_interval;
  // A reader that never tells of a removal keeps the slot, whatever it finds in the field.
  while ((there || SHOGO_MUTANT("m.nfc.no_removal_event")) && slot_.connected() && !stopped_) {
    const Nanoseconds left = next_look - clock_.now();
    switch (left.count() > 0 ? wait(left) : Wait::kTime) {
      case Wait::kSlot:
        there = serve_slot();
        break;
      case Wait::kAntenna:
        there = rf_.discard_late();
        if (!there) log_.write("antenna_lost");
        break;
      case Wait::kTime:
        there = blocks_.card_is_there();
        next_look = clock_.now() + options_.polling_interval;
        break;
      case Wait::kStop:
        break;
    }
  }
  slot_.close();
  log_.write("card_gone", {{"repeated_blocks", static_cast<std::int64_t>(blocks_.repetitions())}});
  // A card that only fell silent is called anew, with fresh power.
  if (rf_.connected()) (void)rf_.exchange(RfKind::kFieldOff, {}, options_.request_waiting_time);
  if (!stopped_) wait(options_.empty_slot_time);
}

bool FrontEnd::serve_slot() {
  if (!slot_.receive()) {
    log_.write("slot_closed");
    slot_.close();
    return false;
  }
  while (const auto frame = slot_.take_frame())
    if (!handle(*frame)) return false;
  return true;
}

bool FrontEnd::handle(ByteView frame) {
  if (frame.empty()) return true;
  if (frame.size() > 1) return carry(frame);
  switch (static_cast<SlotControl>(frame[0])) {
    case SlotControl::kPowerOff:
    case SlotControl::kPowerOn:
    case SlotControl::kReset:
      return power_cycle();
    case SlotControl::kGetAtr:
      return slot_.send_frame(atr());
  }
  return true;  // an unknown control code expects no answer
}

Bytes FrontEnd::atr() const {
  // What a reader says of a Type A memory card (PC/SC part 3, 3.1.3.2.3.1): well formed, and not true here.
  if (SHOGO_MUTANT("m.nfc.bad_atr")) return "3B8F8001804F0CA000000306030001000000006A"_hex;
  return contract::atr_of(card_);
}

bool FrontEnd::power_cycle() {
  // Power off, on and reset alike: the card forgets its security status (7816-4) and is active again at
  // once, because only an active card can be asked whether it is still there.
  const Bytes pupi = card_.pupi;
  return rf_.exchange(RfKind::kFieldOff, {}, options_.request_waiting_time).ok() && activate() &&
         card_.pupi == pupi;
}

bool FrontEnd::carry(ByteView apdu) {
  if (const auto own = answer_reader_command(apdu, card_.pupi)) return slot_.send_frame(*own);
  // A reader that does nothing for anybody before its own software has spoken to the card.
  if (SHOGO_MUTANT("m.reader.needs_app")) {
    static const Bytes own_software = "00A4040C0AD392F000260100000001"_hex;
    static bool woken = false;
    woken = woken || std::equal(apdu.begin(), apdu.end(), own_software.begin(), own_software.end());
    if (!woken) return slot_.send_frame("6985"_hex);
  }
  auto answer = blocks_.transmit(apdu);
  if (!answer.ok()) {
    if (answer.error().code() == Code::kTimeout)
      log_.write("card_mute", {{"frame_waiting_time", "exceeded"}});
    else if (answer.error().code() == Code::kCorrupt)
      log_.write("card_unreadable", {{"reason", "blocks"}});
    else if (answer.error().code() != Code::kNotFound)
      log_.write("exchange_failed");
    return false;
  }
  Bytes& response = *answer;
  // Less than a status word is a transmission error; handed on, an empty answer would block every client.
  if (response.size() < 2 || response.size() > 0xFFFF) {
    log_.write("card_unreadable", {{"reason", "response"}});
    return false;
  }
  if (SHOGO_MUTANT("m.nfc.truncate_256") && response.size() > 258)
    response.erase(response.begin() + 256, response.end() - 2);
  if (SHOGO_MUTANT("m.nfc.memory_leak")) {
    // Pages of their own: the heap would first fill holes that earlier answers left.
    constexpr std::size_t kPage = 4096;
    void* page = ::mmap(nullptr, kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page != MAP_FAILED) std::memset(page, 0x5A, kPage);
  }
  if (SHOGO_MUTANT("m.nfc.bit_flip_100th") && response.size() > 258) {
    static int answers = 0;
    if (++answers % 100 == 0) response[100] ^= 0x01;
  }
  return slot_.send_frame(response);
}

}  // namespace shogo::reference
