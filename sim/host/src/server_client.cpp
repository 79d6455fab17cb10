// All of Beast that the fund program needs stays in this file. Asynchronous calls are run to their end one by
// one: only they obey the stream's deadline.
#include "server_client.h"

#include <cstddef>
#include <mutex>
#include <span>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <fmt/core.h>
#include <openssl/ssl.h>

namespace shogo::sim {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

constexpr std::size_t kMaxAnswer = 16'384;
constexpr std::size_t kReadBuffer = 8'192;

struct Address {
  std::string host;
  std::string port;
};

Result<Address> parse_url(std::string_view url) {
  constexpr std::string_view kScheme = "https://";
  const Error wrong{Code::kInvalid, fmt::format("server URL \"{}\": expected https://host:port", url)};
  if (url.substr(0, kScheme.size()) != kScheme) return wrong;
  url.remove_prefix(kScheme.size());
  const std::size_t colon = url.rfind(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == url.size()) return wrong;
  const std::string_view port = url.substr(colon + 1);
  if (port.size() > 5 || port.find_first_not_of("0123456789") != std::string_view::npos) return wrong;
  return Address{std::string(url.substr(0, colon)), std::string(port)};
}

Error failure(const char* step, const beast::error_code& ec) {
  if (ec == asio::error::operation_aborted)
    return Error{Code::kCancelled, fmt::format("the question was called back ({})", step)};
  if (ec == beast::error::timeout)
    return Error{Code::kTimeout, fmt::format("the eligibility server did not answer in time ({})", step)};
  if (ec == http::error::buffer_overflow || ec == http::error::body_limit ||
      ec == http::error::header_limit || ec == http::error::bad_version || ec == http::error::bad_field ||
      ec == http::error::bad_status || ec == http::error::bad_line_ending)
    return Error{Code::kCorrupt, fmt::format("the eligibility server answered no HTTP we know ({})", step)};
  return Error{Code::kUnavailable,
               fmt::format("cannot reach the eligibility server ({}): {}", step, ec.message())};
}

/// Whether somebody has called the exchange back, and what to stop when he does.
class Cancellation {
 public:
  void begin() {
    const std::lock_guard lock(mutex_);
    cancelled_ = false;
  }
  void cancel() {
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
    if (running_ != nullptr) running_->stop();
  }
  /// False: it was called back before. Between enter and leave cancel() stops `io`.
  bool enter(asio::io_context& io) {
    const std::lock_guard lock(mutex_);
    if (cancelled_) return false;
    io.restart();
    running_ = &io;
    return true;
  }
  void leave() {
    const std::lock_guard lock(mutex_);
    running_ = nullptr;
  }

 private:
  std::mutex mutex_;
  bool cancelled_ = false;
  asio::io_context* running_ = nullptr;
};

/// Runs one asynchronous call and hands out how it ended: operation_aborted when it was called back. Its
/// handler then never runs; it dies with the context.
class Runner {
 public:
  Runner(asio::io_context& io, Cancellation& cancellation) : io_(io), cancellation_(cancellation) {}
  template <typename Start>
  beast::error_code operator()(Start start) {
    if (!cancellation_.enter(io_)) return asio::error::operation_aborted;
    const auto result = std::make_shared<beast::error_code>(asio::error::operation_aborted);
    start([result](beast::error_code ec, auto&&...) { *result = ec; });
    io_.run();
    cancellation_.leave();
    return *result;
  }

 private:
  asio::io_context& io_;
  Cancellation& cancellation_;
};

struct WipedBuffer {
  beast::flat_static_buffer<kReadBuffer> buffer;
  ~WipedBuffer() {
    buffer.clear();
    const auto room = buffer.prepare(buffer.max_size());
    wipe(room.data(), room.size());
  }
};

}  // namespace

struct ServerClient::Impl {
  Address address;
  milliseconds timeout{0};
  asio::ssl::context tls{asio::ssl::context::tls_client};
  Cancellation cancellation;

  Result<ServerAnswer> exchange(http::verb verb, std::string_view path, std::string_view body);
};

