#include "management/web_server.h"

#include <charconv>
#include <optional>
#include <thread>

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <fmt/core.h>
#include <sys/stat.h>

#include <shogo/base/embedded.h>

namespace shogo::embedded_shogo_host_agent_core {
std::span<const EmbeddedFile> files();
}

namespace shogo::agent {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using Protocol = asio::generic::stream_protocol;
using Stream = beast::basic_stream<Protocol>;

/// A request must be there, and its answer taken, within so long.
constexpr std::chrono::seconds kPatience{10};
constexpr std::chrono::milliseconds kTick{250};

// What a page of ours may do: nothing but what is in this program (Content Security Policy 3).
constexpr const char* kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

struct Page {
  std::string_view path, file, type;
};
constexpr Page kPages[] = {
    {"/", "data/management/index.html", "text/html; charset=utf-8"},
    {"/page.js", "data/management/page.js", "text/javascript; charset=utf-8"},
    {"/words.js", "data/management/words.js", "text/javascript; charset=utf-8"},
    {"/page.css", "data/management/page.css", "text/css; charset=utf-8"},
};

std::optional<WebAnswer> page_of(const std::string& path) {
  for (const Page& page : kPages) {
    if (page.path != path) continue;
    const auto text = find_embedded(embedded_shogo_host_agent_core::files(), page.file);
    if (!text) return std::nullopt;
    return WebAnswer{200, std::string(page.type), std::string(*text), {}};
  }
  return std::nullopt;
}

}  // namespace

namespace {

WebRequest words_of(const http::request<http::string_body>& message) {
  const auto field = [&](auto name) { return std::string(message[name]); };
  WebRequest request;
  request.method = std::string(message.method_string());
  request.host = field(http::field::host);
  request.origin = field(http::field::origin);
  request.fetch_site = field("Sec-Fetch-Site");
  request.content_type = field(http::field::content_type);
  request.token = session_cookie(field(http::field::cookie));
  request.proof = field("X-Shogo-Proof");
  request.known_picture = field(http::field::if_none_match);
  request.body = message.body();
  return request;
}

http::response<http::string_body> message_of(WebAnswer answer, bool keep_alive) {
  http::response<http::string_body> message(static_cast<http::status>(answer.status), 11);
  if (!answer.type.empty()) message.set(http::field::content_type, answer.type);
  message.set(http::field::cache_control, "no-store");
  message.set("Content-Security-Policy", kPolicy);
  message.set("X-Content-Type-Options", "nosniff");
  message.set("Referrer-Policy", "no-referrer");
  message.set("Cross-Origin-Resource-Policy", "same-origin");
  for (auto& [name, value] : answer.headers) message.set(name, value);
  message.body() = std::move(answer.body);
  message.keep_alive(keep_alive);
  message.prepare_payload();
  return message;
}

}  // namespace

struct WebServer::Impl {
  explicit Impl(Management& asked)
      : management(asked), io(std::make_shared<asio::io_context>(1)), tcp(*io), local(*io), tick(*io) {}

  void accept_tcp();
  void accept_local();
  void take(Protocol::socket socket, std::uint16_t at, std::size_t& connections);
  void look_at_the_clock();

  Management& management;
  std::shared_ptr<asio::io_context> io;
  asio::ip::tcp::acceptor tcp;
  asio::local::stream_protocol::acceptor local;
  asio::steady_timer tick;
  std::uint16_t page_port = 0;
  std::size_t page_connections = 0;
  std::size_t local_connections = 0;  ///< of its own: a flooded page does not lock the administrator out
  std::filesystem::path socket_path;
  std::thread thread;
};

namespace {

class Session;

/// A session that waits outside its io_context (in the desk, on the link's thread) keeps the context alive.
/// Waiting inside it must not: a context whose own handlers keep it alive is never taken down.
struct AwayFromHome {
  std::shared_ptr<asio::io_context> io;
  std::shared_ptr<Session> session;  // gone before `io`
};

/// One connection: one request after the other.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(std::weak_ptr<asio::io_context> io, Protocol::socket socket, std::uint16_t at, Management& asked,
          std::size_t& connections)
      : io_(std::move(io)),
        stream_(std::move(socket)),
        at_(at),
        management_(asked),
        connections_(connections) {}

  void start() {
    ++connections_;
    read();
  }

 private:
  void read() {
    parser_.emplace();
    parser_->header_limit(kMostHeader);
    parser_->body_limit(kMostBody);
    stream_.expires_after(kPatience);
    http::async_read(stream_, buffer_, *parser_,
                     [self = shared_from_this()](beast::error_code ec, std::size_t) { self->answer(ec); });
  }

  void answer(beast::error_code ec) {
    keep_alive_ = false;
    if (ec == http::error::body_limit || ec == http::error::header_limit)
      return write(refusal(413, "size", "the request is too large"));
    if (ec == beast::error::timeout || ec == http::error::end_of_stream || ec == asio::error::eof)
      return end();
    if (ec) return write(refusal(400, "request", "no HTTP request"));
    http::request<http::string_body> message = parser_->release();
    keep_alive_ = message.keep_alive();
    WebRequest request = words_of(message);
    wipe(message.body().data(), message.body().size());
    if (!read_target(std::string_view(message.target().data(), message.target().size()), request).ok())
      return write(refusal(404, "path", "no such page"));
    // The page itself holds no data: it may be had by whoever sits at this machine.
    if (request.method == "GET" && at_ != 0)
      if (auto page = page_of(request.path))
        return write(is_our_name(request, at_) ? *std::move(page)
                                               : refusal(403, "origin", "this page has another address"));
    stream_.expires_never();
    management_.handle(std::move(request), at_,
                       [away = AwayFromHome{io_.lock(), shared_from_this()}](WebAnswer answer) {
                         // Perhaps on the link's thread.
                         asio::post(*away.io, [self = away.session, answer = std::move(answer)]() mutable {
                           self->write(std::move(answer));
                         });
                       });
  }

  void write(WebAnswer answer) {
    message_ = message_of(std::move(answer), keep_alive_);
    stream_.expires_after(kPatience);
    http::async_write(stream_, message_, [self = shared_from_this()](beast::error_code ec, std::size_t) {
      if (!ec && self->keep_alive_) return self->read();
      self->end();
    });
  }

  void end() {
    beast::error_code ignored;
    stream_.socket().shutdown(asio::socket_base::shutdown_both, ignored);
    stream_.close();
    --connections_;
  }

  std::weak_ptr<asio::io_context> io_;
  Stream stream_;
  const std::uint16_t at_;
  Management& management_;
  std::size_t& connections_;
  beast::flat_buffer buffer_{kMostHeader + kMostBody};
  std::optional<http::request_parser<http::string_body>> parser_;
  http::response<http::string_body> message_;
  bool keep_alive_ = false;
};

}  // namespace

