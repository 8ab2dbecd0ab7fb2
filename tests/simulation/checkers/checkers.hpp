#pragma once

#include "simulation/checker.hpp"

#include <memory>

namespace test::sim {

/// Incarnations count up by one, one at a time, and only the newest handles
/// messages; no child outlives its supervisor.
std::unique_ptr<checker> make_lives(const observed& world);

/// Every request has exactly one answer, a right one and in time.
std::unique_ptr<checker> make_answers(const observed& world);

} // namespace test::sim
