#include <bulwark/process/detail/descriptor_limit.hpp>

#include <algorithm>

#include <sys/resource.h>

namespace bulwark::detail {

uint64_t descriptor_limit() noexcept {
  rlimit now{};
  return ::getrlimit(RLIMIT_NOFILE, &now) == 0 ? now.rlim_cur : 0;
}

uint64_t raise_descriptor_limit() noexcept {
  rlimit now{};
  if (::getrlimit(RLIMIT_NOFILE, &now) == 0 && now.rlim_cur < now.rlim_max) {
    now.rlim_cur = now.rlim_max;
    static_cast<void>(::setrlimit(RLIMIT_NOFILE, &now) == 0);
  }
  return descriptor_limit();
}

size_t connections_below(uint64_t limit, size_t wanted) noexcept {
  auto kept = std::min(descriptors_kept, limit / 2);
  auto room = std::max<uint64_t>(1, limit - kept);
  return static_cast<size_t>(std::min<uint64_t>(wanted, room));
}

} // namespace bulwark::detail
