// Watches one PC/SC reader on a thread of its own and reports every arrival and removal. Survives a pcscd
// that goes and comes back.
#pragma once

#include "card_channel.h"
#include <atomic>
#include <functional>
#include <string>
#include <thread>

#include <shogo/base/log.h>

namespace shogo::agent {

class CardMonitor {
 public:
  using Observer = std::function<void(CardKind)>;  ///< called from the monitor's thread; kNone: the card left
  using ReaderObserver = std::function<void(bool there)>;  ///< the reader itself came or went
  /// `reopens`: looks for the reader again after it has gone. Only a defect says no.
  /// `cards` outlives the monitor.
  CardMonitor(
      std::string reader, const KnownCards& cards, Clock& clock, Log& log, Observer observer,
      ReaderObserver reader_observer = [](bool) {}, bool reopens = true);
  ~CardMonitor();
  CardMonitor(const CardMonitor&) = delete;
  CardMonitor& operator=(const CardMonitor&) = delete;

 private:
  void run();
  /// Watches until the service or the reader goes away.
  void watch();
  void report(CardKind kind);

  std::string reader_;
  const KnownCards& cards_;
  Clock& clock_;
  Log& log_;
  Observer observer_;
  ReaderObserver reader_observer_;
  bool reopens_;
  CardKind last_ = CardKind::kNone;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace shogo::agent
