#pragma once

#include <bulwark/events/event.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

/// Returns about `length` events of three nodes, each with services, replicas
/// and a component of an application, over some `days`: in the order of time,
/// with crashes, reboots, partitions, ties, full hours and nonsense. The same
/// seed gives the same events.
std::vector<bulwark::event> random_history(uint64_t seed, size_t length,
                                           int days);
