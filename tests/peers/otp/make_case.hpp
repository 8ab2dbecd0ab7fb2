#pragma once

#include "peers/otp/cases.hpp"

namespace test::otp {

/// Makes up a case; the same one for the same seed, everywhere.
///
/// - 48 seeds in a row bring, each once, every strategy, restart type and exit
///   class together: in the first `exit` of the case, of a worker that runs.
/// - Of two seeds in a row, one has supervisors below the root.
/// - In more than half of the cases something goes wrong in the middle of a
///   restart: a trap or a start that fails, and the exit that sets it off.
[[nodiscard]] peer_case make_case(uint64_t seed);

} // namespace test::otp
