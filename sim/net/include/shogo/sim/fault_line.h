// FaultLine: a stretch of network that can fail. It lies between two programs on loopback (reader and host
// agent, host agent and eligibility server), passes their bytes on, and tells an observer who connected, who
// sent how much, and who hung up: what a capture on the cable would show, and so what the judges of 3-22
// trust instead of the device's own words. It never looks into the bytes; both lines carry TLS.
//
// What it does to a connection is what a network does to TCP: while the line is silent nothing arrives and
// nobody is told; when it heals, what was sent meanwhile arrives late, as TCP would repeat it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <shogo/base/clock.h>
#include <shogo/base/result.h>

namespace shogo::sim {

enum class LineFault {
  kNone,
  kRefused,  ///< a machine that is up and a service that is down: open connections and new ones are reset
  kSilent,  ///< cable out, router off: everything is swallowed, both ways, and no connection ends (half-open)
  kSlow,    ///< everything arrives late
};
[[nodiscard]] std::string_view to_string(LineFault fault);

class FaultLine {
 public:
  struct Options {
    std::string name;            ///< "reader_link"
    std::string near_end;        ///< who connects: "reader"
    std::string far_end;         ///< who listens: "host"
    std::uint16_t far_port = 0;  ///< on 127.0.0.1; nobody need listen there yet
  };
  struct Event {
    enum class Kind { kConnected, kBytes, kClosed } kind = Kind::kBytes;
    int connection = 0;     ///< counted from 1
    std::string_view from;  ///< kBytes, kClosed: near_end, far_end, or "line" when the fault ended it
    std::size_t size = 0;   ///< kBytes
  };
  /// Called from the line's thread; must not call back.
  using Observer = std::function<void(const Event&)>;

  static Result<std::unique_ptr<FaultLine>> open(Options options, Clock& clock);
  ~FaultLine();
  FaultLine(const FaultLine&) = delete;
  FaultLine& operator=(const FaultLine&) = delete;

  /// 127.0.0.1:port() is where the near end connects, through every fault the same.
  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] const std::string& name() const;
  /// In force when the call returns.
  void set(LineFault fault, milliseconds delay = milliseconds{0});
  /// Ends every open connection with a reset; the line itself is well.
  void reset_connections();
  /// The near end gets another address: what is open stays silent for ever (nobody is told), new connections
  /// reach the far end from the next address of 127.0.0.0/8.
  void change_address();
  void observe(Observer observer);

 private:
  struct Impl;
  explicit FaultLine(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace shogo::sim