void WebServer::Impl::take(Protocol::socket socket, std::uint16_t at, std::size_t& connections) {
  // Who comes when all places are taken finds the door shut: the ones inside are served.
  if (connections >= kMostConnections) return;
  std::make_shared<Session>(io, std::move(socket), at, management, connections)->start();
}

void WebServer::Impl::accept_tcp() {
  tcp.async_accept([this](beast::error_code ec, asio::ip::tcp::socket socket) {
    if (ec == asio::error::operation_aborted) return;
    if (!ec) take(Protocol::socket(std::move(socket)), page_port, page_connections);
    accept_tcp();
  });
}

void WebServer::Impl::accept_local() {
  local.async_accept([this](beast::error_code ec, asio::local::stream_protocol::socket socket) {
    if (ec == asio::error::operation_aborted) return;
    if (!ec) take(Protocol::socket(std::move(socket)), 0, local_connections);
    accept_local();
  });
}

void WebServer::Impl::look_at_the_clock() {
  tick.expires_after(kTick);
  tick.async_wait([this](beast::error_code ec) {
    if (ec) return;
    management.look_at_the_clock();
    look_at_the_clock();
  });
}

WebServer::WebServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Result<std::unique_ptr<WebServer>> WebServer::listen(const std::string& address,
                                                     const std::filesystem::path& socket,
                                                     Management& management) {
  auto impl = std::make_unique<Impl>(management);
  beast::error_code ec;
  if (!address.empty()) {
    const std::size_t colon = address.rfind(':');
    int port = -1;
    if (colon != std::string::npos) {
      const char* end = address.data() + address.size();
      const auto number = std::from_chars(address.data() + colon + 1, end, port);
      if (number.ec != std::errc() || number.ptr != end) port = -1;
    }
    const auto host = asio::ip::make_address(address.substr(0, colon), ec);
    if (ec || port < 0 || port > 65535 || !host.is_loopback())
      return Error{Code::kInvalid,
                   fmt::format("management_address must look like 127.0.0.1:4700 and be of this "
                               "machine alone, got \"{}\"",
                               address)};
    const asio::ip::tcp::endpoint endpoint(host, static_cast<std::uint16_t>(port));
    impl->tcp.open(endpoint.protocol(), ec);
    if (!ec) impl->tcp.set_option(asio::socket_base::reuse_address(true), ec);
    if (!ec) impl->tcp.bind(endpoint, ec);
    if (!ec) impl->tcp.listen(static_cast<int>(kMostConnections), ec);
    if (ec)
      return Error{Code::kUnavailable,
                   fmt::format("the management cannot listen on {}: {}", address, ec.message())};
    impl->page_port = impl->tcp.local_endpoint().port();
    impl->accept_tcp();
  }
  if (!socket.empty()) {
    // What a crash has left behind; a folder of our own account holds it.
    std::error_code gone;
    std::filesystem::remove(socket, gone);
    const mode_t before = ::umask(0177);
    impl->local.open(asio::local::stream_protocol(), ec);
    if (!ec && socket.string().size() < 100) impl->local.bind(socket.string(), ec);
    ::umask(before);
    if (!ec) impl->local.listen(static_cast<int>(kMostConnections), ec);
    if (ec || socket.string().size() >= 100)
      return Error{Code::kUnavailable, fmt::format("the management cannot listen on {}: {}", socket.string(),
                                                   ec ? ec.message() : "the path is too long")};
    impl->socket_path = socket;
    impl->accept_local();
  }
  impl->look_at_the_clock();
  impl->thread = std::thread([raw = impl.get()] { raw->io->run(); });
  return std::unique_ptr<WebServer>(new WebServer(std::move(impl)));
}

void WebServer::stop() {
  impl_->io->stop();
  if (impl_->thread.joinable()) impl_->thread.join();
  std::error_code ignored;
  if (!impl_->socket_path.empty()) std::filesystem::remove(impl_->socket_path, ignored);
}

WebServer::~WebServer() {
  stop();
}

std::uint16_t WebServer::port() const {
  return impl_->page_port;
}

}  // namespace shogo::agent
