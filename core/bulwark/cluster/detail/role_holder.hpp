#pragma once

#include <bulwark/cluster/detail/lease_messages.hpp>
#include <bulwark/cluster/lease_times.hpp>
#include <bulwark/time/time.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bulwark::detail {

/// One node's way to a role: it looks whether most voters would lend it, asks
/// them, and says again and again that it is there.
///
/// It holds the role only as long as it knows by its own clock that most voters
/// have it lent to this node: from before it asked, for `held_share` of a
/// lease. Whoever acts in the role asks `holds` each time.
///
/// It asks only when it has just heard most voters: who hears nobody would keep
/// the role from others. Of several that ask at once perhaps none gets it from
/// most voters; they give back what they got, and try again at random times.
///
/// Confined to one thread.
class role_holder {
public:
  /// What is to be done: messages to voters, by their place in the list.
  struct step {
    struct message {
      size_t voter;
      lease_call call;
    };

    std::vector<message> send;

    /// When to call `wake`.
    time_point wake{};
  };

  enum class phase { waiting, looking, asking, holding, stopped };

  struct state {
    phase at = phase::waiting;

    /// Counts attempts, and rounds of saying that it is there.
    uint64_t round = 0;
    uint64_t token = 0;

    /// When the attempt or the round began, and when something is to be sent
    /// again; while waiting, when to try.
    time_point began{};
    time_point due{};

    /// Until when this node holds the role.
    time_point until{};

    /// What voters have answered in this attempt or round.
    std::vector<std::optional<lease_reply>> replies;

    friend bool operator==(const state&, const state&) = default;
  };

  /// `self` names this start of the node. `voters` is their number, at least 1.
  role_holder(std::string self, size_t voters, const lease_times& times);

  /// Begins to want the role. `unit_random` is within [0, 1), here and below.
  step start(time_point now, double unit_random);

  step wake(time_point now, double unit_random);

  step on_reply(size_t voter, const lease_reply& reply, time_point now,
                double unit_random);

  /// Does not want it any more, and holds it no longer.
  step stop();

  bool holds(time_point now) const noexcept {
    return state_.at == phase::holding && now < state_.until;
  }

  /// Of the last time that it held the role, or asked for it.
  uint64_t token() const noexcept { return state_.token; }

  const state& now_known() const noexcept { return state_; }

private:
  size_t majority() const noexcept { return state_.replies.size() / 2 + 1; }
  size_t yes_count() const noexcept;
  duration held_time() const noexcept;

  step look(time_point now);
  step ask(time_point now);
  step renew(time_point now);
  step send_again(time_point now);
  step wait(duration time, time_point now);
  step give_up(duration time, time_point now);
  step after_look(time_point now, double unit_random);
  step after_ask(const lease_reply& reply, time_point now, double unit_random);
  step after_renew(time_point now);

  /// Begins a round of that kind and sends it to all.
  step begin(phase what, time_point now);
  lease_call call() const;
  step nothing(time_point now) const;
  time_point next() const noexcept;

  /// When most voters may lend it again, as far as they have told.
  duration most_free_in() const;

  std::string self_;
  lease_times times_;
  state state_;
};

} // namespace bulwark::detail
