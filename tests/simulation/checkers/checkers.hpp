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

/// Every message is handled at most once, if it is not idempotent; those of
/// one client in order.
std::unique_ptr<checker> make_sequence(const observed& world);

/// A plain send that is not handled becomes a dead letter.
std::unique_ptr<checker> make_sends(const observed& world);

/// When all is quiet, whatever should run runs, gates let requests in to it,
/// and have nothing on their books.
std::unique_ptr<checker> make_peace(const observed& world);

/// Of a bulkhead never more is in use than may be; what is out when it gets
/// smaller only gets less. The consumers have what is in use, nobody waits for
/// nothing, and in the end all permits are back.
std::unique_ptr<checker> make_permits(const observed& world);

/// No more messages are being handled than a bulkhead has permits, and what is
/// not critical leaves what is reserved alone.
std::unique_ptr<checker> make_running(const observed& world);

/// Nobody passes a closed door or waits behind it, nobody is turned away at an
/// open one; each order is told by one event, and the end of a drain when
/// nobody works there any more.
std::unique_ptr<checker> make_doors(const observed& world);

/// Nobody is served before one with a higher priority that waits for the same
/// bulkhead, and of equal ones who came first, unless it says otherwise.
std::unique_ptr<checker> make_priorities(const observed& world);

/// While tenants share a bulkhead, the next is who has least for its weight.
std::unique_ptr<checker> make_tenants(const observed& world);

/// Messages of one key are handled in the order in which they were sent, by
/// one replica at a time.
std::unique_ptr<checker> make_keys(const observed& world);

/// An idempotent message is tried again when a replica died of it, as often as
/// its service allows, and when one died of something else; others never.
std::unique_ptr<checker> make_repeats(const observed& world);

/// What a replica had taken up when it ended is answered at once or tried
/// again. Only who made it throw is told so, and nobody what another threw.
std::unique_ptr<checker> make_blame(const observed& world);

/// A gate that drains finishes what came before, takes nothing new but what
/// services ask for, and is not said to be done before it is.
std::unique_ptr<checker> make_farewells(const observed& world);

/// Of a group never more replicas serve than are to, never fewer than can, and
/// at most half of those that are up are ejected.
std::unique_ptr<checker> make_groups(const observed& world);

/// Who asks a bulkhead for permits has an answer in time, and what is lent is
/// in use.
std::unique_ptr<checker> make_loans(const observed& world);

/// No more is begun than the rate of a bulkhead allows, and nobody is told that
/// it comes too soon while the rate has room.
std::unique_ptr<checker> make_rates(const observed& world);

} // namespace test::sim
