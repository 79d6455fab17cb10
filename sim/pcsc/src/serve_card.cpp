#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <unistd.h>

#include <fmt/core.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <winscard.h>

#include <shogo/base/file.h>
#include <shogo/sim/card_issuer.h>
#include <shogo/sim/plain_front_end.h>
#include <shogo/sim/private_pcscd.h>
#include <shogo/sim/serve_card.h>

namespace shogo::sim {
namespace {

constexpr int kEnvironmentError = 2;
constexpr DWORD kCardSeenLimit_ms = 10'000;
constexpr const char* kSocketVariable = "PCSCLITE_CSOCK_NAME";

/// Blocks the signals that end us, and restores the mask.
class SignalsHeld {
 public:
  SignalsHeld() {
    sigemptyset(&held_);
    for (const int number : {SIGINT, SIGTERM, SIGCHLD}) sigaddset(&held_, number);
    pthread_sigmask(SIG_BLOCK, &held_, &before_);
  }
  ~SignalsHeld() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsHeld(const SignalsHeld&) = delete;
  SignalsHeld& operator=(const SignalsHeld&) = delete;
  /// The next of them, or 0 after half a second.
  [[nodiscard]] int next() const {
    const timespec limit{0, 500'000'000};
    const int number = sigtimedwait(&held_, nullptr, &limit);
    return number < 0 ? 0 : number;
  }
  [[nodiscard]] const sigset_t& before() const { return before_; }

 private:
  sigset_t held_{};
  sigset_t before_{};
};

/// Asks like any client until PC/SC says that a card is there: a command that runs earlier would find none.
Result<void> wait_until_seen(const std::string& reader) {
  SCARDCONTEXT context = 0;
  LONG rc = SCardEstablishContext(SCARD_SCOPE_SYSTEM, nullptr, nullptr, &context);
  if (rc == SCARD_S_SUCCESS) {
    SCARD_READERSTATE state{};
    state.szReader = reader.c_str();
    while (rc == SCARD_S_SUCCESS && (state.dwEventState & SCARD_STATE_PRESENT) == 0) {
      state.dwCurrentState = state.dwEventState;
      rc = SCardGetStatusChange(context, kCardSeenLimit_ms, &state, 1);
    }
    SCardReleaseContext(context);
  }
  if (rc == SCARD_S_SUCCESS) return {};
  return Error{Code::kTimeout,
               fmt::format("PC/SC does not see the card on {}: {}", reader, pcsc_stringify_error(rc))};
}

int exit_code(int status) {
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int run_command(const std::vector<std::string>& command, const SignalsHeld& signals, std::ostream& err) {
  std::vector<char*> argv;
  for (const std::string& word : command) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  const pid_t pid = ::fork();
  if (pid < 0) {
    err << "shogo card serve: cannot start a process: " << std::strerror(errno) << '\n';
    return kEnvironmentError;
  }
  if (pid == 0) {
    sigprocmask(SIG_SETMASK, &signals.before(), nullptr);
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    ::execvp(argv[0], argv.data());
    const char* reason = std::strerror(errno);
    for (const char* part :
         {"shogo card serve: cannot run ", static_cast<const char*>(argv[0]), ": ", reason, "\n"})
      if (::write(STDERR_FILENO, part, std::strlen(part)) < 0) break;
    ::_exit(127);
  }
  int status = 0;
  while (::waitpid(pid, &status, WNOHANG) == 0) {
    // An interrupt at the terminal reaches the command by itself; SIGTERM reaches only us.
    if (signals.next() == SIGTERM) ::kill(pid, SIGTERM);
  }
  return exit_code(status);
}

void describe(std::ostream& to, const PrivatePcscd& pcscd, const CardOrder& order, const IssuedCard& issued) {
  const PrivatePcscd::Reader& reader = pcscd.readers().front();
  to << fmt::format(
      "A synthetic My Number card lies on \"{}\". Reach it with\n"
      "  export PCSCLITE_CSOCK_NAME={}\n"
      "  user authentication PIN {}, signature password {}, number B {}\n"
      "The reader listens on TCP ports {} and {} of every network interface, not only loopback: whoever "
      "reaches\n"
      "them can play a card here.\n",
      reader.name, pcscd.socket(), as_text(order.auth_pin.expose()),
      as_text(order.signature_password.expose()), as_text(issued.number_b.expose()), reader.port,
      reader.port + 1);
}

}  // namespace

int serve_card(const ServeOptions& options, std::ostream& out, std::ostream& err) {
  const auto fail = [&](const Error& error) {
    err << "shogo card serve: " << error.describe() << '\n';
    return kEnvironmentError;
  };
  const SignalsHeld signals;
  const CardOrder order = standard_card_order();
  const auto pki = TestPki::create(options.seed);
  if (!pki.ok()) return fail(pki.error());
  const auto issuer = CardIssuer::create(*pki);
  if (!issuer.ok()) return fail(issuer.error());
  const auto issued = issuer->issue(order);
  if (!issued.ok()) return fail(issued.error());
  auto folder = TemporaryFolder::create("shogo-card");
  if (!folder.ok()) return fail(folder.error());
  PrivatePcscd::Options pcscd_options;
  pcscd_options.folder = folder->path();
  const auto pcscd = PrivatePcscd::start(pcscd_options);
  if (!pcscd.ok()) return fail(pcscd.error());
  const PrivatePcscd::Reader& reader = (*pcscd)->readers().front();
  // Before the front end's thread starts: the environment must not change under another thread.
  ::setenv(kSocketVariable, (*pcscd)->socket().c_str(), 1);
  const auto front_end = PlainFrontEnd::present(reader.port, *issued->card);
  if (!front_end.ok()) return fail(front_end.error());
  if (const auto seen = wait_until_seen(reader.name); !seen.ok()) return fail(seen.error());

  if (!options.command.empty()) return run_command(options.command, signals, err);  // its output alone
  describe(out, **pcscd, order, *issued);
  out << "Ctrl-C ends it." << std::endl;
  for (;;) {
    const int number = signals.next();
    if (number == SIGINT || number == SIGTERM) return 0;
    if (!(*pcscd)->running()) return fail(Error{Code::kUnavailable, "pcscd has ended"});
  }
}

}  // namespace shogo::sim
