// A WebSocket peer whose every move a test scripts: the other end of RpcDevice.
#pragma once

#include <functional>
#include <string>
#include <thread>

#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>

#include <shogo/base/bytes.h>
#include <shogo/contract/device_protocol.h>

namespace shogo::conformance {

class ScriptedPeer {
 public:
  using Socket = boost::beast::websocket::stream<boost::asio::ip::tcp::socket>;
  /// `script` runs once, on its own thread, after the handshake. Errors of the socket end it quietly.
  explicit ScriptedPeer(std::function<void(ScriptedPeer&)> script)
      : acceptor_(io_, {boost::asio::ip::address_v4::loopback(), 0}),
        address_("ws://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port())),
        thread_([this, script = std::move(script)] {
          try {
            boost::asio::ip::tcp::socket raw(io_);
            acceptor_.accept(raw);
            socket_.emplace(std::move(raw));
            socket_->accept();
            script(*this);
          } catch (const boost::system::system_error&) {
            // The other end left; the test looks at what it saw.
          }
        }) {}
  ~ScriptedPeer() { thread_.join(); }

  [[nodiscard]] const std::string& address() const { return address_; }
  [[nodiscard]] contract::RpcMessage receive() {
    boost::beast::flat_buffer buffer;
    socket_->read(buffer);
    return contract::parse_rpc(boost::beast::buffers_to_string(buffer.data())).value();
  }
  void send(const std::string& text) {
    socket_->text(true);
    socket_->write(boost::asio::buffer(text));
  }
  void send_binary(const Bytes& bytes) {
    socket_->binary(true);
    socket_->write(boost::asio::buffer(bytes));
  }
  void answer_hello() {
    const auto hello = receive();
    send(contract::encode_result(
        hello.id,
        {{"proto", 1},
         {"caps", {"screen.frames"}},
         {"identity",
          {{"model", "m"}, {"serial", "s"}, {"fw", "1"}, {"engine", "e"}, {"os", "o"}, {"sbom_sha256", ""}}},
         {"mutant", "m.pin.sends_short"}}));
  }
  void state(int seq, const char* name) {
    send(contract::encode_notification("state", {{"seq", seq},
                                                 {"t_dev", seq},
                                                 {"name", name},
                                                 {"screen_id", "s"},
                                                 {"lang", "ja"},
                                                 {"substate", ""}}));
  }
  /// Reads until the harness closes the connection.
  void wait_for_the_end() {
    while (true) (void)receive();
  }
  Socket& socket() { return *socket_; }
  /// Leaves without a word, and takes the next one who connects.
  void restart() {
    socket_.reset();
    boost::asio::ip::tcp::socket raw(io_);
    acceptor_.accept(raw);
    socket_.emplace(std::move(raw));
    socket_->accept();
  }

 private:
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::string address_;
  std::optional<Socket> socket_;
  std::thread thread_;
};

}  // namespace shogo::conformance
