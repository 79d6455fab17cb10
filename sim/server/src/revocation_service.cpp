// One connection after the other, one request each: a query takes a millisecond, and nobody keeps the line.
#include "ocsp_path.h"
#include <fcntl.h>
#include <optional>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <fmt/core.h>

#include <shogo/sim/revocation_service.h>

namespace shogo::sim {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

constexpr std::size_t kMaxBody = 16'384;
constexpr std::chrono::seconds kPatience{5};

using Response = http::response<http::string_body>;

Response text_answer(http::status status, std::string text) {
  Response response(status, 11);
  response.set(http::field::content_type, "text/plain; charset=utf-8");
  response.body() = std::move(text) + "\n";
  return response;
}

Response der_answer(std::string_view type, const Bytes& der) {
  Response response(http::status::ok, 11);
  response.set(http::field::content_type, {type.data(), type.size()});
  response.body().assign(der.begin(), der.end());
  return response;
}

}  // namespace

struct RevocationService::Impl {
  explicit Impl(std::vector<Authority> served) : authorities(std::move(served)) {}
  void accept_next();
  Response answer(const http::request<http::string_body>& request) const;
  Response answer_for(const OcspResponder& responder, std::string_view rest,
                      const http::request<http::string_body>& request) const;
  std::string usage() const;

  class Session;
  std::vector<Authority> authorities;
  asio::io_context io{1};
  tcp::acceptor acceptor{io};
  tcp::endpoint endpoint;
  std::thread thread;
};

class RevocationService::Impl::Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket&& socket, const Impl& service) : service_(service), stream_(std::move(socket)) {}
  void run() {
    parser_.body_limit(kMaxBody);
    stream_.expires_after(kPatience);
    http::async_read(stream_, buffer_, parser_, [self = shared_from_this()](auto ec, std::size_t) {
      if (ec == http::error::body_limit || ec == http::error::header_limit) {
        self->response_ = text_answer(http::status::payload_too_large,
                                      fmt::format("a request may have {} bytes", kMaxBody));
      } else if (ec && ec != http::error::end_of_stream && ec != http::error::partial_message &&
                 ec.category() == http::make_error_code(http::error::bad_method).category()) {
        self->response_ = text_answer(http::status::bad_request, "this is no HTTP/1.1 request");
      } else if (ec) {
        return;
      } else {
        self->response_ = self->service_.answer(self->parser_.get());
      }
      self->response_.keep_alive(false);
      self->response_.prepare_payload();
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
  Response response_;
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

std::string RevocationService::Impl::usage() const {
  std::string text;
  for (const Authority& one : authorities)
    text += fmt::format("{}POST {} or GET {}/BASE64 with an OCSP request, GET {}/crl for the list",
                        text.empty() ? "" : "; ", one.path.empty() ? "/" : one.path, one.path, one.path);
  return text;
}

Response RevocationService::Impl::answer_for(const OcspResponder& responder, std::string_view rest,
                                             const http::request<http::string_body>& request) const {
  constexpr std::string_view kOcspAnswer = "application/ocsp-response";
  if (request.method() == http::verb::post) {
    if (rest.size() > 1) return text_answer(http::status::not_found, usage());
    const auto type = request[http::field::content_type];
    if (!beast::iequals(type.substr(0, type.find(';')), "application/ocsp-request"))
      return text_answer(
          http::status::unsupported_media_type,
          fmt::format("Content-Type must be application/ocsp-request (RFC 6960 A.1), not \"{}\"",
                      std::string(type)));
    return der_answer(kOcspAnswer, responder.answer(as_bytes(request.body())));
  }
  if (rest == "/crl") {
    const auto list = responder.list_der();
    if (!list.ok()) return text_answer(http::status::internal_server_error, list.error().describe());
    return der_answer("application/pkix-crl", *list);
  }
  if (rest.size() < 2) return text_answer(http::status::not_found, usage());
  const auto asked = ocsp_request_in_path(rest.substr(1));
  if (!asked.ok())
    return text_answer(http::status::bad_request,
                       "what follows the path is no base64 of an OCSP request; " + usage());
  return der_answer(kOcspAnswer, responder.answer(*asked));
}

Response RevocationService::Impl::answer(const http::request<http::string_body>& request) const {
  if (request.method() != http::verb::post && request.method() != http::verb::get) {
    Response refusal = text_answer(http::status::method_not_allowed, usage());
    refusal.set(http::field::allow, "GET, POST");
    return refusal;
  }
  const std::string target(request.target());
  for (const Authority& one : authorities) {
    if (!target.starts_with(one.path)) continue;
    const std::string_view rest = std::string_view(target).substr(one.path.size());
    if (rest.empty() || rest.front() == '/') return answer_for(*one.responder, rest, request);
  }
  return text_answer(http::status::not_found, usage());
}

bool reachable_from_network(const std::string& address) {
  boost::system::error_code ec;
  const auto parsed = asio::ip::make_address(address, ec);
  return !ec && !parsed.is_loopback();
}

RevocationService::RevocationService(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Result<std::unique_ptr<RevocationService>> RevocationService::start(std::vector<Authority> authorities,
                                                                    const Options& options) {
  auto impl = std::make_unique<Impl>(std::move(authorities));
  boost::system::error_code ec;
  const auto address = asio::ip::make_address(options.address, ec);
  if (ec) return Error{Code::kInvalid, fmt::format("\"{}\" is no IP address", options.address)};
  const tcp::endpoint endpoint(address, options.port);
  impl->acceptor.open(endpoint.protocol(), ec);
  if (!ec) ::fcntl(impl->acceptor.native_handle(), F_SETFD, FD_CLOEXEC);
  if (!ec) impl->acceptor.set_option(tcp::acceptor::reuse_address(true), ec);
  if (!ec) impl->acceptor.bind(endpoint, ec);
  if (!ec) impl->acceptor.listen(asio::socket_base::max_listen_connections, ec);
  if (ec)
    return Error{Code::kUnavailable,
                 fmt::format("cannot listen on {} port {}: {}", options.address, options.port, ec.message())};
  impl->endpoint = impl->acceptor.local_endpoint(ec);
  impl->accept_next();
  impl->thread = std::thread([raw = impl.get()] { raw->io.run(); });
  return std::unique_ptr<RevocationService>(new RevocationService(std::move(impl)));
}

RevocationService::~RevocationService() {
  impl_->io.stop();
  impl_->thread.join();
}

std::string RevocationService::url() const {
  const auto address = impl_->endpoint.address();
  const std::string host = address.is_v6() ? "[" + address.to_string() + "]" : address.to_string();
  return fmt::format("http://{}:{}", host, impl_->endpoint.port());
}

}  // namespace shogo::sim
