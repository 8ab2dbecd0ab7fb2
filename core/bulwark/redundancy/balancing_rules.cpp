#include <bulwark/redundancy/balancing_rules.hpp>

#include <algorithm>

namespace bulwark {

namespace {

/// A number that looks like chance, from another one (S. Vigna's splitmix64).
uint64_t scrambled(uint64_t x) noexcept {
  x += 0x9e37'79b9'7f4a'7c15;
  x = (x ^ (x >> 30)) * 0xbf58'476d'1ce4'e5b9;
  x = (x ^ (x >> 27)) * 0x94d0'49bb'1331'11eb;
  return x ^ (x >> 31);
}

size_t number_up(const replica_loads& loads) noexcept {
  size_t result = 0;
  for (size_t i = 0; i < loads.size(); ++i)
    result += loads[i] != replica_loads::down;
  return result;
}

/// What a request costs at a replica.
double cost_of(const replica_loads& loads, size_t index) noexcept {
  auto load = loads[index];
  auto latency = std::max(loads.latency(index), duration{1});
  return static_cast<double>(latency.count()) * (double{1} + load);
}

} // namespace

replica_choice nth_that_is_up(const replica_loads& loads, uint32_t n) noexcept {
  auto up = number_up(loads);
  if (up == 0)
    return {};
  auto skip = n % up;
  for (size_t i = 0; i < loads.size(); ++i)
    if (loads[i] != replica_loads::down && skip-- == 0)
      return {i};
  return {};
}

replica_choice drawn_by_weight(const replica_loads& loads,
                               uint32_t random) noexcept {
  uint64_t sum = 0;
  for (size_t i = 0; i < loads.size(); ++i)
    if (loads[i] != replica_loads::down)
      sum += loads.weight(i);
  if (sum == 0)
    return {};
  auto left = random % sum;
  for (size_t i = 0; i < loads.size(); ++i) {
    if (loads[i] == replica_loads::down)
      continue;
    if (left < loads.weight(i))
      return {i};
    left -= loads.weight(i);
  }
  return {};
}

/// Looks at each once, because loads change meanwhile: of those that are equal
/// the n-th replaces the one before with the chance 1 / n.
replica_choice least_loaded_of_all(const replica_loads& loads,
                                   uint32_t random) noexcept {
  replica_choice result;
  auto least = replica_loads::down;
  uint64_t equal = 0;
  for (size_t i = 0; i < loads.size(); ++i) {
    auto load = loads[i];
    if (load == replica_loads::down || load > least)
      continue;
    equal = load < least ? 1 : equal + 1;
    least = load;
    if (equal == 1
        || scrambled(uint64_t{random} << 8 | (i & 0xff)) % equal == 0)
      result.index = i;
  }
  return result;
}

replica_choice cheaper_of_two(const replica_loads& loads,
                              uint32_t random) noexcept {
  auto count = loads.size();
  if (count == 1)
    return {0};
  auto a = random % count;
  auto b = (a + 1 + (random >> 16) % (count - 1)) % count;
  if (loads[a] == replica_loads::down || loads[b] == replica_loads::down)
    return {loads[b] < loads[a] ? b : a};
  return {cost_of(loads, b) < cost_of(loads, a) ? b : a};
}

replica_choice bounded_hash(const replica_loads& loads,
                            uint32_t random) noexcept {
  if (loads.key() == 0)
    return least_loaded_of_two(loads, random);
  uint64_t up = 0;
  uint64_t work = 1;
  for (size_t i = 0; i < loads.size(); ++i)
    if (auto load = loads[i]; load != replica_loads::down) {
      ++up;
      work += load;
    }
  if (up == 0)
    return {};
  auto most = (5 * work + 4 * up - 1) / (4 * up);
  replica_choice result;
  uint64_t best = 0;
  for (size_t i = 0; i < loads.size(); ++i) {
    auto load = loads[i];
    auto rank = scrambled(loads.key() ^ scrambled(i + 1));
    if (load == replica_loads::down || load >= most
        || (result.index != replica_choice::nobody && rank <= best))
      continue;
    best = rank;
    result.index = i;
  }
  return result;
}

} // namespace bulwark
