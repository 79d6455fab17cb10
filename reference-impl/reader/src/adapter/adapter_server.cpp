#include "adapter/adapter_server.h"

#include <charconv>
#include <list>
#include <mutex>
#include <thread>
#include <variant>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>
#include <fmt/core.h>

#include <shogo/base/json_reader.h>

namespace shogo::reader {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace ws = boost::beast::websocket;
using asio::ip::tcp;

struct ScreenPacket {
  Bytes bytes;
  bool whole = true;  ///< can be read without the frames before it
};
struct SoundPacket {
  Bytes bytes;
};
using Outgoing = std::variant<std::string, Bytes, ScreenPacket, SoundPacket>;
constexpr std::size_t kMostWaiting = 64;

}  // namespace

struct AdapterServer::Impl {
  Impl(const Clock& c, Handler h, std::function<void()> l, std::function<void()> f,
       std::function<void(int)> r)
      : clock(c),
        handler(std::move(h)),
        left(std::move(l)),
        frames_lost(std::move(f)),
        refused(std::move(r)),
        acceptor(context) {}

  const Clock& clock;
  Handler handler;
  std::function<void()> left, frames_lost;
  std::function<void(int)> refused;
  asio::io_context context{1};
  tcp::acceptor acceptor;
  std::thread thread;

  // Everything below belongs to the adapter's thread, but for the numbers, which leave in the order in which
  // they are given.
  std::optional<ws::stream<tcp::socket>> socket;
  beast::flat_buffer buffer;
  std::list<Outgoing> queue;
  std::uint64_t connection = 0;
  bool open = false;
  bool frames_missing = false;  ///< what lies on an earlier frame would lie on nothing

  std::mutex mutex;
  std::uint64_t notification_seq = 0;
  std::uint64_t frame_seq = 0;
  std::uint64_t sound_seq = 0;

  [[nodiscard]] std::uint64_t now() const { return static_cast<std::uint64_t>(clock.now().count()); }

  void accept() {
    acceptor.async_accept([this](beast::error_code ec, tcp::socket peer) {
      if (ec) return;
      ++connection;
      queue.clear();
      frames_missing = false;
      buffer.clear();
      peer.set_option(tcp::no_delay(true), ec);
      socket.emplace(std::move(peer));
      socket->read_message_max(contract::kMaxRpcText);
      socket->async_accept([this](beast::error_code failed) {
        if (failed) return close();
        open = true;
        {
          const std::lock_guard lock(mutex);
          notification_seq = 0;
        }
        read();
      });
    });
  }

  void close() {
    if (open) left();
    open = false;
    socket.reset();
    accept();
  }

  void read() {
    socket->async_read(buffer, [this](beast::error_code ec, std::size_t) {
      if (ec) return close();
      const bool text = socket->got_text();
      const std::string message = beast::buffers_to_string(buffer.data());
      buffer.consume(buffer.size());
      if (text) {
        answer(message);
      } else {
        refuse(contract::kRpcInvalidRequest, "version 1 takes no binary frames from the harness");
      }
      if (open) read();
    });
  }

  /// What was no request, or nothing that we could read.
  void refuse(int code, std::string_view why) {
    if (refused) refused(code);
    push(contract::encode_error(0, code, why));
  }

  void answer(const std::string& text) {
    const auto message = contract::parse_rpc(text);
    if (!message.ok()) {
      const bool json = parse_json(text, "message").ok();
      return refuse(json ? contract::kRpcInvalidRequest : contract::kRpcParse, message.error().message());
    }
    if (message->kind != contract::RpcMessage::Kind::kRequest)
      return refuse(contract::kRpcInvalidRequest, "expected a request with an id");
    std::optional<AdapterError> fail;
    boost::json::value result = handler(message->method, message->content.as_object(), fail);
    if (fail && refused) refused(fail->code);
    // Behind whatever the request has set off: who has the answer has the states and frames that came of it,
    // too.
    asio::post(context, [this, mine = connection,
                         reply = fail ? contract::encode_error(message->id, fail->code, fail->message)
                                      : contract::encode_result(message->id, std::move(result))]() mutable {
      if (mine == connection) push(std::move(reply));
    });
  }

  /// A harness that does not read loses old frames and sound, so that it cannot fill the device's memory.
  /// Their numbers are missing then.
  void forget_old_frames() {
    if (queue.size() <= kMostWaiting) return;
    bool lost_frames = false;
    // The first is on its way: it must stay where it is.
    for (auto packet = std::next(queue.begin()); packet != queue.end();) {
      const bool frame = std::holds_alternative<ScreenPacket>(*packet);
      lost_frames = lost_frames || frame;
      packet =
          frame || std::holds_alternative<SoundPacket>(*packet) ? queue.erase(packet) : std::next(packet);
    }
    if (!lost_frames || frames_missing) return;
    frames_missing = true;
    if (frames_lost) frames_lost();
  }

