// The whole firmware but its main() on a bench for tests: real adapter socket, real TLS link, a fake host
// agent behind it; and a harness that speaks the device protocol to it.
#pragma once

#include "adapter/device_adapter.h"
#include "fake_host.h"
#include "link/host_link.h"
#include <algorithm>
#include <atomic>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <shogo/base/file.h>
#include <shogo/base/json_reader.h>
#include <shogo/base/shared_clock.h>
#include <shogo/contract/device_protocol.h>
#include <shogo/contract/screen_change.h>

namespace shogo::reader {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace ws = boost::beast::websocket;

inline Secret link_key() {
  Secret key(reference::kLinkKeySize);
  for (std::size_t i = 0; i < reference::kLinkKeySize; ++i) key.push_back(static_cast<std::uint8_t>(i));
  return key;
}

/// What main() wires together, around a fake host.
class Bench {
 public:
  /// `keypad`: as in bench.json; an external one is read from keypad_device(). `camera`: the patient
  /// camera's ring, or empty.
  explicit Bench(Hooks hooks = {}, std::uint64_t seed = 1, bool shared_clock = false,
                 const std::string& keypad = "none", const std::string& camera = "")
      : folder_(*TemporaryFolder::create("reader_test")),
        shared_clock_(shared_clock ? *SharedClock::create(folder_.path() / "clock", parse_jst("2026-04-01"))
                                   : nullptr),
        clock_(shared_clock_ ? static_cast<Clock&>(*shared_clock_) : real_clock_),
        log_file_((folder_.path() / "reader.log").string()),
        sink_(*FileSink::open(log_file_)),
        log_(clock_, *sink_, "reader"),
        fonts_(*Fonts::open()),
        host_(link_key()),
        reader_(*load_panel("panel-8-portrait"), *fonts_, std::move(hooks), seed, clock_, log_),
        link_(
            host_.address(), *reference::make_link_context(reference::LinkEnd::kReader, link_key()),
            {{"type", "hello"}, {"serial", "S"}, {"fw", "0"}}, clock_,
            {[this] { reader_.post([this] { reader_.host_up(); }); },
             [this](boost::json::object body) { reader_.post([this, body] { reader_.host_message(body); }); },
             [this](std::string_view reason) {
               reader_.post([this, reason] { reader_.host_gone(reason); });
             }}),
        adapter_(*DeviceAdapter::listen("127.0.0.1:0", reader_, log_file_, "", clock_, log_, keypad)),
        keypad_(keypad_device(), [this](std::function<void(Input&)> what) {
          reader_.post([this, what = std::move(what)] { what(reader_); });
        }) {
    reader_.connect({[this](const boost::json::object& body) { link_.send(body); },
                     [this](const boost::json::object& body, std::uint64_t session, Secret pin) {
                       link_.send_pin(body, session, std::move(pin));
                     },
                     [this](std::string_view method, boost::json::object params) {
                       adapter_->notify(method, std::move(params));
                     },
                     [this](const Image& frame) { adapter_->present(frame); }, [](const Settings&) {},
                     [this](const Heard& piece) { adapter_->play(piece); }});
    if (!camera.empty()) reader_.see_with(std::make_unique<Camera>(camera, clock_));
    loop_ = std::thread([this] { reader_.run(); });
    link_.start();
    if (keypad == "built_in") reader_.post([this] { reader_.keypad(true); });
    if (keypad == "external") keypad_.start();
  }
  ~Bench() {
    link_.stop();
    reader_.stop();
    loop_.join();
    adapter_.reset();
  }
  FakeHost& host() { return host_; }
  [[nodiscard]] std::uint16_t port() const { return adapter_->port(); }
  [[nodiscard]] std::string keypad_device() const { return (folder_.path() / "keypad").string(); }
  [[nodiscard]] std::string log() const { return *read_text(log_file_); }
  /// Of a bench with one.
  [[nodiscard]] SharedClock& shared_clock() { return *shared_clock_; }

