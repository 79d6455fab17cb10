#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <poll.h>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <shogo/sim/fault_line.h>

namespace shogo::sim {
namespace {

constexpr int kLong_ms = 5'000;
constexpr int kShort_ms = 100;

/// A blocking socket with patience.
struct Socket {
  explicit Socket(int given) : fd(given) {}
  ~Socket() {
    if (fd >= 0) ::close(fd);
  }
  Socket(Socket&& other) noexcept : fd(std::exchange(other.fd, -1)) {}
  Socket& operator=(Socket&&) = delete;
  void hang_up() { ::close(std::exchange(fd, -1)); }
  void say(const std::string& text) const {
    ASSERT_EQ(::send(fd, text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
  }
  /// What came within the time; "" when nothing did, "<end>" when the connection is over.
  [[nodiscard]] std::string hear(int ms) const {
    pollfd p{fd, POLLIN, 0};
    if (::poll(&p, 1, ms) == 0) return "";
    char buffer[64];
    const ssize_t n = ::recv(fd, buffer, sizeof buffer, 0);
    return n <= 0 ? "<end>" : std::string(buffer, static_cast<std::size_t>(n));
  }
  int fd;
};

class FaultLineTest : public testing::Test {
 protected:
  FaultLineTest() : listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(listener_.fd, reinterpret_cast<sockaddr*>(&address), size);
    ::listen(listener_.fd, 8);
    ::getsockname(listener_.fd, reinterpret_cast<sockaddr*>(&address), &size);
    line_ = *FaultLine::open({"link", "reader", "host", ntohs(address.sin_port)}, clock_);
    line_->observe([this](const FaultLine::Event& event) {
      const std::lock_guard lock(mutex_);
      events_.push_back(event);
      changed_.notify_all();
    });
  }
  [[nodiscard]] Socket near() const {
    Socket socket(::socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(line_->port());
    EXPECT_EQ(::connect(socket.fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    return socket;
  }
  /// The far end's socket, or -1 when nobody came; `address` gets where from.
  [[nodiscard]] Socket far(int ms = kLong_ms, std::string* address = nullptr) const {
    pollfd p{listener_.fd, POLLIN, 0};
    if (::poll(&p, 1, ms) == 0) return Socket(-1);
    sockaddr_in from{};
    socklen_t size = sizeof from;
    const int fd = ::accept(listener_.fd, reinterpret_cast<sockaddr*>(&from), &size);
    char text[INET_ADDRSTRLEN] = "";
    ::inet_ntop(AF_INET, &from.sin_addr, text, sizeof text);
    if (address != nullptr) *address = text;
    return Socket(fd);
  }
  bool seen(FaultLine::Event::Kind kind, std::string_view from) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::milliseconds(kLong_ms), [&] {
      for (const auto& event : events_)
        if (event.kind == kind && event.from == from) return true;
      return false;
    });
  }
  RealClock clock_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<FaultLine::Event> events_;
  Socket listener_;
  std::unique_ptr<FaultLine> line_;
};

using Kind = FaultLine::Event::Kind;

TEST_F(FaultLineTest, a_line_that_is_well_carries_both_ways_and_shows_who_sent_how_much) {
  const Socket reader = near();
  const Socket host = far();
  reader.say("hello");
  EXPECT_EQ(host.hear(kLong_ms), "hello");
  host.say("ok");
  EXPECT_EQ(reader.hear(kLong_ms), "ok");
  const std::lock_guard lock(mutex_);
  ASSERT_EQ(events_.size(), 3U);
  EXPECT_EQ(events_[0].kind, Kind::kConnected);
  EXPECT_EQ(events_[1].from, "reader");
  EXPECT_EQ(events_[1].size, 5U);
  EXPECT_EQ(events_[2].from, "host");
}

TEST_F(FaultLineTest, when_one_end_hangs_up_the_other_learns_it) {
  Socket reader = near();
  const Socket host = far();
  reader.hang_up();
  EXPECT_EQ(host.hear(kLong_ms), "<end>");
  EXPECT_TRUE(seen(Kind::kClosed, "reader"));
}

TEST_F(FaultLineTest, a_silent_line_swallows_both_ways_and_tells_nobody_and_delivers_late_when_it_heals) {
  const Socket reader = near();
  const Socket host = far();
  line_->set(LineFault::kSilent);
  reader.say("lost?");
  host.say("me too");
  EXPECT_EQ(host.hear(kShort_ms), "");
  EXPECT_EQ(reader.hear(kShort_ms), "");
  EXPECT_TRUE(seen(Kind::kBytes, "reader")) << "a capture on the near side of the gap sees it";
  line_->set(LineFault::kNone);
  EXPECT_EQ(host.hear(kLong_ms), "lost?");
  EXPECT_EQ(reader.hear(kLong_ms), "me too");
}

TEST_F(FaultLineTest, a_connection_begun_on_a_silent_line_reaches_nobody_before_it_heals) {
  line_->set(LineFault::kSilent);
  const Socket reader = near();
  reader.say("anybody?");
  EXPECT_EQ(far(kShort_ms).fd, -1);
  EXPECT_TRUE(seen(Kind::kConnected, "reader"));
  line_->set(LineFault::kNone);
  const Socket host = far();
  EXPECT_EQ(host.hear(kLong_ms), "anybody?");
}

TEST_F(FaultLineTest, a_connection_begun_and_given_up_on_a_silent_line_reaches_nobody_ever) {
  line_->set(LineFault::kSilent);
  Socket reader = near();
  reader.say("anybody?");
  EXPECT_TRUE(seen(Kind::kBytes, "reader"));
  reader.hang_up();
  EXPECT_TRUE(seen(Kind::kClosed, "reader"));
  line_->set(LineFault::kNone);
  const Socket next = near();
  next.say("me");
  EXPECT_EQ(far().hear(kLong_ms), "me") << "the first whom the far end meets";
}

TEST_F(FaultLineTest, one_end_hanging_up_on_a_silent_line_is_not_heard_by_the_other_before_it_heals) {
  Socket reader = near();
  const Socket host = far();
  line_->set(LineFault::kSilent);
  reader.hang_up();
  EXPECT_TRUE(seen(Kind::kClosed, "reader"));
  EXPECT_EQ(host.hear(kShort_ms), "");
  line_->set(LineFault::kNone);
  EXPECT_EQ(host.hear(kLong_ms), "<end>");
}

TEST_F(FaultLineTest, a_refused_line_resets_what_is_open_and_every_attempt_and_counts_them) {
  const Socket reader = near();
  const Socket host = far();
  line_->set(LineFault::kRefused);
  EXPECT_EQ(reader.hear(kLong_ms), "<end>");
  EXPECT_EQ(host.hear(kLong_ms), "<end>");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(near().hear(kLong_ms), "<end>");
  EXPECT_EQ(far(kShort_ms).fd, -1);
  const std::lock_guard lock(mutex_);
  EXPECT_EQ(
      std::count_if(events_.begin(), events_.end(), [](const auto& e) { return e.kind == Kind::kConnected; }),
      4);
}

TEST_F(FaultLineTest, a_slow_line_delivers_late) {
  const Socket reader = near();
  const Socket host = far();
  line_->set(LineFault::kSlow, milliseconds(50));
  const Nanoseconds sent = clock_.now();
  reader.say("late");
  EXPECT_EQ(host.hear(kLong_ms), "late");
  EXPECT_GE(clock_.now() - sent, milliseconds(50));
}

TEST_F(FaultLineTest,
       after_a_change_of_address_the_old_connection_is_a_ghost_and_the_new_one_comes_from_elsewhere) {
  std::string before, after;
  const Socket reader = near();
  const Socket host = far(kLong_ms, &before);
  line_->change_address();
  reader.say("still here?");
  EXPECT_EQ(host.hear(kShort_ms), "");
  const Socket again = near();
  const Socket other = far(kLong_ms, &after);
  again.say("hello");
  EXPECT_EQ(other.hear(kLong_ms), "hello");
  EXPECT_NE(before, after);
}

TEST_F(FaultLineTest, when_nobody_listens_behind_the_line_the_near_end_is_refused) {
  listener_.hang_up();
  EXPECT_EQ(near().hear(kLong_ms), "<end>");
}

}  // namespace
}  // namespace shogo::sim
