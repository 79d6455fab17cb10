// One connection after the other, one request each: a query takes a millisecond, and nobody keeps the line.
#include <fcntl.h>
#include <optional>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <fmt/core.h>
#include <openssl/pem.h>

#include <shogo/sim/revocation_service.h>

namespace shogo::sim {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

constexpr std::size_t kMaxBody = 16'384;
constexpr std::chrono::seconds kPatience{5};

std::string der_of_list(const std::string& pem) {
  BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  X509_CRL* list = PEM_read_bio_X509_CRL(bio, nullptr, nullptr, nullptr);
  BIO_free(bio);
  unsigned char* der = nullptr;
  const int size = list == nullptr ? 0 : i2d_X509_CRL(list, &der);
  std::string bytes(reinterpret_cast<const char*>(der), size > 0 ? static_cast<std::size_t>(size) : 0);
  OPENSSL_free(der);
  X509_CRL_free(list);
  return bytes;
}

}  // namespace

struct RevocationService::Impl {
  explicit Impl(const OcspResponder& from) : responder(from) {}
  void accept_next();
  http::response<http::string_body> answer(const http::request<http::string_body>& request) const;

  class Session;
  const OcspResponder& responder;
  asio::io_context io{1};
  tcp::acceptor acceptor{io};
  std::uint16_t port = 0;
  std::thread thread;
};

class RevocationService::Impl::Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket&& socket, const Impl& service) : service_(service), stream_(std::move(socket)) {}
  void run() {
    parser_.body_limit(kMaxBody);
    stream_.expires_after(kPatience);
    http::async_read(stream_, buffer_, parser_, [self = shared_from_this()](auto ec, std::size_t) {
      if (ec) return;
      self->response_ = self->service_.answer(self->parser_.get());
      http::async_write(self->stream_, self->response_, [self](auto, std::size_t) {
        beast::error_code ignored;
        self->stream_.socket().shutdown(tcp::socket::shutdown_both, ignored);
      });
    });
  }

 private:
  const Impl& service_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  http::request_parser<http::string_body> parser_;
  http::response<http::string_body> response_;
};

void RevocationService::Impl::accept_next() {
  acceptor.async_accept([this](auto ec, tcp::socket socket) {
    if (!acceptor.is_open()) return;
    if (!ec) {
      ::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
      std::make_shared<Session>(std::move(socket), *this)->run();
    }
    accept_next();
  });
}

http::response<http::string_body> RevocationService::Impl::answer(
    const http::request<http::string_body>& request) const {
  http::response<http::string_body> response(http::status::ok, 11);
  if (request.method() == http::verb::post) {
    response.set(http::field::content_type, "application/ocsp-response");
    const Bytes bytes = responder.answer(as_bytes(request.body()));
    response.body().assign(bytes.begin(), bytes.end());
  } else if (request.method() == http::verb::get && request.target() == "/crl") {
    const auto list = responder.list_pem();
    response.set(http::field::content_type, "application/pkix-crl");
    if (list.ok()) response.body() = der_of_list(*list);
    if (!list.ok()) response.result(http::status::internal_server_error);
  } else {
    response.result(http::status::not_found);
    response.body() = "POST / with an OCSP request, or GET /crl\n";
  }
  response.keep_alive(false);
  response.prepare_payload();
  return response;
}

RevocationService::RevocationService(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Result<std::unique_ptr<RevocationService>> RevocationService::start(const OcspResponder& responder,
                                                                    std::uint16_t port) {
  auto impl = std::make_unique<Impl>(responder);
  boost::system::error_code ec;
  const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), port);
  impl->acceptor.open(endpoint.protocol(), ec);
  if (!ec) ::fcntl(impl->acceptor.native_handle(), F_SETFD, FD_CLOEXEC);
  if (!ec) impl->acceptor.set_option(tcp::acceptor::reuse_address(true), ec);
  if (!ec) impl->acceptor.bind(endpoint, ec);
  if (!ec) impl->acceptor.listen(asio::socket_base::max_listen_connections, ec);
  if (ec) return Error{Code::kUnavailable, fmt::format("cannot listen on port {}: {}", port, ec.message())};
  impl->port = impl->acceptor.local_endpoint(ec).port();
  impl->accept_next();
  impl->thread = std::thread([raw = impl.get()] { raw->io.run(); });
  return std::unique_ptr<RevocationService>(new RevocationService(std::move(impl)));
}

RevocationService::~RevocationService() {
  impl_->io.stop();
  impl_->thread.join();
}

std::uint16_t RevocationService::port() const {
  return impl_->port;
}

std::string RevocationService::url() const {
  return fmt::format("http://127.0.0.1:{}", impl_->port);
}

}  // namespace shogo::sim
