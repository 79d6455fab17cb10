// All of Beast that the host agent needs stays in this file: it is slow to compile.
#include "claim_network.h"

#include <mutex>

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

namespace shogo::agent {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

constexpr std::uint32_t kMaxHeader = 8'192;

Error failure(const char* step, const beast::error_code& ec) {
  if (ec == asio::error::operation_aborted)
    return Error{Code::kCancelled, fmt::format("looking for updates was ended ({})", step)};
  if (ec == beast::error::timeout)
    return Error{Code::kTimeout, fmt::format("the claim network did not answer in time ({})", step)};
  if (ec == http::error::body_limit || ec == http::error::buffer_overflow)
    return Error{Code::kExhausted, "the answer is longer than any update may be"};
  if (ec.category() == http::make_error_code(http::error::bad_version).category() &&
      ec != http::error::end_of_stream && ec != http::error::partial_message)
    return Error{Code::kCorrupt, fmt::format("the claim network answered no HTTP we know ({})", step)};
  return Error{Code::kUnavailable,
               fmt::format("cannot reach the claim network ({}): {}", step, ec.message())};
}

}  // namespace

struct ClaimNetwork::Impl {
  std::string host, port;
  milliseconds timeout{0};
  asio::ssl::context tls{asio::ssl::context::tls_client};
  asio::io_context io{1};
  std::mutex mutex;  // guards cancelled, and restart() against stop()
  bool cancelled = false;

  /// Runs one asynchronous call to its end; operation_aborted when cancel() came before or in between.
  template <typename Start>
  beast::error_code run(Start start) {
    {
      const std::lock_guard lock(mutex);
      if (cancelled) return asio::error::operation_aborted;
      io.restart();
    }
    const auto result = std::make_shared<beast::error_code>(asio::error::operation_aborted);
    start([result](beast::error_code ec, auto&&...) { *result = ec; });
    io.run();
    return *result;
  }
};

ClaimNetwork::ClaimNetwork(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ClaimNetwork::~ClaimNetwork() = default;

Result<std::unique_ptr<ClaimNetwork>> ClaimNetwork::open(const Options& options) {
  constexpr std::string_view kScheme = "https://";
  auto impl = std::make_unique<Impl>();
  const std::size_t colon = options.url.rfind(':');
  if (!std::string_view(options.url).starts_with(kScheme) || colon <= kScheme.size() ||
      colon + 1 == options.url.size())
    return Error{Code::kInvalid, fmt::format("server URL \"{}\": expected https://host:port", options.url)};
  impl->host = options.url.substr(kScheme.size(), colon - kScheme.size());
  impl->port = options.url.substr(colon + 1);
  impl->timeout = options.timeout;
  impl->tls.set_options(asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1);
  impl->tls.set_verify_mode(asio::ssl::verify_peer);
  beast::error_code ec;
  const auto cannot = [&](const std::string& file) {
    return Error{Code::kInvalid, fmt::format("cannot use {}: {}", file, ec.message())};
  };
  impl->tls.load_verify_file(options.trust_anchor_pem, ec);
  if (ec) return cannot(options.trust_anchor_pem);
  impl->tls.use_certificate_chain_file(options.client_cert_pem, ec);
  if (ec) return cannot(options.client_cert_pem);
  impl->tls.use_private_key_file(options.client_key_pem, asio::ssl::context::pem, ec);
  if (ec) return cannot(options.client_key_pem);
  return std::unique_ptr<ClaimNetwork>(new ClaimNetwork(std::move(impl)));
}

Result<Bytes> ClaimNetwork::get(std::string_view path, std::size_t limit) {
  Impl& impl = *impl_;
  beast::ssl_stream<beast::tcp_stream> stream(impl.io, impl.tls);
  auto& socket = beast::get_lowest_layer(stream);
  beast::error_code ec;
  stream.set_verify_callback(asio::ssl::host_name_verification(impl.host), ec);
  if (asio::ip::make_address(impl.host, ec); ec.failed())
    SSL_set_tlsext_host_name(stream.native_handle(), impl.host.c_str());
  tcp::resolver resolver(impl.io);
  ec = {};
  const auto endpoints = resolver.resolve(impl.host, impl.port, ec);
  if (ec) return failure("name", ec);

  socket.expires_after(impl.timeout);
  ec = impl.run([&](auto done) { socket.async_connect(endpoints, std::move(done)); });
  if (ec) return failure("connect", ec);
  ec = impl.run([&](auto done) { stream.async_handshake(asio::ssl::stream_base::client, std::move(done)); });
  if (ec) return failure("TLS", ec);
  http::request<http::empty_body> request{http::verb::get, beast::string_view(path.data(), path.size()), 11};
  request.set(http::field::host, impl.host);
  request.keep_alive(false);
  ec = impl.run([&](auto done) { http::async_write(stream, request, std::move(done)); });
  if (ec) return failure("request", ec);
  beast::flat_buffer input;
  http::response_parser<http::vector_body<std::uint8_t>> parser;
  parser.header_limit(kMaxHeader);
  parser.body_limit(limit);
  ec = impl.run([&](auto done) { http::async_read(stream, input, parser, std::move(done)); });
  if (ec) return failure("answer", ec);
  const unsigned status = parser.get().result_int();
  if (status == 404) return Error{Code::kNotFound, "the claim network offers no such thing any more"};
  if (status != 200)
    return Error{Code::kUnavailable, fmt::format("the claim network answered with status {}", status)};
  return std::move(parser.get().body());
}

void ClaimNetwork::cancel() {
  const std::lock_guard lock(impl_->mutex);
  impl_->cancelled = true;
  impl_->io.stop();
}

}  // namespace shogo::agent
