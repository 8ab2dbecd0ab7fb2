#pragma once

#include <bulwark/bulkhead/bulkhead.hpp>
#include <bulwark/bulkhead/bulkhead_stats.hpp>
#include <bulwark/bulkhead/detail/bulkhead_core.hpp>

#include <cstddef>
#include <cstdint>

namespace test {

/// So many permits, and so many who may wait for them.
inline bulwark::bulkhead_options
permits(uint64_t n, size_t queue = 0,
        bulwark::duration wait = bulwark::duration::zero()) {
  bulwark::bulkhead_options result;
  result.capacity = n;
  result.queue = queue;
  result.queue_timeout = wait;
  return result;
}

inline uint64_t use(const bulwark::bulkhead& of) {
  return of.core()->use();
}

inline bulwark::bulkhead_stats stats(const bulwark::bulkhead& of) {
  return of.core()->read_table([&](const bulwark::permit_table& book) {
    return bulwark::stats_of(of.name(), book);
  });
}

} // namespace test
