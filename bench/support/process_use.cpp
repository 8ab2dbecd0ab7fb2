#include "support/process_use.hpp"

#include <sys/resource.h>

namespace bench {

namespace {

double in_seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec)
         + static_cast<double>(time.tv_usec) / 1e6;
}

} // namespace

process_use::sight process_use::look() noexcept {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return {std::chrono::steady_clock::now(),
          in_seconds(used.ru_utime) + in_seconds(used.ru_stime), used.ru_nvcsw};
}

double process_use::seconds(const sight& from, const sight& to) noexcept {
  return std::chrono::duration<double>(to.at - from.at).count();
}

double process_use::processors() const noexcept {
  auto now = look();
  return (now.cpu_seconds - start_.cpu_seconds) / seconds(start_, now);
}

double process_use::waits() const noexcept {
  auto now = look();
  return static_cast<double>(now.waits - start_.waits) / seconds(start_, now);
}

} // namespace bench
