#include <algorithm>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <linux/futex.h>
#include <string>
#include <unistd.h>
#include <vector>

#include <fmt/core.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <shogo/base/shared_clock.h>

namespace shogo {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::uint64_t kMagic = 0x31304B4C434F4853;  // "SHOCLK01"
constexpr std::size_t kMaxMembers = 16;
/// A call to the outside is given so long before time goes on without it.
constexpr milliseconds kOutsideGrace{300};
/// How long a process may keep a question open while it still works; then it is asked again.
constexpr milliseconds kAnswerWithin{5};
constexpr std::chrono::microseconds kLook{300};
constexpr milliseconds kModeChange{1'000};

Nanoseconds steady_now() {
  return std::chrono::duration_cast<Nanoseconds>(Steady::now().time_since_epoch());
}

// The page is shared between processes, so these are not the private kind.
void futex_wait(const std::atomic<std::uint32_t>& word, std::uint32_t value, milliseconds limit) {
  const timespec timeout{limit.count() / 1000, limit.count() % 1000 * 1'000'000};
  ::syscall(SYS_futex, reinterpret_cast<const std::uint32_t*>(&word), FUTEX_WAIT, value, &timeout, nullptr,
            0);
}
void futex_wake(const std::atomic<std::uint32_t>& word) {
  ::syscall(SYS_futex, reinterpret_cast<const std::uint32_t*>(&word), FUTEX_WAKE, INT_MAX, nullptr, nullptr,
            0);
}
static_assert(std::atomic<std::uint32_t>::is_always_lock_free && sizeof(std::atomic<std::uint32_t>) == 4);
static_assert(std::atomic<std::int64_t>::is_always_lock_free);

/// Wakes this thread out of poll(2) when time has moved.
int thread_bell() {
  struct Bell {
    int fd = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    ~Bell() { ::close(fd); }
  };
  static thread_local Bell bell;
  return bell.fd;
}

thread_local int lives_on_clock = 0;
/// A thread that waits during a call to the outside waits once, not twice.
thread_local int waits = 0;

std::string process_name(std::int32_t pid) {
  std::ifstream file(fmt::format("/proc/{}/comm", pid));
  std::string name = "a process";
  std::getline(file, name);
  return name;
}

}  // namespace

struct SharedClock::Member {
  std::atomic<std::int32_t> pid;
  std::atomic<std::uint32_t> round;  ///< last answered
  std::atomic<std::uint32_t> quiet;
  std::atomic<std::uint64_t> activity;
  std::atomic<std::int64_t> deadline;
};

struct SharedClock::Page {
  std::atomic<std::uint64_t> magic;
  std::atomic<std::int64_t> wall_start;
  std::atomic<std::uint32_t> version;  ///< odd while the two below are being written
  std::atomic<std::uint32_t> is_virtual;
  std::atomic<std::int64_t> base;    ///< virtual: the time; real: what to add to the machine's
  std::atomic<std::uint32_t> round;  ///< the question's number
  std::atomic<std::uint32_t> answers;
  Member members[kMaxMembers];
};

/// A thread that waits, as the servant must know it.
struct SharedClock::Waiter {
  Nanoseconds deadline{0};
  bool virtual_then = false;
  std::mutex* mutex = nullptr;
  std::condition_variable* condition = nullptr;
  const std::function<bool()>* done = nullptr;
  std::span<const pollfd> descriptors;
  int bell = -1;
};

class SharedClock::Waiting {
 public:
  Waiting(SharedClock& clock, Waiter& waiter) : clock_(clock) {
    const std::lock_guard lock(clock.mutex_);
    place_ = clock.waiters_.insert(clock.waiters_.end(), &waiter);
    if (waits++ == 0 && lives_on_clock > 0) ++clock.threads_waiting_;
    waiter.virtual_then = clock.is_virtual();
    clock.here_.notify_all();
  }
  ~Waiting() {
    const std::lock_guard lock(clock_.mutex_);
    clock_.waiters_.erase(place_);
    if (--waits == 0 && lives_on_clock > 0) --clock_.threads_waiting_;
    ++clock_.activity_;
  }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

