// The host agent's end of the reader link: one reader at a time, TLS 1.3 with the paired key, heartbeats. One
// thread serves the socket; send() may be called from any thread.
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
#include <shogo/reference/tls_psk.h>

namespace shogo::agent {

constexpr milliseconds kHeartbeat{5'000};
/// Three heartbeats missed: the reader is gone, whatever TCP believes (3-22.c).
constexpr milliseconds kSilence{15'000};

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
      : clock_(clock), log_(log), observer_(std::move(observer)) {}
  void run();
  void serve(int socket);
  void wake();

  Clock& clock_;
  Log& log_;
  Observer observer_;
  reference::SslContext context_;
  int listening_ = -1;
  int wake_ = -1;
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;  // guards outgoing_, connected_
  std::deque<Bytes> outgoing_;
  bool connected_ = false;
  std::thread thread_;
};

}  // namespace shogo::agent