  void push(Outgoing outgoing) {
    if (!open) return;
    forget_old_frames();
    if (const auto* screen = std::get_if<ScreenPacket>(&outgoing)) {
      if (frames_missing && !screen->whole) return;
      frames_missing = false;
    }
    queue.push_back(std::move(outgoing));
    if (queue.size() == 1) write();
  }

  void write() {
    const auto done = [this, mine = connection](beast::error_code ec, std::size_t) {
      if (mine != connection || queue.empty()) return;
      queue.pop_front();
      if (!ec && open && !queue.empty()) write();
    };
    if (const auto* text = std::get_if<std::string>(&queue.front())) {
      socket->text(true);
      socket->async_write(asio::buffer(*text), done);
    } else {
      socket->binary(true);
      const auto* screen = std::get_if<ScreenPacket>(&queue.front());
      const auto* sound = std::get_if<SoundPacket>(&queue.front());
      socket->async_write(asio::buffer(screen != nullptr  ? screen->bytes
                                       : sound != nullptr ? sound->bytes
                                                          : std::get<Bytes>(queue.front())),
                          done);
    }
  }
};

AdapterServer::AdapterServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Result<std::unique_ptr<AdapterServer>> AdapterServer::listen(const std::string& address, const Clock& clock,
                                                             Handler handler, std::function<void()> left,
                                                             std::function<void()> frames_lost,
                                                             std::function<void(int)> refused) {
  const std::size_t colon = address.rfind(':');
  int port = -1;
  if (colon != std::string::npos) {
    const char* end = address.data() + address.size();
    const auto number = std::from_chars(address.data() + colon + 1, end, port);
    if (number.ec != std::errc() || number.ptr != end) port = -1;
  }
  beast::error_code ec;
  const auto host = asio::ip::make_address(address.substr(0, colon), ec);
  if (ec || port < 0 || port > 65535)
    return Error{Code::kInvalid,
                 fmt::format("adapter_address must look like 127.0.0.1:4600, got \"{}\"", address)};
  auto impl = std::make_unique<Impl>(clock, std::move(handler), std::move(left), std::move(frames_lost),
                                     std::move(refused));
  const tcp::endpoint endpoint(host, static_cast<std::uint16_t>(port));
  impl->acceptor.open(endpoint.protocol(), ec);
  if (!ec) impl->acceptor.set_option(asio::socket_base::reuse_address(true), ec);
  if (!ec) impl->acceptor.bind(endpoint, ec);
  if (!ec) impl->acceptor.listen(1, ec);
  if (ec)
    return Error{Code::kUnavailable,
                 fmt::format("the adapter cannot listen on {}: {}", address, ec.message())};
  impl->accept();
  impl->thread = std::thread([raw = impl.get()] { raw->context.run(); });
  return std::unique_ptr<AdapterServer>(new AdapterServer(std::move(impl)));
}

AdapterServer::~AdapterServer() {
  impl_->context.stop();
  if (impl_->thread.joinable()) impl_->thread.join();
}

std::uint16_t AdapterServer::port() const {
  return impl_->acceptor.local_endpoint().port();
}

void AdapterServer::notify(std::string_view method, boost::json::object params) {
  const std::lock_guard lock(impl_->mutex);
  params["seq"] = ++impl_->notification_seq;
  params["t_dev"] = impl_->now();
  asio::post(impl_->context,
             [impl = impl_.get(), text = contract::encode_notification(method, std::move(params))]() mutable {
               impl->push(std::move(text));
             });
}

std::uint64_t AdapterServer::send_log(ByteView log) {
  const std::lock_guard lock(impl_->mutex);
  const std::uint64_t seq = ++impl_->frame_seq;
  asio::post(impl_->context, [impl = impl_.get(), bytes = contract::encode_binary(
                                                      contract::Channel::kLog, seq, impl_->now(),
                                                      log)]() mutable { impl->push(std::move(bytes)); });
  return seq;
}

std::uint64_t AdapterServer::send_screen(ByteView payload, bool whole) {
  const std::lock_guard lock(impl_->mutex);
  const std::uint64_t seq = ++impl_->frame_seq;
  asio::post(impl_->context, [impl = impl_.get(), whole,
                              bytes = contract::encode_binary(contract::Channel::kScreen, seq, impl_->now(),
                                                              payload)]() mutable {
    impl->push(ScreenPacket{std::move(bytes), whole});
  });
  return seq;
}

std::uint64_t AdapterServer::send_sound(ByteView payload, Nanoseconds at) {
  const std::lock_guard lock(impl_->mutex);
  const std::uint64_t seq = ++impl_->sound_seq;
  asio::post(impl_->context,
             [impl = impl_.get(), bytes = contract::encode_binary(
                                      contract::Channel::kAudio, seq, static_cast<std::uint64_t>(at.count()),
                                      payload)]() mutable { impl->push(SoundPacket{std::move(bytes)}); });
  return seq;
}

}  // namespace shogo::reader
