#pragma once

#include <bulwark/gate/detail/permit_limit.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

namespace bulwark::detail {

/// Who of those that wait at a gate is lined up for a permit of the service's
/// bulkhead, and who has one and has not gone yet. While anything is lined up
/// here nothing of the same or a lower priority passes it.
///
/// Confined to one thread; a gate guards it with the lock of its line. What is
/// marked so is safe to call from any thread.
class permit_line {
public:
  explicit permit_line(permit_limit& of);

  permit_line(const permit_line&) = delete;
  permit_line& operator=(const permit_line&) = delete;

  // -- from any thread --------------------------------------------------------

  bool any_lined() const noexcept {
    return lined_total_.load(std::memory_order_acquire) > 0;
  }

  /// Whether somebody who has to go first is lined up. Who has entered a door
  /// and finds nobody may pass: what a replica hands back when it dies lines
  /// up before that door opens again.
  bool behind(call_priority priority) const noexcept {
    return any_lined() && lined_before(priority);
  }

  /// What became known under the lock and has to be done without it, because
  /// it enters other actors.
  struct deferred {
    std::vector<permit_request> permits;
    permit_table::sources changed;
  };

  bool defers() const noexcept {
    return defers_.load(std::memory_order_acquire);
  }

  void perform(const deferred& all) const noexcept;

  // -- who waits --------------------------------------------------------------

  /// Asks for a permit, and lines up for it if need be. Granted: also where
  /// others are lined up that have theirs; see `behind`.
  permit_table::answer line_up(const permit_request& what) {
    return line_up(what, false, wanted_before(what.priority));
  }

  /// Lines up what has its permit and waits for something else.
  void line_up_with_permit(const permit_request& what) {
    add(what, ++tickets_, true);
  }

  /// Lines up what waits, unless it is; whether with a permit or for one.
  /// `exempt`: was let in before, and does not count towards the bound.
  permit_table::answer stand_in_line(const permit_request& what,
                                     bool exempt = true);

  /// Fetches what the bulkhead has granted.
  void fetch();

  /// Requests of equal priority and tenant are interchangeable: a permit that
  /// the bulkhead grants to one of them goes to the one that has waited longest
  /// at the gate, also to a request that had a permit before and came back. The
  /// tenant counts where tenants take turns. With `adaptive_lifo` no two
  /// requests are interchangeable.
  using group = std::tuple<call_priority, uint32_t, uint64_t>;

  group group_of(const permit_request& what) const noexcept;

  /// Whether a message that waits may go; then it has its permit, and stays
  /// lined up until `gone`. To be asked in the order in which they wait, or
  /// told how many of its group wait before it and were not asked.
  bool may_go(const permit_request& what, size_t ahead = 0);

  /// Where one with a key waits: so many of its group that have none lie before
  /// it; whether it came back.
  struct turn {
    size_t ahead = 0;
    bool came_back = false;
  };

  /// The same for one with a key, which does not wait among others of its
  /// priority: unless it came back it goes with the permit for its own ticket.
  bool may_go_in_turn(const permit_request& what, turn at);

  /// It went, or could not and waits again without a permit.
  void gone(pending_id id) noexcept;
  void could_not_go(pending_id id) noexcept;

  /// It does not wait any more.
  void left(pending_id id) noexcept;

  /// The same for what lined up with a permit, which it keeps.
  void leave_with_permit(pending_id id);

  /// Returns those who are turned away after all.
  std::vector<std::pair<uint64_t, errc>> take_refused();

  /// Gives back the permits that nobody could use; returns who had them.
  std::vector<pending_id> return_unused();

  /// Gives one back later; at once where there is no memory to note it.
  void defer(const permit_request& what) noexcept;

  deferred take_deferred() noexcept;

  bool knows(pending_id id) const { return lined_.count(id.value) != 0; }
  size_t lined_up() const noexcept { return lined_.size(); }
  bool any_granted() const noexcept { return granted_ > 0; }

  /// How long one may wait.
  duration wait_max() const noexcept { return wait_max_; }

private:
  struct group_line {
    /// Tickets at the bulkhead, oldest first; those that were granted, and
    /// room for all. Each has one owner who waits.
    std::deque<uint64_t> tickets;
    std::vector<uint64_t> granted;

    bool empty() const noexcept { return tickets.empty() && granted.empty(); }
  };

  struct position {
    permit_request what;

    /// Its own: that with which it lined up, or of the one who went with that.
    uint64_t ticket = 0;
    bool going = false;
  };

  using places = std::unordered_map<uint64_t, position>;

  permit_table::answer line_up(const permit_request& what, bool exempt,
                               bool after_others);
  bool lined_before(call_priority priority) const noexcept;

  /// The same of those that have no permit yet.
  bool wanted_before(call_priority priority) const;

  /// Notes its place, or throws and notes nothing.
  void add(const permit_request& what, uint64_t ticket, bool granted);
  void forget(uint64_t ticket) noexcept;
  void erase(places::iterator which);
  void use_granted(group_line& of, uint64_t ticket);
  void give_up_place(group_line& of, const position& whose);
  void drop_if_empty(const group& which);

  /// Calls `f(table, now, changed)`; whom it serves is told by `perform`.
  template <class F>
  auto ask_table(F f);

  permit_limit& of_;
  const duration wait_max_;
  const bool each_alone_;
  uint64_t tickets_ = 0;
  std::map<group, group_line> lines_;

  /// Whose a ticket is, until it is used. A ticket that is passed on keeps its
  /// place at the bulkhead, and nobody who waits is ever without one.
  std::unordered_map<uint64_t, permit_request> owner_of_;
  places lined_;
  std::array<std::atomic<size_t>, call_priorities> lined_by_priority_{};
  std::atomic<size_t> lined_total_{0};
  size_t granted_ = 0;
  std::vector<std::pair<uint64_t, errc>> refused_;
  deferred deferred_;
  std::atomic<bool> defers_{false};
};

} // namespace bulwark::detail
