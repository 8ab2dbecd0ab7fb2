#pragma once

#include <bulwark/time/time.hpp>

#include <condition_variable>
#include <mutex>
#include <thread>

namespace storefront {

/// Ends the process with exit code 1 when it lives too long; its child
/// processes end with it.
///
/// Confined to one thread.
class time_limit {
public:
  explicit time_limit(bulwark::duration limit);
  ~time_limit();
  time_limit(const time_limit&) = delete;
  time_limit& operator=(const time_limit&) = delete;

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
  std::thread thread_;
};

} // namespace storefront
