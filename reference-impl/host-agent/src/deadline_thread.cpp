#include "deadline_thread.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

namespace shogo::agent {

struct DeadlineThread::Count {
  std::atomic<int> left_behind{0};
};

struct DeadlineThread::Worker {
  std::shared_ptr<Count> count;
  std::mutex mutex;  // guards everything below
  std::condition_variable changed;
  std::function<void()> call;
  bool busy = false;
  bool leave = false;  ///< end when there is nothing to do
  bool lost = false;   ///< its call came too late; nobody waits any more
};

DeadlineThread::DeadlineThread(Clock& clock) : clock_(clock), count_(std::make_shared<Count>()) {}

DeadlineThread::~DeadlineThread() {
  if (worker_ == nullptr) return;
  const std::lock_guard lock(worker_->mutex);
  worker_->leave = true;
  worker_->changed.notify_all();
}

int DeadlineThread::left_behind() const {
  return count_->left_behind;
}

bool DeadlineThread::run(std::function<void()> call, milliseconds limit) {
  if (count_->left_behind >= kMaxLeftBehind) return false;
  if (worker_ == nullptr) {
    worker_ = std::make_shared<Worker>();
    worker_->count = count_;
    // Detached: a lost thread can be joined by nobody. It shares ownership of all it uses.
    std::thread([worker = worker_] { serve(worker); }).detach();
  }
  const std::shared_ptr<Worker> worker = worker_;
  std::unique_lock lock(worker->mutex);
  worker->call = std::move(call);
  worker->busy = true;
  worker->changed.notify_all();
  // Marked here and not on the worker: a lost call may come back after the clock has gone.
  const OutsideCall outside(clock_);
  if (clock_.wait_for(lock, worker->changed, limit, [&] { return !worker->busy; })) return true;
  worker->lost = true;
  worker->leave = true;
  ++count_->left_behind;
  worker_.reset();
  return false;
}

void DeadlineThread::serve(const std::shared_ptr<Worker>& worker) {
  std::unique_lock lock(worker->mutex);
  for (;;) {
    worker->changed.wait(lock, [&] { return worker->busy || worker->leave; });
    if (!worker->busy) return;
    std::function<void()> call = std::move(worker->call);
    lock.unlock();
    call();
    call = nullptr;  // what the call owned (a PIN among it) ends before anybody hears that it is over
    lock.lock();
    worker->busy = false;
    if (worker->lost) {
      --worker->count->left_behind;
      return;
    }
    worker->changed.notify_all();
  }
}

}  // namespace shogo::agent