 private:
  TemporaryFolder folder_;
  std::unique_ptr<SharedClock> shared_clock_;
  RealClock real_clock_;
  Clock& clock_;
  std::string log_file_;
  std::unique_ptr<FileSink> sink_;
  Log log_;
  std::unique_ptr<Fonts> fonts_;
  FakeHost host_;
  Reader reader_;
  HostLink link_;
  std::unique_ptr<DeviceAdapter> adapter_;
  std::thread loop_;
  ExternalKeypad keypad_;  // its thread ends first
};

/// A harness on the device protocol: blocking, remembers every notification and frame in order.
class Harness {
 public:
  explicit Harness(const Bench& bench) {
    asio::ip::tcp::endpoint where(asio::ip::address_v4::loopback(), bench.port());
    socket_.next_layer().connect(where);
    socket_.handshake("127.0.0.1", "/");
    socket_.read_message_max(contract::kMaxBinaryFrame);
  }
  json::value call(const std::string& method, json::object params = {}) {
    const std::int64_t id = ++id_;
    send(contract::encode_request(id, method, std::move(params)));
    for (;;) {
      const auto message = next();
      if (!message || message->id != id) continue;
      error_ = message->error_code;
      return message->content;
    }
  }
  void send(std::string_view text) {
    socket_.text(true);
    socket_.write(asio::buffer(text));
  }
  void send_binary(std::string_view bytes) {
    socket_.binary(true);
    socket_.write(asio::buffer(bytes));
  }
  /// The next text that is an answer or an error; notifications and frames are put aside.
  std::optional<contract::RpcMessage> next() {
    beast::flat_buffer buffer;
    socket_.read(buffer);
    const std::string bytes = beast::buffers_to_string(buffer.data());
    if (!socket_.got_text()) {
      const auto frame = contract::parse_binary(as_bytes(bytes));
      if (!frame.ok()) ADD_FAILURE() << frame.error().describe();
      frames.emplace_back(frame->header, Bytes(frame->payload.begin(), frame->payload.end()));
      return std::nullopt;
    }
    auto message = contract::parse_rpc(bytes);
    if (!message.ok()) ADD_FAILURE() << message.error().describe() << ": " << bytes;
    if (message->kind == contract::RpcMessage::Kind::kNotification) {
      if (message->method == "state") states.push_back(message->content.as_object());
      if (message->method == "result") results.push_back(message->content.as_object());
      seqs.push_back(message->content.at("seq").to_number<std::int64_t>());
      return std::nullopt;
    }
    return *message;
  }
  void leave() { socket_.next_layer().close(); }
  void hello() { call("hello", {{"proto", 1}}); }
  /// Reads until the device is in that state; `since` counts states that are known already.
  json::object wait_state(std::string_view name, std::size_t since) {
    for (std::size_t i = since;; ++i) {
      while (i >= states.size()) next();
      if (states[i].at("name").as_string() == name) return states[i];
    }
  }
  void tap(std::string_view id) {
    const json::value tree = call("get_ui_tree");
    for (const json::value& node : tree.at("nodes").as_array()) {
      if (node.at("id").as_string() != id) continue;
      const auto& b = node.at("bounds_px").as_array();
      const json::array point{b[0].as_int64() + b[2].as_int64() / 2, b[1].as_int64() + b[3].as_int64() / 2};
      for (const char* phase : {"down", "up"})
        call("touch", {{"points", json::array{point}}, {"phase", phase}});
      return;
    }
    ADD_FAILURE() << "no node " << id << " on " << tree.at("screen_id").as_string();
  }
  void type(std::string_view digits) {
    for (const char c : digits) tap(fmt::format("key_{}", c));
  }
  [[nodiscard]] int error() const { return error_; }
  [[nodiscard]] std::size_t seen() const { return states.size(); }

  std::vector<json::object> states, results;
  std::vector<std::int64_t> seqs;
  std::vector<std::pair<contract::BinaryHeader, Bytes>> frames;

 private:
  asio::io_context context_;
  ws::stream<asio::ip::tcp::socket> socket_{context_};
  std::int64_t id_ = 0;
  int error_ = 0;
};

class Device : public testing::Test {
 protected:
  explicit Device(bool shared_clock = false, const std::string& keypad = "none",
                  const std::string& camera = "")
      : bench({}, 1, shared_clock, keypad, camera) {}
  Bench bench;
  Harness harness{bench};

  void SetUp() override {
    harness.hello();
    harness.call("reset", {{"level", "app"}});
    ASSERT_EQ(harness.error(), 0);
    set(R"({"ask_high_cost": false})");  // questions have tests of their own
  }
  void set(const char* settings) {
    harness.call("put_file", {{"kind", "settings"}, {"text", settings}});
    ASSERT_EQ(harness.error(), 0);
  }
  /// A person of over 40 whose records may be looked at.
  void identify(std::string_view notice = "none") {
    go_to_pin();
    bench.host().answer_with({{"type", "result"},
                              {"outcome", "ok"},
                              {"reason", "none"},
                              {"tries_left", 3},
                              {"records", notice != "grace"},
                              {"over_40", true},
                              {"notice", notice}});
    harness.type("1234");
    harness.tap("key_done");
  }
  /// The n-th request to authenticate; it crosses the link in its own time.
  json::object request(std::size_t n) {
    for (;;) {
      std::size_t count = 0;
      for (const json::object& message : bench.host().messages())
        if (message.at("type") == "authenticate" && ++count == n) return message;
      harness.call("ping");
    }
  }
  /// What the host answers to a request that brings no PIN.
  void answer_now(std::size_t n, std::string_view outcome, std::string_view reason) {
    bench.host().send({{"type", "result"},
                       {"session", request(n).at("session")},
                       {"outcome", outcome},
                       {"reason", reason},
                       {"tries_left", -1},
                       {"records", false},
                       {"over_40", true},
                       {"notice", "none"}});
  }
  json::object handed_over() {
    harness.call("ping");
    for (const json::object& message : bench.host().messages())
      if (message.at("type") == "hand_over") return message.at("answers").as_object();
    return {};
  }
  void place(const char* kind = "my_number") {
    bench.host().send({{"type", "card"}, {"present", true}, {"kind", kind}});
  }
  void take() { bench.host().send({{"type", "card"}, {"present", false}, {"kind", ""}}); }
  void go_to_pin() {
    const std::size_t start = harness.seen();
    place();
    harness.wait_state("method", start);
    harness.tap("choose_pin");
    harness.wait_state("pin", start);
  }
  /// One patient from the card to idle: the right PIN, the result, the card taken.
  void serve_with_pin() {
    const std::size_t start = harness.seen();
    go_to_pin();
    harness.type("1234");
    harness.tap("key_done");
    harness.wait_state("result_ok", start);
    harness.tap("next");
    take();
    harness.wait_state("idle", start);
  }
  /// Names of the states since `from`, neighbours of one name as one: who is quick sees `method` twice, while
  /// the card is asked for its tries.
  std::vector<std::string> names(std::size_t from) {
    std::vector<std::string> out;
    for (std::size_t i = from; i < harness.states.size(); ++i)
      out.emplace_back(harness.states[i].at("name").as_string());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
  }
};

}  // namespace shogo::reader
