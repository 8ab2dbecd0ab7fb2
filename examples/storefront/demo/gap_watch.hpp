#pragma once

#include "demo/probe.hpp"

#include <bulwark/time/time.hpp>

#include <string>
#include <thread>

namespace storefront {

/// How one service answered a client that never stopped asking.
struct watched_gap {
  std::string service;

  /// What happened meanwhile.
  std::string event;

  /// By how much the ledger may take it for longer. The client sees a service
  /// that is up again before the supervisor has written it down, on a busy
  /// machine by as much as this.
  bulwark::duration tolerance = std::chrono::milliseconds{100};

  /// When the client began and ended to ask.
  bulwark::wall_time from{};
  bulwark::wall_time to{};

  /// The longest time between two answers 200; the begin and the end count as
  /// such.
  bulwark::duration gap{};
};

/// Asks one service through one front, the next time `interval` after the last
/// request was sent, or as soon as it is answered when that takes longer.
///
/// Confined to one thread, which `end` or the destructor waits in.
class gap_watch {
public:
  /// 200 times a second.
  static constexpr std::chrono::milliseconds interval{5};

  /// Begins to ask in a thread of its own; returns after the first answer.
  /// Times and gap of `what` are filled in.
  gap_watch(probe asked, watched_gap what);

  /// Asks no more. To be called once.
  watched_gap end();

private:
  void run(const std::stop_token& stop);

  probe probe_;
  watched_gap seen_;
  std::jthread thread_;
};

} // namespace storefront
