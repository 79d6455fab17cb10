// A host agent for tests: the TLS end of the reader link, with a card that the test puts on and a PIN that is
// right. Records what the reader sends. One connection after the other, on a thread of its own.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <boost/json.hpp>

#include <shogo/contract/reader_link.h>
#include <shogo/reference/tls_psk.h>

namespace shogo::reader {

class FakeHost {
 public:
  explicit FakeHost(const Secret& key);
  ~FakeHost();
  [[nodiscard]] std::string address() const;
  void send(const boost::json::object& message);
  /// What comes in answer to the next PIN; without one: {outcome ok} for 1234, wrong_pin for others.
  void answer_with(boost::json::object result);
  void set_tries(int tries) { tries_ = tries; }
  void stay_silent(bool silent) { silent_ = silent; }
  /// Ends the connection and takes no new one until come_back().
  void leave();
  void come_back();
  [[nodiscard]] std::vector<std::string> pins();
  [[nodiscard]] std::vector<boost::json::object> messages();

 private:
  void run();
  void serve(SSL* ssl, int fd);
  void on_message(contract::LinkMessage message);
  void ring() const;

  reference::SslContext context_;
  int listener_ = -1;
  int wake_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<int> tries_{3};
  std::atomic<bool> silent_{false};
  std::mutex mutex_;  // guards everything below
  bool stop_ = false;
  bool away_ = false;
  std::deque<Bytes> outbox_;
  std::optional<boost::json::object> next_answer_;
  std::vector<std::string> pins_;
  std::vector<boost::json::object> messages_;
  std::thread thread_;
};

}  // namespace shogo::reader
