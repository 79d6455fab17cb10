// The only file of this room that includes Beast.
#include "rpc_rules.h"
#include <atomic>
#include <condition_variable>
#include <deque>
#include <future>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>
#include <fmt/core.h>

#include <shogo/conformance/rpc_device.h>
#include <shogo/contract/device_protocol.h>

namespace shogo::conformance {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
namespace json = boost::json;
using boost::system::error_code;

// A device that floods us with breaches must not fill our memory; the first ones tell the story.
constexpr std::size_t kMaxViolations = 200;
constexpr std::size_t kMaxBacklog = 1000;
constexpr std::chrono::milliseconds kGoodbye{300};
/// How long an adapter may be away while its device restarts, and how often it is looked for.
constexpr std::chrono::seconds kRestart{20};
constexpr std::chrono::milliseconds kLookAgain{50};
constexpr std::chrono::milliseconds kOneTry{1'000};
/// Requests of our own, beside the callers'.
constexpr std::int64_t kHelloAgain = std::int64_t{1} << 50;
constexpr std::int64_t kSubscribeAgain = kHelloAgain + 1;

std::string why(const error_code& error) {
  if (error == websocket::error::closed || error == asio::error::eof) return "it closed the connection";
  if (error == asio::error::connection_reset || error == asio::error::broken_pipe)
    return "it broke the connection";
  if (error == websocket::error::message_too_big || error == websocket::error::buffer_overflow)
    return fmt::format("it sent a message larger than {} MiB", contract::kMaxBinaryFrame >> 20);
  if (error == websocket::error::bad_frame_payload) return "it sent a text that is not UTF-8";
  return "it broke the WebSocket protocol (" + error.message() + ")";
}

/// After these an adapter that lives in the device may go and come back.
bool may_restart(std::string_view method, const json::object& params) {
  const json::value* level = params.if_contains("level");
  return method == "expect_restart" || (method == "reset" && level != nullptr &&
                                        (*level == "os" || *level == "power" || *level == "factory"));
}

json::object hello_params(const json::object& bench) {
  return {{"proto", contract::kProtocolVersion},
          {"harness", {{"name", "shogo"}, {"version", SHOGO_VERSION}}},
          {"bench", bench}};
}

}  // namespace

Result<DeviceAddress> parse_device_address(std::string_view text) {
  const auto bad = [&](std::string_view what) {
    return Error{Code::kInvalid,
                 fmt::format("\"{}\" is no device address: {}; expected ws://HOST:PORT", quoted(text), what)};
  };
  constexpr std::string_view kScheme = "ws://";
  if (text.substr(0, kScheme.size()) != kScheme) return bad("it does not begin with ws://");
  std::string_view rest = text.substr(kScheme.size());
  DeviceAddress address;
  const std::size_t slash = rest.find('/');
  address.path = slash == std::string_view::npos ? "/" : std::string(rest.substr(slash));
  rest = rest.substr(0, slash);
  const std::size_t colon = rest.rfind(':');
  if (colon == std::string_view::npos) return bad("the port is missing");
  address.host = std::string(rest.substr(0, colon));
  address.port = std::string(rest.substr(colon + 1));
  if (address.host.size() > 2 && address.host.front() == '[' && address.host.back() == ']')
    address.host = address.host.substr(1, address.host.size() - 2);
  if (address.host.empty()) return bad("the host is missing");
  if (address.port.empty() || address.port.size() > 5 ||
      address.port.find_first_not_of("0123456789") != std::string::npos || std::stoi(address.port) < 1 ||
      std::stoi(address.port) > 65535)
    return bad("the port must be 1 to 65535");
  return address;
}

/// Ten minutes at 48 kHz: a device that never falls silent must not fill the harness's memory.
constexpr std::size_t kMostSound = 60U << 20;

/// One socket, one thread. Members without a mutex belong to that thread.
struct RpcDevice::Impl {
  using Observer = std::function<void(const DeviceEvent&)>;
  struct Pending {
    std::string method;
    std::optional<Result<json::value>> answer;
  };

  explicit Impl(std::string where) : address(std::move(where)), guard(asio::make_work_guard(io)) {
    stream.emplace(io);
  }
  ~Impl() { stop(); }

  // --- opening, before the thread runs
  Result<void> open(const DeviceAddress& peer, std::chrono::milliseconds timeout);
  void start();
  void stop();

