// All of Beast that the server needs stays in this file: it is slow to compile.
// Accept loop, TLS, HTTP and faults; what is answered is the business of EligibilityDesk. Everything below
// runs on the one thread of io_, so sessions need no locks; other threads post and wait.
#include <fcntl.h>
#include <future>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/json.hpp>
#include <fmt/core.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <shogo/sim/authentication_request.h>
#include <shogo/sim/eligibility_desk.h>
#include <shogo/sim/eligibility_server.h>

namespace shogo::sim {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

constexpr std::uint32_t kMaxHeader = 8'192;
/// A client that connects and then says nothing does not hold a connection longer.
constexpr std::chrono::seconds kIdleLimit{30};

std::string common_name(SSL* ssl) {
  const X509* certificate = SSL_get0_peer_certificate(ssl);
  if (certificate == nullptr) return {};
  char name[128] = {};
  const int size =
      X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name, sizeof name);
  return size > 0 ? std::string(name, static_cast<std::size_t>(size)) : std::string();
}

/// The bench starts devices as child processes. A socket they inherit would go on listening, or hold a
/// connection open, after we closed ours: a server that is "down" would look slow instead.
void keep_from_children(int socket) {
  ::fcntl(socket, F_SETFD, FD_CLOEXEC);
}

DeskAnswer plain_error(int status, const char* word, const char* message) {
  DeskAnswer answer;
  answer.http_status = status;
  answer.outcome = word;
  answer.body = {{"error", word}, {"message", message}};
  return answer;
}

}  // namespace

std::string_view to_string(ServerFault fault) {
  switch (fault) {
    case ServerFault::kNone:
      return "none";
    case ServerFault::kRefused:
      return "refused";
    case ServerFault::kClosed:
      return "closed";
    case ServerFault::kSlow:
      return "slow";
    case ServerFault::kError500:
      return "error_500";
    case ServerFault::kWrongTls:
      return "wrong_tls";
  }
  return "none";
}

struct EligibilityServer::Impl {
  class Session;

  Impl(Options server_options, const Clock& server_clock, PersonRegister people, CertificateCheck check)
      : options(std::move(server_options)),
        clock(server_clock),
        desk(std::move(people), std::move(check), server_clock, options.seed, options.challenge_life) {}

  Result<void> listen();
  Result<void> load_tls();
  Result<void> load_impostor();
  void accept_next();
  void apply(ServerFault next, milliseconds next_delay);
  void record(RequestRecord entry);
  template <typename Work>
  void on_thread(Work work);

  Options options;
  const Clock& clock;
  EligibilityDesk desk;
  std::set<Session*> sessions;  // outlives io, whose end destroys what sessions are left
  asio::io_context io{1};
  // A server that refuses connections has nothing to do, but must still hear when that ends.
  asio::executor_work_guard<asio::io_context::executor_type> stays_up{io.get_executor()};
  asio::ssl::context tls{asio::ssl::context::tls_server};
  asio::ssl::context impostor{asio::ssl::context::tls_server};
  tcp::acceptor acceptor{io};
  tcp::endpoint endpoint;
  ServerFault fault = ServerFault::kNone;
  milliseconds delay{0};
  mutable std::mutex log_mutex;
  std::vector<RequestRecord> log;
  std::thread thread;
};

