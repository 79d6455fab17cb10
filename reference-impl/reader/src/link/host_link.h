// The reader's end of the reader link: connects to the host agent, keeps connecting with bounded backoff when
// it is lost, beats, and hands every message to its observer. One thread serves the socket; send functions
// may be called from any thread.
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

namespace shogo::reader {

class HostLink {
 public:
  struct Observer {  ///< called from the link's thread
    std::function<void()> connected;
    std::function<void(boost::json::object)> message;
    std::function<void()> lost;
  };
  /// `address` "HOST:PORT" with a numeric host.
  HostLink(std::string address, reference::SslContext context, boost::json::object hello, Clock& clock,
           Log& log, Observer observer);
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

 private:
  struct Outgoing {
    Bytes bytes;
    Secret secret;
  };
  void run();
  int connect() const;
  void serve(int socket);
  void wake();
  void queue(Outgoing outgoing);
  /// Waits at most `limit` for stop().
  void pause(milliseconds limit);

  std::string address_;
  reference::SslContext context_;
  boost::json::object hello_;
  Clock& clock_;
  Log& log_;
  Observer observer_;
  int wake_ = -1;
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;  // guards outgoing_, connected_
  std::deque<Outgoing> outgoing_;
  bool connected_ = false;
  std::thread thread_;
};

}  // namespace shogo::reader