  // --- the I/O thread
  void read_next();
  void receive(const error_code& error, bool binary);
  void receive_text(std::string_view text);
  void receive_binary(ByteView bytes);
  void receive_answer(contract::RpcMessage message);
  void enqueue(std::string text);
  void write_next();
  void violation(std::string line);
  void deliver(DeviceEvent event);
  void lose(const std::string& reason);
  void come_back(std::chrono::steady_clock::time_point deadline);

  void set_observer(Observer next);

  const std::string address;
  Hello hello;
  std::string mutant;

  asio::io_context io;
  std::optional<websocket::stream<beast::tcp_stream>> stream;  ///< a new one after a restart
  asio::executor_work_guard<asio::io_context::executor_type> guard;
  std::thread thread;
  beast::flat_buffer buffer;
  std::deque<std::string> outgoing;
  RpcRules rules;
  Observer observer;
  std::deque<DeviceEvent> backlog;  ///< what came before there was an observer

  mutable std::mutex mutex;
  std::condition_variable changed;
  std::deque<SoundPiece> sounds;  ///< heard, and not asked for yet
  std::size_t sounds_size = 0;
  std::map<std::int64_t, Pending> pending;
  std::set<std::int64_t> given_up;  ///< timed out: their late answers are no breach of the protocol
  std::int64_t next_id = 1;
  std::optional<Error> lost;
  /// Until then the adapter may go and come back (docs/device-protocol.md, expect_restart).
  std::chrono::steady_clock::time_point restart_until{};
  bool away = false;  ///< it has gone, and is looked for
  int life = 0;       ///< connections so far: what is left of an earlier one is heard no more
  std::optional<json::object> subscription;  ///< of frames, given anew after a restart
  json::object bench;                        ///< for the hello after a restart
  std::vector<std::string> violations;
  bool stopping = false;
};

Result<void> RpcDevice::Impl::open(const DeviceAddress& peer, std::chrono::milliseconds timeout) {
  std::optional<error_code> outcome;
  bool connected = false;
  asio::ip::tcp::resolver resolver(io);
  auto& tcp = beast::get_lowest_layer(*stream);

  const auto on_handshake = [&](const error_code& error) { outcome = error; };
  const auto on_connect = [&](const error_code& error, const asio::ip::tcp::endpoint&) {
    if (error) {
      outcome = error;
      return;
    }
    connected = true;
    error_code ignored;
    tcp.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
    // One deadline for everything up to the handshake; a device that accepts and then keeps silent ends here.
    tcp.expires_never();
    websocket::stream_base::timeout limits{timeout, websocket::stream_base::none(), false};
    stream->set_option(limits);
    stream->read_message_max(contract::kMaxBinaryFrame + contract::kBinaryHeaderSize);
    stream->async_handshake(peer.host + ":" + peer.port, peer.path, on_handshake);
  };
  tcp.expires_after(timeout);
  resolver.async_resolve(peer.host, peer.port,
                         [&](const error_code& error, const asio::ip::tcp::resolver::results_type& found) {
                           if (error) {
                             outcome = error;
                             return;
                           }
                           tcp.async_connect(found, on_connect);
                         });
  while (!outcome) io.run_one();

  if (!*outcome) return {};
  if (*outcome == beast::error::timeout || *outcome == asio::error::timed_out)
    return Error{
        Code::kTimeout,
        connected ? fmt::format("{} accepts the connection but answers no WebSocket handshake within {} ms",
                                address, timeout.count())
                  : fmt::format("{} does not answer within {} ms", address, timeout.count())};
  if (connected)
    return Error{Code::kInvalid, fmt::format("{} speaks no WebSocket: {}", address, outcome->message())};
  return Error{Code::kUnavailable, fmt::format("cannot reach {}: {}; is the device's adapter running?",
                                               address, outcome->message())};
}

void RpcDevice::Impl::start() {
  io.restart();
  asio::post(io, [this] { read_next(); });
  thread = std::thread([this] { io.run(); });
}

void RpcDevice::Impl::stop() {
  if (!thread.joinable()) return;
  {
    const std::lock_guard lock(mutex);
    stopping = true;
  }
  asio::post(io, [this] {
    observer = nullptr;
    {
      const std::lock_guard lock(mutex);
      if (lost) {
        io.stop();
        return;
      }
    }
    // A polite end, but not at any price: a peer that ignores the close frame is left after kGoodbye.
    auto timer = std::make_shared<asio::steady_timer>(io, kGoodbye);
    timer->async_wait([this, timer](const error_code&) { io.stop(); });
    if (outgoing.empty())
      stream->async_close(websocket::close_code::normal, [this](const error_code&) { io.stop(); });
  });
  thread.join();
}

void RpcDevice::Impl::read_next() {
  stream->async_read(buffer, [this, mine = life](const error_code& error, std::size_t) {
    if (mine == life) receive(error, stream->got_binary());
  });
}

void RpcDevice::Impl::receive(const error_code& error, bool binary) {
  if (error) {
    const bool device_broke_it = error == websocket::error::message_too_big ||
                                 error == websocket::error::buffer_overflow ||
                                 error == websocket::error::bad_frame_payload;
    if (device_broke_it) violation(why(error));
    lose(why(error));
    return;
  }
  const ByteView bytes(static_cast<const std::uint8_t*>(buffer.data().data()), buffer.size());
  if (binary)
    receive_binary(bytes);
  else
    receive_text(as_text(bytes));
  buffer.consume(buffer.size());
  bool gone = false;
  {
    const std::lock_guard lock(mutex);
    gone = lost.has_value();
  }
  if (!gone) read_next();
}

void RpcDevice::Impl::receive_text(std::string_view text) {
  auto parsed = contract::parse_rpc(text);
  if (!parsed) {
    violation(fmt::format("{} (it began with \"{}\")", parsed.error().message(), quoted(text.substr(0, 60))));
    return;
  }
  contract::RpcMessage& message = *parsed;
  using Kind = contract::RpcMessage::Kind;
  switch (message.kind) {
    case Kind::kRequest:
      violation(fmt::format("the device sent the request \"{}\"; requests come from the harness only",
                            quoted(message.method)));
      return;
    case Kind::kResult:
    case Kind::kError:
      receive_answer(std::move(message));
      return;
    case Kind::kNotification:
      break;
  }
  RpcRules::Finding finding = rules.notification(message.method, message.content.get_object());
  for (std::string& line : finding.violations) violation(std::move(line));
  if (finding.deliver) deliver({message.method, std::move(message.content.get_object()), nullptr});
}

void RpcDevice::Impl::receive_binary(ByteView bytes) {
  const auto frame = contract::parse_binary(bytes);
  if (!frame) {
    violation(frame.error().message());
    return;
  }
  RpcRules::Finding finding = rules.binary(frame->header);
  for (std::string& line : finding.violations) violation(std::move(line));
  if (!finding.deliver) return;
  if (frame->header.channel == contract::Channel::kAudio) {
    const std::lock_guard lock(mutex);
    sounds_size += frame->payload.size();
    sounds.push_back({frame->header.seq, Nanoseconds(static_cast<std::int64_t>(frame->header.t_dev_ns)),
                      std::make_shared<const Bytes>(frame->payload.begin(), frame->payload.end())});
    while (sounds_size > kMostSound && !sounds.empty()) {
      sounds_size -= sounds.front().payload->size();
      sounds.pop_front();
    }
    return;
  }
  std::string kind = "binary";
  if (frame->header.channel == contract::Channel::kScreen) kind = "frame";
  if (frame->header.channel == contract::Channel::kLog) kind = "log";
  json::object data{{"seq", frame->header.seq}, {"t_dev_ns", frame->header.t_dev_ns}};
  deliver({std::move(kind), std::move(data),
           std::make_shared<const Bytes>(frame->payload.begin(), frame->payload.end())});
}

void RpcDevice::Impl::receive_answer(contract::RpcMessage message) {
  std::string complaint;
  {
    const std::lock_guard lock(mutex);
    const auto found = pending.find(message.id);
    if (found == pending.end()) {
      if (given_up.erase(message.id) == 0)
        complaint = fmt::format("an answer to request {}, which nobody asked", message.id);
    } else if (found->second.answer) {
      complaint = fmt::format("a second answer to request {} ({})", message.id, found->second.method);
    } else if (message.kind == contract::RpcMessage::Kind::kError) {
      found->second.answer.emplace(
          error_of_device(found->second.method, message.error_code, message.error_message));
    } else {
      found->second.answer.emplace(std::move(message.content));
    }
  }
  changed.notify_all();
  if (!complaint.empty()) violation(std::move(complaint));
}

void RpcDevice::Impl::enqueue(std::string text) {
  {
    // Asked of a life that ended just now: its caller knows, and the next must not begin with it.
    const std::lock_guard lock(mutex);
    if (away) return;
  }
  outgoing.push_back(std::move(text));
  if (outgoing.size() == 1) write_next();
}

void RpcDevice::Impl::write_next() {
  stream->text(true);
  stream->async_write(asio::buffer(outgoing.front()),
                      [this, mine = life](const error_code& error, std::size_t) {
                        if (mine != life) return;
                        if (error) {
                          lose(why(error));
                          return;
                        }
                        outgoing.pop_front();
                        if (!outgoing.empty()) write_next();
                      });
}

void RpcDevice::Impl::violation(std::string line) {
  {
    const std::lock_guard lock(mutex);
    if (violations.size() > kMaxViolations) return;
    if (violations.size() == kMaxViolations) line = "… and more; the rest is not counted";
    violations.push_back(line);
  }
  deliver({"protocol_violation", {{"text", line}}, nullptr});
}

void RpcDevice::Impl::deliver(DeviceEvent event) {
  if (observer) {
    observer(event);
    return;
  }
  if (event.payload) return;  // frames nobody watches are not worth keeping
  if (backlog.size() == kMaxBacklog) backlog.pop_front();
  backlog.push_back(std::move(event));
}

void RpcDevice::Impl::lose(const std::string& reason) {
  {
    const std::lock_guard lock(mutex);
    if (lost) return;
    if (std::chrono::steady_clock::now() < restart_until && !stopping) {
      restart_until = {};
      away = true;
      // Nobody answers any more what was asked of the life before.
      for (auto& [id, one] : pending)
        if (!one.answer)
          one.answer.emplace(Error{Code::kUnavailable, fmt::format("{}: the device restarted", one.method)});
      ++life;
      changed.notify_all();
      asio::post(io, [this] { come_back(std::chrono::steady_clock::now() + kRestart); });
      return;
    }
    lost = Error{Code::kUnavailable, fmt::format("the device at {} is gone: {}", address, reason)};
  }
  changed.notify_all();
  deliver({"connection_lost", {{"text", fmt::format("the device is gone: {}", reason)}}, nullptr});
  beast::get_lowest_layer(*stream).close();
}

/// On the I/O thread: connects anew, says hello, subscribes again. Whoever calls meanwhile waits.
void RpcDevice::Impl::come_back(std::chrono::steady_clock::time_point deadline) {
  beast::get_lowest_layer(*stream).close();
  stream.emplace(io);
  buffer.consume(buffer.size());
  outgoing.clear();
  rules = RpcRules();
  beast::error_code ec;
  const auto peer = parse_device_address(address);
  asio::ip::tcp::resolver resolver(io);
  const auto found = resolver.resolve(peer.value().host, peer.value().port, ec);
  auto& tcp = beast::get_lowest_layer(*stream);
  if (!ec) tcp.socket().connect(*found.begin(), ec);
  if (!ec) {
    tcp.socket().set_option(asio::ip::tcp::no_delay(true), ec);
    stream->set_option(websocket::stream_base::timeout{kOneTry, websocket::stream_base::none(), false});
    stream->read_message_max(contract::kMaxBinaryFrame + contract::kBinaryHeaderSize);
    stream->handshake(peer.value().host + ":" + peer.value().port, peer.value().path, ec);
  }
  if (ec) {
    bool gone = std::chrono::steady_clock::now() > deadline;
    {
      const std::lock_guard lock(mutex);
      gone = gone || stopping;
      if (gone) away = false;
    }
    if (gone) return lose("it did not come back after its restart");
    auto timer = std::make_shared<asio::steady_timer>(io, kLookAgain);
    timer->async_wait([this, timer, deadline](const error_code&) { come_back(deadline); });
    return;
  }
  {
    const std::lock_guard lock(mutex);
    given_up.insert(kHelloAgain);
    given_up.insert(kSubscribeAgain);
    away = false;
  }
  changed.notify_all();
  enqueue(contract::encode_request(kHelloAgain, "hello", hello_params(bench)));
  if (subscription) enqueue(contract::encode_request(kSubscribeAgain, "subscribe_frames", *subscription));
  deliver({"restarted", {}, nullptr});
  read_next();
}

void RpcDevice::Impl::set_observer(Observer next) {
  std::promise<void> done;
  asio::post(io, [&] {
    observer = std::move(next);
    while (observer && !backlog.empty()) {
      observer(backlog.front());
      backlog.pop_front();
    }
    done.set_value();
  });
  done.get_future().wait();
}

RpcDevice::RpcDevice(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RpcDevice::~RpcDevice() = default;

Result<std::unique_ptr<RpcDevice>> RpcDevice::open(std::string_view address,
                                                   std::chrono::milliseconds timeout) {
  SHOGO_TRY(const DeviceAddress peer, parse_device_address(address));
  auto impl = std::make_unique<Impl>(std::string(address));
  SHOGO_CHECK_OK(impl->open(peer, timeout));
  impl->start();
  return std::unique_ptr<RpcDevice>(new RpcDevice(std::move(impl)));
}

Result<std::unique_ptr<RpcDevice>> RpcDevice::connect(std::string_view address, json::object bench,
                                                      std::chrono::milliseconds timeout) {
  SHOGO_TRY(std::unique_ptr<RpcDevice> device, open(address, timeout));
  device->impl_->bench = std::move(bench);
  const auto answer = device->call("hello", hello_params(device->impl_->bench), timeout);
  if (!answer) return Error{answer.error().code(), "no device to judge", answer.error()};
  SHOGO_TRY(device->impl_->hello, parse_hello(*answer));
  if (const json::value* mutant = answer->get_object().if_contains("mutant"))
    if (mutant->is_string()) device->impl_->mutant = std::string(mutant->get_string());
  return device;
}

const Hello& RpcDevice::hello() const {
  return impl_->hello;
}
const std::string& RpcDevice::mutant() const {
  return impl_->mutant;
}

Result<json::value> RpcDevice::call(std::string_view method, json::object params,
                                    std::chrono::milliseconds timeout) {
  std::unique_lock lock(impl_->mutex);
  const bool goes = may_restart(method, params);
  if (goes) impl_->restart_until = std::chrono::steady_clock::now() + timeout + kRestart;
  if (method == "subscribe_frames") impl_->subscription = params;
  impl_->changed.wait_for(lock, kRestart, [&] { return !impl_->away || impl_->lost; });
  if (impl_->lost) return *impl_->lost;
  const std::int64_t id = impl_->next_id++;
  Impl::Pending& mine = impl_->pending[id];
  mine.method = std::string(method);
  asio::post(impl_->io, [impl = impl_.get(), text = contract::encode_request(id, method, std::move(params))] {
    impl->enqueue(text);
  });
  impl_->changed.wait_for(lock, timeout, [&] { return mine.answer || impl_->lost; });

  std::optional<Result<json::value>> answer = std::move(mine.answer);
  impl_->pending.erase(id);
  // Refused: who leaves now has simply gone. Else it has until the announced moment.
  if (goes && answer && !answer->ok() && answer->error().code() != Code::kUnavailable)
    impl_->restart_until = {};
  if (answer) return std::move(*answer);
  if (impl_->lost) return Error{Code::kUnavailable, fmt::format("{}: no answer", method), *impl_->lost};
  impl_->given_up.insert(id);
  return Error{Code::kTimeout,
               fmt::format("{}: the device does not answer within {} ms", method, timeout.count())};
}

void RpcDevice::on_event(std::function<void(const DeviceEvent&)> observer) {
  impl_->set_observer(std::move(observer));
}

std::vector<std::string> RpcDevice::violations() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->violations;
}

std::vector<SoundPiece> RpcDevice::take_sounds() {
  const std::lock_guard lock(impl_->mutex);
  std::vector<SoundPiece> taken(impl_->sounds.begin(), impl_->sounds.end());
  impl_->sounds.clear();
  impl_->sounds_size = 0;
  return taken;
}

bool RpcDevice::connected() const {
  const std::lock_guard lock(impl_->mutex);
  return !impl_->lost;
}

void RpcDevice::disconnect(std::string_view reason) {
  asio::post(impl_->io, [impl = impl_.get(), text = std::string(reason)] { impl->lose(text); });
}

}  // namespace shogo::conformance
