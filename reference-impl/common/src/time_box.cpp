#include <csignal>
#include <unistd.h>

#include <sys/time.h>

#include <shogo/reference/time_box.h>

namespace shogo::reference {
namespace {

const char* stuck_program = nullptr;
char* const* stuck_words = nullptr;

extern "C" void begin_anew(int) {
  ::execv(stuck_program, stuck_words);
  ::_exit(2);
}

void set_timer(std::chrono::milliseconds limit) {
  itimerval timer{};
  timer.it_value.tv_sec = limit.count() / 1'000;
  timer.it_value.tv_usec = limit.count() % 1'000 * 1'000;
  ::setitimer(ITIMER_REAL, &timer, nullptr);
}

}  // namespace

void begin_anew_when_stuck(const char* program, char* const* words) {
  stuck_program = program;
  stuck_words = words;
  struct sigaction action {};
  action.sa_handler = begin_anew;
  // The program that takes this one's place inherits what is blocked: it must have its way out, too.
  action.sa_flags = SA_NODEFER;
  ::sigaction(SIGALRM, &action, nullptr);
}

TimeBox::TimeBox(std::chrono::milliseconds limit) {
  set_timer(limit);
}

TimeBox::~TimeBox() {
  set_timer(std::chrono::milliseconds{0});
}

}  // namespace shogo::reference
