#include "docs/pages/services.hpp"

#include <bulwark/pool/memory_pool.hpp>
#include <bulwark/pool/pool_task.hpp>
#include <bulwark/pool/thread_pool.hpp>

#include <memory_resource>
#include <vector>

// The code of docs/pools.md.

using namespace bulwark;

namespace pages {

namespace {

int resize(int x) {
  return x / 2;
}

} // namespace

auto resizing(caf::event_based_actor* self, thread_pool& pool, int x) {
  return self->delegate(pool.handle(), pool_task{[x] { return resize(x); }});
}

void bytes_of_a_budget(memory_pool& pool) {
  auto account = pool.account({.consumer = "thumbnails", .limit = 10'000'000});
  std::pmr::vector<char> pixels{&account.resource()};
}

} // namespace pages
