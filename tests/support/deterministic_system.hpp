#pragma once

#include <bulwark/testing/deterministic_system.hpp>

namespace test {

using bulwark::testing::deterministic_system;
using bulwark::testing::runaway;

} // namespace test