/// One connection: handshake, then request after request until somebody closes.
class EligibilityServer::Impl::Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket&& socket, Impl& server)
      : server_(server),
        stream_(std::move(socket), server.fault == ServerFault::kWrongTls ? server.impostor : server.tls),
        timer_(server.io) {
    server_.sessions.insert(this);
  }
  ~Session() { server_.sessions.erase(this); }

  void run() {
    beast::get_lowest_layer(stream_).expires_after(kIdleLimit);
    stream_.async_handshake(asio::ssl::stream_base::server, [self = shared_from_this()](auto ec) {
      if (ec) {
        RequestRecord refused;
        refused.outcome = "tls_refused";
        self->server_.record(std::move(refused));
        return;
      }
      self->client_ = common_name(self->stream_.native_handle());
      self->read_next();
    });
  }

  void close() {
    timer_.cancel();
    beast::error_code ignored;
    beast::get_lowest_layer(stream_).socket().close(ignored);
  }

 private:
  void read_next() {
    parser_.emplace();
    parser_->header_limit(kMaxHeader);
    parser_->body_limit(kMaxBody);
    beast::get_lowest_layer(stream_).expires_after(kIdleLimit);
    http::async_read(stream_, buffer_, *parser_, [self = shared_from_this()](auto ec, std::size_t) {
      if (ec == http::error::body_limit)
        return self->reply(plain_error(413, "too_large", "the request body may have 16384 bytes"), true);
      if (ec == http::error::header_limit)
        return self->reply(plain_error(431, "too_large", "the request header may have 8192 bytes"), true);
      if (ec.category() == http::make_error_code(http::error::bad_method).category() &&
          ec != http::error::end_of_stream && ec != http::error::partial_message)
        return self->reply(plain_error(400, "bad_request", "not an HTTP/1.1 request"), true);
      if (ec) return;
      self->answer();
    });
  }

  void answer() {
    const auto& request = parser_->get();
    if (server_.fault == ServerFault::kError500)
      return reply(plain_error(500, "internal", "the server is out of order"), !request.keep_alive());
    const auto method = request.method_string();
    const auto target = request.target();
    reply(server_.desk.answer({method.data(), method.size()}, {target.data(), target.size()}, request.body()),
          !request.keep_alive());
  }

  void reply(DeskAnswer answer, bool close_after) {
    const auto& request = parser_->get();
    RequestRecord entry;
    entry.client = client_;
    entry.method = std::string(request.method_string());
    entry.path = std::string(request.target());
    entry.http_status = answer.http_status;
    entry.outcome = answer.outcome;
    entry.certificate_serial = answer.certificate_serial;
    entry.signature_ok = answer.signature_ok;
    // Recorded before it is sent: whoever has the answer finds it in the log.
    server_.record(std::move(entry));
    response_.emplace(static_cast<http::status>(answer.http_status), 11);
    response_->set(http::field::content_type, answer.file ? "application/octet-stream" : "application/json");
    response_->keep_alive(!close_after);
    response_->body() =
        answer.file ? std::string(as_text(*answer.file)) : boost::json::serialize(answer.body);
    response_->prepare_payload();
    if (server_.fault != ServerFault::kSlow) return write();
    // The idle limit must not end what the bench asked to be slow.
    beast::get_lowest_layer(stream_).expires_never();
    timer_.expires_after(server_.delay);
    timer_.async_wait([self = shared_from_this()](auto ec) {
      if (!ec) self->write();
    });
  }

  void write() {
    beast::get_lowest_layer(stream_).expires_after(kIdleLimit);
    http::async_write(stream_, *response_, [self = shared_from_this()](auto ec, std::size_t) {
      if (ec) return;
      if (self->response_->keep_alive()) return self->read_next();
      self->stream_.async_shutdown([self](auto) {});
    });
  }

  Impl& server_;
  beast::ssl_stream<beast::tcp_stream> stream_;
  asio::steady_timer timer_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  std::optional<http::response<http::string_body>> response_;
  std::string client_;
};

Result<void> EligibilityServer::Impl::load_impostor() {
  if (options.impostor_cert_pem.empty()) return {};
  boost::system::error_code ec;
  impostor.use_certificate_chain_file(options.impostor_cert_pem.string(), ec);
  if (!ec) impostor.use_private_key_file(options.impostor_key_pem.string(), asio::ssl::context::pem, ec);
  if (ec)
    return Error{Code::kInvalid,
                 fmt::format("cannot use {}: {}", options.impostor_cert_pem.string(), ec.message())};
  return {};
}

Result<void> EligibilityServer::Impl::load_tls() {
  tls.set_options(asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1);
  // Every connection proves itself: a resumed one would not show its certificate again.
  SSL_CTX_set_options(tls.native_handle(), SSL_OP_NO_TICKET);
  SSL_CTX_set_session_cache_mode(tls.native_handle(), SSL_SESS_CACHE_OFF);
  tls.set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert);
  boost::system::error_code ec;
  tls.use_certificate_chain_file(options.server_cert_pem.string(), ec);
  if (ec)
    return Error{Code::kInvalid,
                 fmt::format("cannot use {}: {}", options.server_cert_pem.string(), ec.message())};
  tls.use_private_key_file(options.server_key_pem.string(), asio::ssl::context::pem, ec);
  if (ec)
    return Error{Code::kInvalid,
                 fmt::format("cannot use {}: {}", options.server_key_pem.string(), ec.message())};
  tls.load_verify_file(options.client_ca_pem.string(), ec);
  if (ec)
    return Error{Code::kInvalid,
                 fmt::format("cannot use {}: {}", options.client_ca_pem.string(), ec.message())};
  return {};
}

