#pragma once

#include "restart/stage.hpp"

#include <cstddef>

namespace bench {

// The questions to our own supervisor; restart_otp.erl answers the same ones.
// Each prints `name value` per answer and does not return: what the question
// has made is not what is asked about, so nobody takes it down.

/// From the message that crashes a worker to the next answer, `times` times.
/// The client asks a gate, or, where it is `told`, the worker that says it is
/// up.
[[noreturn]] void ask_crash(stage& on, size_t times, bool told);

/// Restarts per second of a worker that crashes when it has started.
[[noreturn]] void ask_loop(stage& on, size_t times);

/// Time to start all children by one request, memory for each, and time from
/// killing some at once until all are up.
[[noreturn]] void ask_crowd(stage& on, size_t children, size_t kills);

/// Time to start all children, each by a request of its own.
[[noreturn]] void ask_each(stage& on, size_t children);

/// Memory and start of actors that nobody supervises.
[[noreturn]] void ask_bare(stage& on, size_t children);

} // namespace bench
