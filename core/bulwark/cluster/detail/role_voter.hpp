#pragma once

#include <bulwark/cluster/detail/lease_messages.hpp>
#include <bulwark/cluster/lease_times.hpp>
#include <bulwark/time/time.hpp>

#include <cstdint>
#include <string>

namespace bulwark::detail {

/// What a voter must not forget.
struct lease_promise {
  uint64_t token = 0;
  std::string holder;

  friend bool operator==(const lease_promise&, const lease_promise&) = default;
};

/// One voter's say in who has one role. It lends it to one node at a time, each
/// time with a token larger than any before, and so only one node can have it
/// from most voters.
///
/// - What it has promised must be on disk before its answer leaves.
/// - One that starts does not know for how long it has lent; it lends to nobody
///   else before a lease has passed.
/// - A loan counts from when it is made and is made longer only by a holder
/// that
///   has it from most voters: a node that asks and does not hear the answers
///   does not keep it from others.
///
/// Confined to one thread.
class role_voter {
public:
  struct state {
    lease_promise promise;

    /// Until when it is lent, or until when nobody knows.
    time_point until{};

    /// Whether the holder has said that it has it.
    bool held = false;

    friend bool operator==(const state&, const state&) = default;
  };

  role_voter(const lease_times& times, lease_promise kept, time_point now);

  /// Answers. Where `promise` is another one afterwards, it must be on disk
  /// before the answer leaves.
  lease_reply answer(const lease_call& call, time_point now);

  const lease_promise& promise() const noexcept { return state_.promise; }
  const state& now_known() const noexcept { return state_; }

private:
  bool lent(time_point now) const noexcept { return now < state_.until; }
  bool lent_to_other(const lease_call& call, time_point now) const noexcept;
  void lend(const lease_call& call, time_point now);

  lease_times times_;
  state state_;
};

} // namespace bulwark::detail
