#include <condition_variable>
#include <mutex>
#include <thread>

#include <shogo/base/lasting_thread.h>

namespace shogo {
namespace {

struct Desk {
  std::mutex one_at_a_time;
  std::mutex mutex;  // guards work
  std::condition_variable changed;
  const std::function<void()>* work = nullptr;

  void run() {
    std::unique_lock lock(mutex);
    for (;;) {
      changed.wait(lock, [this] { return work != nullptr; });
      (*work)();
      work = nullptr;
      changed.notify_all();
    }
  }
};

}  // namespace

void run_on_lasting_thread(const std::function<void()>& work) {
  // Never destroyed: its thread ends with the process, whatever static destructors do.
  static Desk& desk = *[] {
    auto* made = new Desk;
    std::thread([made] { made->run(); }).detach();
    return made;
  }();
  const std::lock_guard turn(desk.one_at_a_time);
  std::unique_lock lock(desk.mutex);
  desk.work = &work;
  desk.changed.notify_all();
  desk.changed.wait(lock, [&] { return desk.work == nullptr; });
}

}  // namespace shogo