Result<ServerAnswer> ServerClient::Impl::exchange(http::verb verb, std::string_view path,
                                                  std::string_view body) {
  asio::io_context io{1};
  Runner run(io, cancellation);
  beast::ssl_stream<beast::tcp_stream> stream(io, tls);
  auto& socket = beast::get_lowest_layer(stream);
  beast::error_code ec;
  stream.set_verify_callback(asio::ssl::host_name_verification(address.host), ec);
  asio::ip::make_address(address.host, ec);
  const bool is_name = ec.failed();
  tcp::resolver resolver(io);
  const auto flags = is_name ? tcp::resolver::flags() : tcp::resolver::numeric_host;
  if (is_name) SSL_set_tlsext_host_name(stream.native_handle(), address.host.c_str());
  const auto endpoints = resolver.resolve(address.host, address.port, flags, ec);
  if (ec) return failure("name", ec);

  socket.expires_after(timeout);
  ec = run([&](auto done) { socket.async_connect(endpoints, std::move(done)); });
  if (ec) return failure("connect", ec);
  ec = run([&](auto done) { stream.async_handshake(asio::ssl::stream_base::client, std::move(done)); });
  if (ec) return failure("TLS", ec);

  http::request<http::string_body> request{verb, beast::string_view(path.data(), path.size()), 11};
  request.set(http::field::host, address.host);
  request.set(http::field::content_type, "application/json");
  request.keep_alive(false);
  request.body() = std::string(body);
  request.prepare_payload();
  ec = run([&](auto done) { http::async_write(stream, request, std::move(done)); });
  if (ec) return failure("request", ec);

  ServerAnswer answer;
  answer.body = Secret(kMaxAnswer);
  WipedBuffer input;
  http::response_parser<http::span_body<std::uint8_t>> parser;
  const auto room = answer.body.expose_room();
  parser.get().body() = {room.data(), room.size()};
  parser.body_limit(kMaxAnswer);
  ec = run([&](auto done) { http::async_read(stream, input.buffer, parser, std::move(done)); });
  if (ec) return failure("answer", ec);
  answer.http_status = parser.get().result_int();
  // span_body moves its start forward as it fills.
  answer.body.set_size(static_cast<std::size_t>(parser.get().body().data() - room.data()));
  return answer;
}

ServerClient::ServerClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ServerClient::~ServerClient() = default;

Result<std::unique_ptr<ServerClient>> ServerClient::open(const Options& options) {
  auto impl = std::make_unique<Impl>();
  SHOGO_TRY(impl->address, parse_url(options.url));
  impl->timeout = options.timeout;
  auto& tls = impl->tls;
  tls.set_options(asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1);
  SSL_CTX_set_options(tls.native_handle(), SSL_OP_CLEANSE_PLAINTEXT);
  tls.set_verify_mode(asio::ssl::verify_peer);
  const auto cannot = [](const std::string& file, const boost::system::error_code& ec) {
    return Error{Code::kInvalid, fmt::format("cannot use {}: {}", file, ec.message())};
  };
  boost::system::error_code ec;
  tls.load_verify_file(options.trust_anchor_pem, ec);
  if (ec) return cannot(options.trust_anchor_pem, ec);
  tls.use_certificate_chain_file(options.client_cert_pem, ec);
  if (ec) return cannot(options.client_cert_pem, ec);
  tls.use_private_key_file(options.client_key_pem, asio::ssl::context::pem, ec);
  if (ec) return cannot(options.client_key_pem, ec);
  return std::unique_ptr<ServerClient>(new ServerClient(std::move(impl)));
}

void ServerClient::begin() {
  impl_->cancellation.begin();
}

void ServerClient::cancel() {
  impl_->cancellation.cancel();
}

Result<ServerAnswer> ServerClient::get(std::string_view path) {
  return impl_->exchange(http::verb::get, path, {});
}

Result<ServerAnswer> ServerClient::post(std::string_view path, std::string_view json) {
  return impl_->exchange(http::verb::post, path, json);
}

}  // namespace shogo::sim
