#include "demo/time_limit.hpp"

#include <cstdio>
#include <cstdlib>

namespace storefront {

time_limit::time_limit(bulwark::duration limit)
  : thread_([this, limit] {
      std::unique_lock guard{mutex_};
      if (changed_.wait_for(guard, limit, [this] { return done_; }))
        return;
      std::fputs("the demo did not end in time\n", stderr);
      std::_Exit(1);
    }) {}

time_limit::~time_limit() {
  {
    std::lock_guard guard{mutex_};
    done_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

} // namespace storefront
