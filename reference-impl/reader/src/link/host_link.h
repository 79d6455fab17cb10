// The reader's end of the reader link: connects to the host agent, keeps connecting with bounded backoff when
// it is lost, beats, and hands every message to its observer. One thread serves the socket; send functions
// may be called from any thread.
#pragma once

#include "settings.h"
#include <atomic>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include <boost/json.hpp>

#include <shogo/base/clock.h>
#include <shogo/contract/reader_link.h>
#include <shogo/reference/link_connection.h>
#include <shogo/reference/poller.h>
#include <shogo/reference/tls_psk.h>

namespace shogo::reader {

/// Where the test build bends the link (defects.cpp). In the shipped program every one is as the product
/// wants it.
struct LinkHooks {
  std::function<reference::LinkTiming(reference::LinkTiming)> timing = [](reference::LinkTiming t) {
    return t;
  };
  /// After an attempt that failed, or a connection that was lost: 3-22.a, for ever.
  std::function<bool(int failures, bool was_up)> keep_trying = [](int, bool) { return true; };
};

/// What the facility's settings mean for the link.
[[nodiscard]] reference::LinkTiming link_timing(const Settings& settings);

class HostLink {
 public:
  struct Observer {  ///< called from the link's thread
    std::function<void()> connected;
    std::function<void(boost::json::object)> message;
    std::function<void(std::string_view reason)> lost;  ///< static storage
  };
  /// `address` "HOST:PORT" with a numeric host. `hello` gets the heartbeat added.
  HostLink(std::string address, reference::SslContext context, boost::json::object hello, Clock& clock,
           Observer observer, LinkHooks hooks = {});
  ~HostLink();
  HostLink(const HostLink&) = delete;
  HostLink& operator=(const HostLink&) = delete;

  void start();
  /// After it has returned the observer is not called any more.
  void stop();
  /// Dropped while the host is away: whoever asked hears `lost`.
  void send(const boost::json::object& body);
  /// `authenticate` with its PIN right behind it, so that nothing comes between. The PIN is wiped once sent.
  void send_pin(const boost::json::object& authenticate, std::uint64_t session, Secret pin);
  /// In force at once; the host agent is told.
  void use(const reference::LinkTiming& timing);

 private:
  void run();
  [[nodiscard]] reference::UniqueFd dial() const;
  /// Until the connection has closed; how long it was open.
  Nanoseconds serve(reference::LinkConnection& connection);
  void queue(reference::LinkPacket packet);
  [[nodiscard]] reference::LinkTiming timing();

  std::string address_;
  reference::SslContext context_;
  boost::json::object hello_;
  Clock& clock_;
  Observer observer_;
  LinkHooks hooks_;
  reference::Poller poller_;
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;  // guards everything below but the thread
  std::deque<reference::LinkPacket> outgoing_;
  bool connected_ = false;
  reference::LinkTiming timing_;
  bool timing_changed_ = false;
  std::thread thread_;
};

}  // namespace shogo::reader