 private:
  SharedClock& clock_;
  std::list<Waiter*>::iterator place_;
};

Result<SharedClock::Page*> SharedClock::map(const std::filesystem::path& file, int flags) {
  const int fd = ::open(file.c_str(), O_RDWR | O_CLOEXEC | flags, 0600);
  if (fd < 0)
    return Error{Code::kUnavailable,
                 fmt::format("cannot open the clock {}: {}", file.string(), std::strerror(errno))};
  const bool sized = (flags & O_CREAT) == 0 || ::ftruncate(fd, sizeof(Page)) == 0;
  const bool whole = sized && ::lseek(fd, 0, SEEK_END) >= static_cast<off_t>(sizeof(Page));
  void* memory =
      whole ? ::mmap(nullptr, sizeof(Page), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) : MAP_FAILED;
  ::close(fd);
  if (memory == MAP_FAILED)
    return Error{Code::kCorrupt, fmt::format("{} is no clock of a bench", file.string())};
  return static_cast<Page*>(memory);
}

Result<std::unique_ptr<SharedClock>> SharedClock::create(const std::filesystem::path& file,
                                                         Nanoseconds wall_start) {
  SHOGO_TRY(Page* const page, map(file, O_CREAT | O_TRUNC));
  page->wall_start = wall_start.count();
  page->base = -steady_now().count();
  page->magic = kMagic;
  return take_place(page);
}

Result<std::unique_ptr<SharedClock>> SharedClock::join(const std::filesystem::path& file) {
  SHOGO_TRY(Page* const page, map(file, 0));
  if (page->magic != kMagic) {
    ::munmap(page, sizeof(Page));
    return Error{Code::kCorrupt, fmt::format("{} is no clock of a bench", file.string())};
  }
  return take_place(page);
}

bool SharedClock::alive(std::int32_t pid) {
  if (::kill(pid, 0) != 0 && errno == ESRCH) return false;
  // A process that was killed and not yet waited for still has its number.
  std::ifstream stat(fmt::format("/proc/{}/stat", pid));
  std::string text;
  std::getline(stat, text);
  const std::size_t end = text.rfind(") ");
  return end == std::string::npos || (text[end + 2] != 'Z' && text[end + 2] != 'X');
}

namespace {
std::atomic<int> places_of_this_program{0};
}  // namespace

Result<std::unique_ptr<SharedClock>> SharedClock::take_place(Page* page) {
  for (Member& member : page->members) {
    std::int32_t pid = member.pid;
    // Left behind by the program that this process was before execve(2): nobody works there any more.
    if (pid == ::getpid() && places_of_this_program == 0 && member.pid.compare_exchange_strong(pid, 0))
      pid = 0;
    if (pid != 0 && alive(pid)) continue;
    member.round = page->round.load();
    if (member.pid.compare_exchange_strong(pid, ::getpid()))
      return std::unique_ptr<SharedClock>(new SharedClock(page, &member));
  }
  ::munmap(page, sizeof(Page));
  return Error{Code::kConflict, fmt::format("a clock serves {} processes", kMaxMembers)};
}

SharedClock::SharedClock(Page* page, Member* member)
    : page_(page), member_(member), servant_([this] { serve(); }) {
  ++places_of_this_program;
}

SharedClock::~SharedClock() {
  stopping_ = true;
  changed_here();
  futex_wake(page_->round);
  servant_.join();
  --places_of_this_program;
  member_->pid = 0;
  ::munmap(page_, sizeof(Page));
}

// --- the time

Nanoseconds SharedClock::now() const {
  for (;;) {
    const std::uint32_t before = page_->version;
    const bool is_virtual_now = page_->is_virtual != 0;
    const Nanoseconds base{page_->base};
    const Nanoseconds moment = is_virtual_now ? base : steady_now() + base;
    if (before % 2 == 0 && page_->version == before) return moment;
  }
}

Nanoseconds SharedClock::wall_now() const {
  return Nanoseconds{page_->wall_start} + now();
}

void SharedClock::shift_wall(Nanoseconds by) {
  page_->wall_start += by.count();
}

bool SharedClock::is_virtual() const {
  return page_->is_virtual != 0;
}

void SharedClock::set(bool is_virtual, Nanoseconds base) {
  ++page_->version;
  page_->is_virtual = is_virtual ? 1 : 0;
  page_->base = base.count();
  ++page_->version;
}

void SharedClock::set_virtual(bool wanted) {
  if (wanted == is_virtual()) return;
  const Nanoseconds moment = now();
  set(wanted, wanted ? moment : moment - steady_now());
  // Whoever waits measures by the old clock: the next question wakes him.
  (void)ask_everybody(Steady::now() + kModeChange);
}

// --- waiting

void SharedClock::sleep_for(Nanoseconds duration) {
  const Nanoseconds deadline = now() + duration;
  while (now() < deadline) poll({}, deadline - now());
}

bool SharedClock::wait_for(std::unique_lock<std::mutex>& lock, std::condition_variable& condition,
                           Nanoseconds duration, const std::function<bool()>& done) {
  Waiter waiter;
  waiter.deadline = now() + duration;
  waiter.mutex = lock.mutex();
  waiter.condition = &condition;
  waiter.done = &done;
  while (!done()) {
    const Nanoseconds left = waiter.deadline - now();
    if (left.count() <= 0) return false;
    const Waiting waiting(*this, waiter);
    if (waiter.virtual_then)
      condition.wait(lock);
    else
      condition.wait_for(lock, left);
  }
  return true;
}

int SharedClock::poll(std::span<pollfd> descriptors, Nanoseconds duration) {
  Waiter waiter;
  waiter.deadline = duration.count() < 0 ? Nanoseconds::max() : now() + duration;
  waiter.descriptors = descriptors;
  waiter.bell = thread_bell();
  std::vector<pollfd> all(descriptors.begin(), descriptors.end());
  all.push_back({waiter.bell, POLLIN, 0});
  for (;;) {
    const Nanoseconds left = waiter.deadline - now();
    int ready = 0;
    if (left.count() <= 0) {
      ready = ::poll(all.data(), descriptors.size(), 0);
    } else {
      const Waiting waiting(*this, waiter);
      const auto real_ms = std::min<std::int64_t>(std::chrono::ceil<milliseconds>(left).count(), INT_MAX);
      ready = ::poll(all.data(), all.size(), waiter.virtual_then ? -1 : static_cast<int>(real_ms));
    }
    std::uint64_t rung = 0;
    if (all.back().revents != 0 && ::read(waiter.bell, &rung, sizeof rung) > 0) --ready;
    all.back().revents = 0;
    for (std::size_t i = 0; i < descriptors.size(); ++i) descriptors[i].revents = all[i].revents;
    if (ready > 0 || left.count() <= 0) return std::max(0, ready);
  }
}

void SharedClock::enter_thread() {
  const std::lock_guard lock(mutex_);
  if (lives_on_clock++ == 0) ++threads_;
}

void SharedClock::leave_thread() {
  const std::lock_guard lock(mutex_);
  if (--lives_on_clock == 0) --threads_;
  here_.notify_all();
}

void SharedClock::go_outside() {
  const std::lock_guard lock(mutex_);
  outside_.emplace_back(std::this_thread::get_id(), Steady::now());
  if (waits++ == 0 && lives_on_clock > 0) ++threads_waiting_;
  here_.notify_all();
}

void SharedClock::come_back() {
  const std::lock_guard lock(mutex_);
  const auto mine = std::find_if(outside_.rbegin(), outside_.rend(),
                                 [](const auto& call) { return call.first == std::this_thread::get_id(); });
  if (mine != outside_.rend()) outside_.erase(std::next(mine).base());
  if (--waits == 0 && lives_on_clock > 0) --threads_waiting_;
  ++activity_;
}

// --- answering: is this process quiescent?

void SharedClock::changed_here() {
  const std::lock_guard lock(mutex_);
  here_.notify_all();
}

/// True when the waiter has something to do. Wakes it when only we know: its time has come, or goes by
/// another clock now.
bool SharedClock::happened(Waiter& waiter, Nanoseconds now_ns, bool virtual_now) {
  const bool wake = waiter.virtual_then != virtual_now || (virtual_now && waiter.deadline <= now_ns);
  if (waiter.mutex != nullptr) {
    // Never waits for the waiter's lock: whoever holds it works, and that is all we want to know.
    std::unique_lock lock(*waiter.mutex, std::try_to_lock);
    if (!lock) return true;
    if ((*waiter.done)()) return true;
    if (wake) waiter.condition->notify_all();
    return wake;
  }
  if (wake) {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t n = ::write(waiter.bell, &one, sizeof one);
    return true;
  }
  std::vector<pollfd> copy(waiter.descriptors.begin(), waiter.descriptors.end());
  return !copy.empty() && ::poll(copy.data(), copy.size(), 0) > 0;
}

SharedClock::Report SharedClock::look() {
  Report report;
  report.activity = activity_;
  report.quiet = threads_ == threads_waiting_;
  const Nanoseconds now_ns = now();
  const bool virtual_now = is_virtual();
  for (Waiter* waiter : waiters_) {
    if (happened(*waiter, now_ns, virtual_now)) report.quiet = false;
    if (waiter->virtual_then != virtual_now) report.by_old_clock = true;
    report.deadline = std::min(report.deadline, waiter->deadline);
  }
  for (const auto& [thread, since] : outside_)
    if (Steady::now() - since < kOutsideGrace) report.quiet = false;
  return report;
}

void SharedClock::serve() {
  std::uint32_t answered = member_->round;
  while (!stopping_) {
    const std::uint32_t round = page_->round;
    if (round == answered) {
      futex_wait(page_->round, answered, milliseconds(1'000));
      continue;
    }
    std::unique_lock lock(mutex_);
    const auto until = Steady::now() + kAnswerWithin;
    Report report = look();
    // Whoever measures by the old clock would never wake again: he is not left alone.
    while (!stopping_ &&
           (report.by_old_clock || (!report.quiet && page_->round == round && Steady::now() < until))) {
      here_.wait_for(lock, kLook);
      report = look();
    }
    lock.unlock();
    member_->quiet = report.quiet ? 1 : 0;
    member_->activity = report.activity;
    member_->deadline = report.deadline.count();
    member_->round = round;
    answered = round;
    ++page_->answers;
    futex_wake(page_->answers);
  }
}

// --- holding the clock

SharedClock::Report SharedClock::ask_everybody(Steady::time_point until) {
  const std::uint32_t round = ++page_->round;
  futex_wake(page_->round);
  constexpr milliseconds kLookForDead{50};
  for (;;) {
    const std::uint32_t answers = page_->answers;
    Report all;
    bool complete = true;
    for (Member& member : page_->members) {
      if (member.pid == 0) continue;
      if (member.round != round) {
        complete = false;
        continue;
      }
      all.quiet = all.quiet && member.quiet != 0;
      if (member.quiet == 0) all.busy = member.pid;
      all.activity += member.activity;
      all.deadline = std::min(all.deadline, Nanoseconds{member.deadline});
    }
    if (complete) return all;
    futex_wait(page_->answers, answers, kLookForDead);
    if (page_->answers != answers) continue;
    for (Member& member : page_->members)
      if (std::int32_t pid = member.pid; pid != 0 && !alive(pid)) member.pid.compare_exchange_strong(pid, 0);
    if (Steady::now() <= until) continue;
    all.quiet = false;
    return all;
  }
}

Result<SharedClock::Report> SharedClock::settled(milliseconds patience) {
  const auto until = Steady::now() + patience;
  Report before;
  before.quiet = false;
  for (;;) {
    const Report report = ask_everybody(until);
    if (report.quiet && before.quiet && report.activity == before.activity) return report;
    if (Steady::now() > until)
      return Error{Code::kTimeout,
                   fmt::format("{} was still busy after {} ms", process_name(report.busy), patience.count())};
    before = report;
  }
}

Result<void> SharedClock::settle(milliseconds patience) {
  SHOGO_CHECK_OK(settled(patience));
  return {};
}

Result<void> SharedClock::advance(Nanoseconds duration, Nanoseconds step, milliseconds patience) {
  if (!is_virtual()) return Error{Code::kConflict, "time can only be moved when it is virtual"};
  const Nanoseconds target = now() + duration;
  SHOGO_TRY(Report report, settled(patience));
  while (now() < target) {
    const Nanoseconds least = now() + std::max(step, Nanoseconds{1});
    set(true, std::min(target, std::max(report.deadline, least)));
    SHOGO_TRY(report, settled(patience));
  }
  return {};
}

}  // namespace shogo
