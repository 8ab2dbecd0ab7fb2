#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

namespace bulwark {

/// The work that each of several replicas has, as it is at this moment: others
/// give them work meanwhile.
///
/// Confined to one thread.
class replica_loads {
public:
  /// The load of a replica that takes nothing.
  static constexpr uint32_t down = std::numeric_limits<uint32_t>::max();

  /// Returns the load of replica `index` of `of`.
  using source = uint32_t (*)(const void* of, size_t index) noexcept;

  replica_loads(const void* of, source load, size_t count) noexcept
    : of_(of), load_(load), count_(count) {}

  /// At least 1.
  size_t size() const noexcept { return count_; }

  /// Returns how many requests the replica has that have not come back.
  uint32_t operator[](size_t index) const noexcept { return load_(of_, index); }

private:
  const void* of_;
  source load_;
  size_t count_;
};

/// Which replica a rule has chosen.
struct replica_choice {
  static constexpr size_t nobody = std::numeric_limits<size_t>::max();

  size_t index = nobody;

  /// Only if it has nothing to do: when others gave it something meanwhile, the
  /// rule is asked again.
  bool only_if_idle = false;

  friend bool operator==(const replica_choice&,
                         const replica_choice&) = default;
};

/// Chooses the replica that gets a request. A gate asks it for each one, in any
/// thread, where there are several; when the chosen one is down, or the rule
/// names nobody, it takes the first that is up. `random`: any number.
using balancing_rule = replica_choice (*)(const replica_loads& loads,
                                          uint32_t random) noexcept;

/// The one with less to do of two that are chosen at random (Mitzenmacher, The
/// Power of Two Choices in Randomized Load Balancing, 2001).
replica_choice least_loaded_of_two(const replica_loads& loads,
                                   uint32_t random) noexcept;

/// One that has nothing to do; if there is none, as above.
replica_choice idle_first(const replica_loads& loads, uint32_t random) noexcept;

/// One that has nothing to do, or nobody: then requests wait for the first that
/// has.
replica_choice idle_only(const replica_loads& loads, uint32_t random) noexcept;

} // namespace bulwark
