#pragma once

// For tests of one's own services, with any framework; link bulwark::testing.

#include <bulwark/testing/deterministic_system.hpp>
#include <bulwark/testing/service_rig.hpp>
