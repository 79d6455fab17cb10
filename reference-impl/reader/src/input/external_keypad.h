// A keypad on a cable (1-14.e): a Linux input node that appears when it is plugged in and goes when it is
// pulled. On a thread of its own, from start() to the destructor.
#pragma once

#include "input/input.h"
#include "input/key_events.h"
#include <string>
#include <thread>

#include <shogo/reference/unique_fd.h>

namespace shogo::reader {

/// Defects of the test build.
struct KeypadHooks {
  bool debounces = true;
  bool notices_return = true;
};

class ExternalKeypad {
 public:
  /// `device`: /dev/input/by-id/…-event-kbd on a desk.
  ExternalKeypad(std::string device, TellInput tell, KeypadHooks hooks = {});
  ~ExternalKeypad();
  ExternalKeypad(const ExternalKeypad&) = delete;
  ExternalKeypad& operator=(const ExternalKeypad&) = delete;
  void start();

 private:
  void run();
  /// Until it is pulled. False: it is time to end.
  bool serve(int node);
  [[nodiscard]] bool pause() const;

  std::string device_;
  TellInput tell_;
  KeypadHooks hooks_;
  reference::UniqueFd stop_;
  std::thread thread_;
};

}  // namespace shogo::reader
