#include "core/replication/plain_group.hpp"

#include <algorithm>

namespace test {

void plain_group::append(size_t which, int content) {
  if (members[which].leads > 0)
    write(which, {members[which].leads, content});
}

void plain_group::write(size_t which, entry what) {
  auto& primary = members[which];
  primary.log.push_back(what);
  for (size_t i = 0; i < size && primary.leads > 0; ++i) {
    auto& other = members[i];
    if (i == which || !reach(which, i))
      continue;
    if (other.promised > primary.leads) {
      primary.leads = 0;
      primary.heard = std::max(primary.heard, other.promised);
      continue;
    }
    if (other.promised < primary.leads)
      other.leads = 0;
    other.promised = primary.leads;
    other.log = primary.log;
    acknowledged = primary.log;
  }
}

void plain_group::promote(size_t which) {
  auto& it = members[which];
  if (!it.up)
    return;
  auto epoch = std::max(it.promised, it.heard) + 1;
  while (epoch % size != (which + 1) % size)
    ++epoch;
  it.promised = epoch;
  it.leads = 0;
  auto end = [](const member& of) {
    return std::pair{of.log.empty() ? 0 : of.log.back().first, of.log.size()};
  };
  size_t told = 1;
  bool first = true;
  for (size_t i = 0; i < size; ++i) {
    auto& other = members[i];
    if (i == which || !reach(which, i))
      continue;
    ++told;
    first = first && other.promised < epoch && end(other) <= end(it);
    it.heard = std::max(it.heard, other.promised);
    if (other.promised < epoch)
      other.leads = 0;
    other.promised = std::max(other.promised, epoch);
  }
  if (told < 2 || !first)
    return;
  it.leads = epoch;
  write(which, {epoch, 0});
}

void plain_group::lose(size_t which) {
  members[which].up = false;
  members[which].leads = 0;
}

void plain_group::come_back(size_t which) {
  if (!members[which].up)
    members[which].heard = 0;
  members[which].up = true;
}

} // namespace test
