#pragma once

#include <bulwark/time/time.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>

namespace bulwark {

/// What a rule may want to know beside the loads. A gate tells what the rule
/// that it has asks for.
///
/// Confined to one thread.
struct replica_traits {
  /// How much of the work each is to have, in proportion; null: all the same.
  const uint32_t* weights = nullptr;

  /// How long a request takes replica `index` of `of`, as things stand; null:
  /// not known.
  duration (*latency)(const void* of, size_t index) noexcept = nullptr;
  const void* of = nullptr;

  /// A hash of the request's key; 0: it has none.
  uint64_t key = 0;
};

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

  replica_loads(const void* of, source load, size_t count,
                const replica_traits* traits = nullptr) noexcept
    : of_(of), load_(load), count_(count), traits_(traits) {}

  /// At least 1.
  size_t size() const noexcept { return count_; }

  /// Returns how many requests the replica has that have not come back.
  uint32_t operator[](size_t index) const noexcept { return load_(of_, index); }

  uint32_t weight(size_t index) const noexcept {
    return traits_ && traits_->weights ? traits_->weights[index] : 1;
  }

  duration latency(size_t index) const noexcept {
    return traits_ && traits_->latency ? traits_->latency(traits_->of, index)
                                       : duration::zero();
  }

  uint64_t key() const noexcept { return traits_ ? traits_->key : 0; }

private:
  const void* of_;
  source load_;
  size_t count_;
  const replica_traits* traits_;
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
