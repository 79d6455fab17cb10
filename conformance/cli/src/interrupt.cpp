#include "interrupt.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <pthread.h>
#include <thread>

namespace shogo::conformance {
namespace {

// A device that answers nothing costs two answer limits of five seconds before a case is closed.
constexpr int kPatienceSeconds = 25;

}  // namespace

struct Interrupt::Impl {
  std::atomic<bool> stop{false};
  std::atomic<bool> over{false};
  sigset_t before{};
  std::thread watcher;
};

Interrupt::Interrupt() : impl_(new Impl) {
  sigset_t watched;
  sigemptyset(&watched);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&watched, signal);
  // SIGUSR2 is only how the destructor wakes the watcher.
  sigaddset(&watched, SIGUSR2);
  pthread_sigmask(SIG_BLOCK, &watched, &impl_->before);
  std::signal(SIGPIPE, SIG_IGN);
  impl_->watcher = std::thread([impl = impl_, watched] {
    int signal = 0;
    sigwait(&watched, &signal);
    if (impl->over.load()) return;
    impl->stop = true;
    // A second signal, or patience at an end.
    const timespec patience{kPatienceSeconds, 0};
    sigtimedwait(&watched, nullptr, &patience);
    if (impl->over.load()) return;
    std::fputs("shogo: stopped at once; no report was written\n", stderr);
    std::_Exit(2);
  });
}

Interrupt::~Interrupt() {
  impl_->over = true;
  pthread_kill(impl_->watcher.native_handle(), SIGUSR2);
  impl_->watcher.join();
  pthread_sigmask(SIG_SETMASK, &impl_->before, nullptr);
  delete impl_;
}

const std::atomic<bool>* Interrupt::flag() const {
  return &impl_->stop;
}

}  // namespace shogo::conformance
