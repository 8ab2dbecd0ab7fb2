#include <bulwark/quota/detail/thread_clock.hpp>

#include <chrono>
#include <thread>

namespace bulwark::detail {

thread_clock::thread_clock() noexcept : thread_(pthread_self()) {
  if (pthread_getcpuclockid(thread_, &clock_) != 0)
    clock_ = CLOCK_THREAD_CPUTIME_ID;
  pthread_getschedparam(thread_, &policy_, &given_);
}

duration thread_clock::read() const noexcept {
  timespec shown{};
  if (clock_gettime(clock_, &shown) != 0)
    return duration::zero();
  return std::chrono::seconds{shown.tv_sec}
         + std::chrono::nanoseconds{shown.tv_nsec};
}

bool thread_clock::put_last() const noexcept {
#ifdef SCHED_IDLE
  sched_param last{};
  return pthread_setschedparam(thread_, SCHED_IDLE, &last) == 0;
#else
  return false;
#endif
}

bool thread_clock::put_back() const noexcept {
  return pthread_setschedparam(thread_, policy_, &given_) == 0;
}

bool can_put_back() {
  static const auto answer = [] {
    bool result = false;
    std::thread{[&result] {
      thread_clock mine;
      result = mine.put_last() && mine.put_back();
    }}.join();
    return result;
  }();
  return answer;
}

} // namespace bulwark::detail