Result<void> EligibilityServer::Impl::listen() {
  boost::system::error_code ec;
  const auto address = asio::ip::make_address(options.address, ec);
  if (ec) return Error{Code::kInvalid, fmt::format("\"{}\" is no IP address", options.address)};
  endpoint = tcp::endpoint(address, options.port);
  const auto bind = [&] {
    acceptor.open(endpoint.protocol(), ec);
    if (!ec) keep_from_children(acceptor.native_handle());
    if (!ec) acceptor.set_option(tcp::acceptor::reuse_address(true), ec);
    if (!ec) acceptor.bind(endpoint, ec);
  };
  bind();
  if (!ec && options.port == 0) {
    // The kernel takes back a port that it chose itself when listening stops (kRefused); one asked for by
    // number stays ours.
    endpoint = acceptor.local_endpoint(ec);
    acceptor.close(ec);
    bind();
  }
  if (!ec) acceptor.listen(asio::socket_base::max_listen_connections, ec);
  if (ec)
    return Error{Code::kUnavailable, fmt::format("cannot listen on {} port {}: {}", options.address,
                                                 endpoint.port(), ec.message())};
  return {};
}

void EligibilityServer::Impl::accept_next() {
  acceptor.async_accept([this](auto ec, tcp::socket socket) {
    if (ec == asio::error::operation_aborted || !acceptor.is_open()) return;
    if (!ec) keep_from_children(socket.native_handle());
    if (!ec && fault != ServerFault::kClosed) std::make_shared<Session>(std::move(socket), *this)->run();
    accept_next();
  });
}

void EligibilityServer::Impl::apply(ServerFault next, milliseconds next_delay) {
  const bool was_refused = fault == ServerFault::kRefused;
  fault = next;
  delay = next_delay;
  if (next == ServerFault::kRefused || next == ServerFault::kClosed) {
    for (Session* session : sessions) session->close();
  }
  boost::system::error_code ec;
  if (next == ServerFault::kRefused && !was_refused) {
    acceptor.cancel(ec);
    // Linux: a listening socket that is shut down stays bound, so that the kernel refuses connections and
    // nobody else takes the port. Closing and binding anew would fail while a child that was just started
    // still holds a copy (between fork and exec).
    ::shutdown(acceptor.native_handle(), SHUT_RDWR);
  } else if (next != ServerFault::kRefused && was_refused) {
    acceptor.listen(asio::socket_base::max_listen_connections, ec);
    accept_next();
  }
}

void EligibilityServer::Impl::record(RequestRecord entry) {
  entry.at = clock.now();
  {
    const std::lock_guard lock(log_mutex);
    log.push_back(entry);
  }
  if (options.on_request) options.on_request(entry);
}

template <typename Work>
void EligibilityServer::Impl::on_thread(Work work) {
  std::promise<void> done;
  asio::post(io, [&] {
    work();
    done.set_value();
  });
  done.get_future().wait();
}

EligibilityServer::EligibilityServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Result<std::unique_ptr<EligibilityServer>> EligibilityServer::start(Options options, const Clock& clock) {
  SHOGO_TRY(PersonRegister people, PersonRegister::open(options.database));
  SHOGO_TRY(CertificateCheck check, CertificateCheck::open(options.user_auth_ca_pem, options.ask_status));
  auto impl = std::make_unique<Impl>(std::move(options), clock, std::move(people), std::move(check));
  SHOGO_CHECK_OK(impl->load_tls());
  SHOGO_CHECK_OK(impl->load_impostor());
  SHOGO_CHECK_OK(impl->listen());
  impl->accept_next();
  impl->thread = std::thread([raw = impl.get()] { raw->io.run(); });
  return std::unique_ptr<EligibilityServer>(new EligibilityServer(std::move(impl)));
}

EligibilityServer::~EligibilityServer() {
  impl_->on_thread([this] {
    boost::system::error_code ignored;
    impl_->acceptor.close(ignored);
    for (Impl::Session* session : impl_->sessions) session->close();
    impl_->stays_up.reset();
  });
  impl_->thread.join();
}

std::string EligibilityServer::url() const {
  return fmt::format("https://{}:{}", impl_->options.address, impl_->endpoint.port());
}

Result<void> EligibilityServer::add_person(const Person& person) {
  return impl_->desk.people().put(person);
}

Result<void> EligibilityServer::set_state(std::string_view certificate_serial, PersonState state) {
  return impl_->desk.people().set_state(certificate_serial, state);
}

Result<std::optional<Person>> EligibilityServer::person(std::string_view certificate_serial) const {
  return impl_->desk.people().find(certificate_serial);
}

std::string EligibilityServer::offer_update(Bytes package) {
  return impl_->desk.updates().offer(std::move(package));
}

void EligibilityServer::withdraw_updates() {
  impl_->desk.updates().clear();
}

void EligibilityServer::set_fault(ServerFault fault, milliseconds delay) {
  impl_->on_thread([this, fault, delay] { impl_->apply(fault, delay); });
}

std::vector<RequestRecord> EligibilityServer::requests() const {
  const std::lock_guard lock(impl_->log_mutex);
  return impl_->log;
}

}  // namespace shogo::sim
