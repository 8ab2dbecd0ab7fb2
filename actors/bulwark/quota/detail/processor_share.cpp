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
struct shared_claims {
  std::mutex lock;
  processor_claims claims{allowed()};

  static shared_claims& of_process() {
    static shared_claims result;
    return result;
  }

  processor_claims::processors take(size_t count) {
    std::lock_guard guard{lock};
    return claims.take(count);
  }
};

} // namespace

processor_share::processor_share(const cpu_quota_options& options)
  : ours_(shared_claims::of_process().take(processors_for(options))) {}

processor_share::~processor_share() {
  auto& all = shared_claims::of_process();
  std::lock_guard guard{all.lock};
  all.claims.give_back(ours_);
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
  auto& all = shared_claims::of_process();
  std::lock_guard guard{all.lock};
  return all.claims.shared(ours_);
}

} // namespace bulwark::detail
