#include "front_end.h"

#include "reader_command.h"
#include <cerrno>
#include <poll.h>

#include <shogo/reference/mutant.h>

namespace shogo::reference {

using contract::RfKind;
using contract::RfMessage;

void FrontEnd::run() {
  log_.write("front_end_started");
  while (!stopped_) {
    if (look_for_card()) present();
    if (!stopped_) wait(options_.polling_interval);
  }
  if (rf_.connected()) (void)rf_.exchange(RfKind::kFieldOff, {}, milliseconds{0});
  log_.write("front_end_stopped");
}

FrontEnd::Wait FrontEnd::wait(milliseconds limit) {
  // poll() skips negative descriptors, so a closed slot or antenna needs no special case.
  pollfd fds[] = {
      {stop_fd_, POLLIN, 0}, {slot_.fd(), POLLIN, 0}, {slot_.connected() ? rf_.fd() : -1, POLLIN, 0}};
  const int ready = ::poll(fds, 3, static_cast<int>(limit.count()));
  if (ready < 0 && errno == EINTR) return Wait::kTime;
  if (ready > 0 && fds[0].revents != 0) {
    stopped_ = true;
    return Wait::kStop;
  }
  if (ready > 0 && fds[1].revents != 0) return Wait::kSlot;
  if (ready > 0 && fds[2].revents != 0) return Wait::kAntenna;
  return Wait::kTime;
}

bool FrontEnd::look_for_card() {
  if (!rf_.connected()) {
    if (!rf_.connect().ok()) {
      if (!antenna_known_lost_) log_.write("antenna_unavailable");
      antenna_known_lost_ = true;
      return false;
    }
    log_.write("antenna_connected");
    antenna_known_lost_ = false;
  }
  return activate();
}

bool FrontEnd::activate() {
  const auto answer = rf_.exchange(RfKind::kRequestB, {}, options_.request_waiting_time);
  if (!answer.ok() || answer->kind != RfKind::kAtqb) return false;
  auto atqb = contract::parse_atqb(answer->payload);
  if (!atqb.ok()) {
    log_.write("card_unreadable", {{"reason", "atqb"}});
    return false;
  }
  const auto attrib = rf_.exchange(RfKind::kAttrib, atqb->pupi, options_.request_waiting_time);
  if (!attrib.ok() || attrib->kind != RfKind::kAck) return false;
  card_ = std::move(*atqb);
  return true;
}

void FrontEnd::present() {
  if (!slot_.connect(options_.vpcd_port).ok()) {
    if (!slot_known_lost_) log_.write("slot_unavailable");
    slot_known_lost_ = true;
    return;
  }
  slot_known_lost_ = false;
  log_.write("card_present");
  bool there = true;
  while (there && !stopped_) {
    switch (wait(options_.polling_interval)) {
      case Wait::kSlot:
        if (!slot_.receive()) {
          log_.write("slot_closed");
          there = false;
        }
        while (there) {
          const auto frame = slot_.take_frame();
          if (!frame) break;
          there = handle(*frame);
        }
        break;
      case Wait::kAntenna:
        log_.write("antenna_lost");
        rf_.close();
        there = false;
        break;
      case Wait::kTime:
        there = still_there();
        break;
      case Wait::kStop:
        break;
    }
  }
  slot_.close();
  log_.write("card_gone");
  if (!stopped_) wait(options_.empty_slot_time);
}

bool FrontEnd::still_there() {
  const auto answer = rf_.exchange(RfKind::kRequestB, {}, options_.request_waiting_time);
  if (!answer.ok() || answer->kind != RfKind::kAtqb) return false;
  const auto atqb = contract::parse_atqb(answer->payload);
  // Another card in the same place is a removal and a new arrival, even when nobody saw the gap.
  return atqb.ok() && atqb->pupi == card_.pupi;
}

bool FrontEnd::handle(ByteView frame) {
  if (frame.empty()) return true;
  if (frame.size() > 1) return carry(frame);
  switch (static_cast<SlotControl>(frame[0])) {
    case SlotControl::kPowerOff:
      return rf_.exchange(RfKind::kFieldOff, {}, options_.request_waiting_time).ok();
    case SlotControl::kPowerOn:
    case SlotControl::kReset:
      return power_cycle();
    case SlotControl::kGetAtr:
      return slot_.send_frame(contract::atr_of(card_));
  }
  return true;  // an unknown control code expects no answer
}

bool FrontEnd::power_cycle() {
  const Bytes pupi = card_.pupi;
  return rf_.exchange(RfKind::kFieldOff, {}, options_.request_waiting_time).ok() && activate() &&
         card_.pupi == pupi;
}

bool FrontEnd::carry(ByteView apdu) {
  if (const auto own = answer_reader_command(apdu, card_.pupi)) return slot_.send_frame(*own);
  auto answer = rf_.exchange(RfKind::kApdu, apdu, options_.frame_waiting_time);
  if (!answer.ok()) {
    if (answer.error().code() == Code::kTimeout)
      log_.write("card_mute", {{"frame_waiting_time", "exceeded"}});
    else
      log_.write("exchange_failed");
    return false;
  }
  if (answer->kind == RfKind::kNoCard) return false;
  Bytes& response = answer->payload;
  // Less than a status word is a transmission error; handed on, an empty answer would block every client.
  if (answer->kind != RfKind::kApdu || response.size() < 2 || response.size() > 0xFFFF) {
    log_.write("card_unreadable", {{"reason", "response"}});
    return false;
  }
  if (SHOGO_MUTANT("m.nfc.truncate_256") && response.size() > 258)
    response.erase(response.begin() + 256, response.end() - 2);
  return slot_.send_frame(response);
}

}  // namespace shogo::reference
