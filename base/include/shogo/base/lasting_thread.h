// A thread that lives as long as the process. Linux sends PR_SET_PDEATHSIG when the *thread* that forked
// ends, not when the process does: a child that shall live longer than a worker thread must be forked here.
#pragma once

#include <functional>

namespace shogo {

/// Runs `work` there and returns when it has returned. Works one after the other; `work` must not call this
/// again.
void run_on_lasting_thread(const std::function<void()>& work);

}  // namespace shogo
