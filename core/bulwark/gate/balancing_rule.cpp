#include <bulwark/gate/balancing_rule.hpp>

namespace bulwark {

replica_choice least_loaded_of_two(const replica_loads& loads,
                                   uint32_t random) noexcept {
  auto count = loads.size();
  if (count == 1)
    return {0};
  auto a = random % count;
  auto b = (a + 1 + (random >> 16) % (count - 1)) % count;
  return {loads[b] < loads[a] ? b : a};
}

replica_choice idle_first(const replica_loads& loads,
                          uint32_t random) noexcept {
  auto idle = idle_only(loads, random);
  return idle.index != replica_choice::nobody
           ? idle
           : least_loaded_of_two(loads, random);
}

replica_choice idle_only(const replica_loads& loads, uint32_t random) noexcept {
  auto count = loads.size();
  auto start = random % count;
  for (size_t i = 0; i < count; ++i) {
    auto index = (start + i) % count;
    if (loads[index] == 0)
      return {index, true};
  }
  return {};
}

} // namespace bulwark
