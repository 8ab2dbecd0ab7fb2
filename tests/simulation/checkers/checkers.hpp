#pragma once

#include "simulation/checker.hpp"

#include <memory>

namespace test::sim {

/// Incarnations count up by one, one at a time, and only the newest handles
/// messages; no child outlives its supervisor.
std::unique_ptr<checker> make_lives(const observed& world);

/// Children start in order, each when the one before is up, and stop in
/// reverse order; groups hold together; who is not concerned is left alone.
std::unique_ptr<checker> make_order(const observed& world);

/// Neither a child nor a supervisor has more restarts within its period than
/// its limit allows, and none gives up before.
std::unique_ptr<checker> make_intensity(const observed& world);

/// A restart comes when its delay is over, a cooled down child is tried again
/// when its time has come, neither earlier nor later.
std::unique_ptr<checker> make_delays(const observed& world);

/// Who is stuck in a handler for too long is ended, not later than it may be;
/// who is not, is not said to hang.
std::unique_ptr<checker> make_hangs(const observed& world);

/// Every end is told at once; outages open and close in turn, and last as
/// long as the events say.
std::unique_ptr<checker> make_events(const observed& world);

/// Every request has exactly one answer, a right one and in time.
std::unique_ptr<checker> make_answers(const observed& world);

/// Every message is handled at most once, those of one client in order.
std::unique_ptr<checker> make_sequence(const observed& world);

/// A plain send that is not handled becomes a dead letter.
std::unique_ptr<checker> make_sends(const observed& world);

/// When all is quiet, whatever should run runs, gates let requests in to it,
/// and have nothing on their books.
std::unique_ptr<checker> make_peace(const observed& world);

/// Of a bulkhead never more is in use than may be, the consumers have what is
/// in use, nobody waits for nothing, and in the end all permits are back.
std::unique_ptr<checker> make_permits(const observed& world);

} // namespace test::sim
