#pragma once

#include <bulwark/gate/balancing_rule.hpp>

#include <cstdint>

namespace bulwark {

// Rules by which a gate chooses among replicas; see `balancing_strategy`. One
// that is down is chosen by none of them, unless it went down while the rule
// looked.

/// The one that is number `n % count` of the `count` that are up: with numbers
/// that grow by one each gets one after the other, with any number any. Those
/// behind one that is down do not get its share on top of theirs.
replica_choice nth_that_is_up(const replica_loads& loads, uint32_t n) noexcept;

/// Any, each as often as its weight is to the sum of all that are up.
replica_choice drawn_by_weight(const replica_loads& loads,
                               uint32_t random) noexcept;

/// The one with the least to do of all; of several any.
replica_choice least_loaded_of_all(const replica_loads& loads,
                                   uint32_t random) noexcept;

/// Of two that are chosen at random the one where latency times requests, with
/// this one, is less (Finagle's peak EWMA, with two choices).
replica_choice cheaper_of_two(const replica_loads& loads,
                              uint32_t random) noexcept;

/// By the key of the request, the same one each time, as long as that has at
/// most 1.25 times as much to do as all have on average, this request included
/// (Mirrokni, Thorup, Zadimoghaddam, Consistent Hashing with Bounded Loads,
/// 2016); else the next one, in an order that depends on the key. When one goes
/// down, only its keys go elsewhere (rendezvous hashing). A request without a
/// key goes to one of two, as by `least_loaded_of_two`.
replica_choice bounded_hash(const replica_loads& loads,
                            uint32_t random) noexcept;

} // namespace bulwark
