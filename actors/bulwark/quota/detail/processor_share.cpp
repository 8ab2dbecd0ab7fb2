#include <bulwark/quota/detail/processor_share.hpp>

#include <sched.h>

#include <mutex>

namespace bulwark::detail {

namespace {

processor_claims::processors allowed() {
  processor_claims::processors result;
#ifdef __linux__
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) == 0)
    for (int i = 0; i < CPU_SETSIZE; ++i)
      if (CPU_ISSET(static_cast<size_t>(i), &set))
        result.push_back(i);
#endif
  return result;
}

/// What all quotas of the process share.
struct shared_book {
  std::mutex lock;
  processor_claims book{allowed()};

  static shared_book& of_process() {
    static shared_book result;
    return result;
  }

  processor_claims::processors take(size_t count) {
    std::lock_guard guard{lock};
    return book.take(count);
  }
};

} // namespace

processor_share::processor_share(const cpu_quota_options& options)
  : ours_(shared_book::of_process().take(processors_for(options))) {}

processor_share::~processor_share() {
  auto& all = shared_book::of_process();
  std::lock_guard guard{all.lock};
  all.book.give_back(ours_);
}

bool processor_share::confine() const noexcept {
#ifdef __linux__
  cpu_set_t set;
  CPU_ZERO(&set);
  for (auto each : ours_)
    CPU_SET(static_cast<size_t>(each), &set);
  return !ours_.empty() && sched_setaffinity(0, sizeof set, &set) == 0;
#else
  return false;
#endif
}

bool processor_share::shared() const {
  auto& all = shared_book::of_process();
  std::lock_guard guard{all.lock};
  return all.book.shared(ours_);
}

} // namespace bulwark::detail
