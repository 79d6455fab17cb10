// The host agent's end of the reader link: one reader at a time, TLS 1.3 with the paired key, heartbeats. One
// thread serves the sockets; send() may be called from any thread.
//
// A reader that can prove the key takes the place of the one that is connected: after a change of address or
// a router's restart the old connection is a ghost, and the reader must not wait until it is found out
// (3-22.c).
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include <boost/json.hpp>

#include <shogo/base/clock.h>
#include <shogo/base/log.h>
#include <shogo/contract/reader_link.h>
#include <shogo/reference/link_connection.h>
#include <shogo/reference/poller.h>
#include <shogo/reference/tls_psk.h>

namespace shogo::agent {

class LinkServer {
 public:
  struct Observer {
    std::function<void()> connected;
    std::function<void(contract::LinkMessage)> message;
    std::function<void()> lost;
  };
  /// `address` "HOST:PORT" with a numeric host. Observer functions are called from the link's thread.
  static Result<std::unique_ptr<LinkServer>> listen(const std::string& address, reference::SslContext context,
                                                    Clock& clock, Log& log, Observer observer);
  ~LinkServer();
  LinkServer(const LinkServer&) = delete;
  LinkServer& operator=(const LinkServer&) = delete;
  /// Begins to take readers; the observer may be called from now on, until stop() has returned.
  void start();
  void stop();
  /// Dropped when no reader is connected: it asks again after its hello.
  void send(boost::json::object body);

 private:
  LinkServer(Clock& clock, Log& log, Observer observer)
      : clock_(clock), log_(log), observer_(std::move(observer)), poller_(clock) {}
  void run();
  void accept();
  void greet();
  void serve();
  void take(contract::LinkMessage message);
  void part(std::string_view reason);

  Clock& clock_;
  Log& log_;
  Observer observer_;
  reference::Poller poller_;
  reference::SslContext context_;
  reference::UniqueFd listening_;
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;  // guards outgoing_, connected_
  std::deque<Bytes> outgoing_;
  bool connected_ = false;
  // The link's thread only.
  std::unique_ptr<reference::LinkConnection> candidate_;  ///< has not proved the key yet
  std::unique_ptr<reference::LinkConnection> reader_;
  std::thread thread_;
};

}  // namespace shogo::agent
