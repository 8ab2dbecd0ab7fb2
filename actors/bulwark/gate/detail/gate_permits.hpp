#pragma once

#include <bulwark/bulkhead/detail/bulkhead_core.hpp>
#include <bulwark/calls/call_options.hpp>
#include <bulwark/gate/detail/pending_word.hpp>
#include <bulwark/gate/detail/slot_bank.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

namespace bulwark::detail {

/// A gate's dealings with the bulkhead of its service: who of those that wait
/// at the gate is lined up for a permit, and who has one and has not gone yet.
///
/// A permit belongs to the work: it is taken before a replica gets the request
/// and given back when the work comes back. While anything is lined up here
/// nothing of the same or a lower priority passes it.
///
/// `try_take` and `give` are safe to call from any thread; for the rest the
/// gate's lock is held, unless a function says otherwise.
class gate_permits {
public:
  /// @throws std::invalid_argument if the bulkhead has too many consumers
  gate_permits(std::shared_ptr<bulkhead_core> bulkhead,
               const std::string& service);
  ~gate_permits();

  gate_permits(const gate_permits&) = delete;
  gate_permits& operator=(const gate_permits&) = delete;

  /// @pre called once, before anybody knows the gate; `poke` makes the gate
  /// serve what waits
  void set_poke(std::function<void()> poke);

  bulkhead_core& bulkhead() const noexcept { return *bulkhead_; }

  /// What is asked for one message.
  struct wish {
    pending_id id{};
    call_priority priority = call_priority::normal;
    uint32_t tenant = 0;
  };

  static wish request_of(pending_id id, const beside_request& noted) noexcept {
    return {id, noted.priority.load(std::memory_order_relaxed),
            noted.tenant.load(std::memory_order_relaxed)};
  }

  /// Notes what the client said. @pre the entry is the caller's own
  static void note(beside_request& to, const call_options* call) noexcept {
    if (call != nullptr)
      return note(to, call->priority, tenant_shares::id_of(call->tenant));
    note(to, call_priority::normal, 0);
  }

  // -- without the lock -------------------------------------------------------

  bool try_take(const wish& what) noexcept {
    return lined_total_.load(std::memory_order_acquire) == 0
           && bulkhead_->try_take(*account_, 1, what.priority);
  }

  /// Gives back what `try_take` took, which nobody used.
  void give_unused(const wish& what) noexcept {
    account_->tally->forget_grant();
    give(what);
  }

  /// Whether somebody who has to go first is lined up. Who has entered a door
  /// and finds nobody may pass: what a replica hands back when it dies lines
  /// up before that door opens again.
  bool behind(call_priority priority) const noexcept {
    return lined_total_.load(std::memory_order_acquire) > 0
           && lined_before(priority);
  }

  void give(const wish& what) noexcept {
    bulkhead_->give(*account_, 1, what.tenant);
  }

  /// Whether the work in that state has its permit.
  static bool has_one(const pending_word& word) noexcept {
    return word.state == pending_state::active
           && slot_bank::is_local(word.owner);
  }

  /// What became known under the lock and has to be done without it, because
  /// it enters other actors.
  struct debts {
    std::vector<wish> permits;
    permit_table::sources changed;
  };

  bool owing() const noexcept { return owing_.load(std::memory_order_acquire); }

  void pay(const debts& all) noexcept;

  // -- with the lock ----------------------------------------------------------

  /// Asks for a permit, and lines up for it if need be. Granted: also where
  /// others are lined up that have theirs; see `behind`.
  permit_table::answer line_up(const wish& what) {
    return line_up(what, false, wanted_before(what.priority));
  }

  /// Lines up what has its permit and waits for something else.
  void line_up_with_permit(const wish& what) { add(what, 0); }

  /// Lines up what waits, unless it is; whether with a permit or for one.
  /// `exempt`: was let in before, and does not count towards the bound.
  permit_table::answer stand_in_line(const wish& what, bool exempt = true);

  /// Fetches what the bulkhead has granted.
  void fetch();

  /// Those between whom a permit makes no difference: one that is granted to
  /// any of them goes to who has waited longest at the gate, also to one that
  /// had a permit before and came back. Tenants make a difference where they
  /// take turns. Where the last to come are served first each is a group of its
  /// own.
  using group = std::tuple<call_priority, uint32_t, uint64_t>;

  group group_of(const wish& what) const noexcept;

  /// Whether a message that waits may go; then it has its permit, and stays
  /// lined up until `gone`. To be asked in the order in which they wait, or
  /// told how many of its group wait before it and were not asked.
  bool may_go(const wish& what, size_t ahead = 0);

  /// Where one with a key waits: so many of its group that have none lie before
  /// it; whether it came back.
  struct turn {
    size_t ahead = 0;
    bool came_back = false;
  };

  /// The same for one with a key, which does not wait among others of its
  /// priority: unless it came back it goes with what it lined up for itself, or
  /// like others where somebody else has gone with that.
  bool may_go_in_turn(const wish& what, turn at);

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
  void owe(const wish& what) noexcept;

  debts take_debts() noexcept;

  bool knows(pending_id id) const { return lined_.count(id.value) != 0; }
  size_t lined_up() const noexcept { return lined_.size(); }
  bool any_lined() const noexcept {
    return lined_total_.load(std::memory_order_relaxed) > 0;
  }
  bool any_granted() const noexcept { return granted_ > 0; }

  /// How long one may wait.
  duration wait_max() const noexcept { return wait_max_; }

private:
  struct group_line {
    /// Tickets at the bulkhead, oldest first; permits that it has granted,
    /// and room for as many as wait.
    std::deque<uint64_t> tickets;
    std::vector<uint64_t> granted;

    /// Who waits for them: as many.
    std::set<uint64_t> waiting;
  };

  struct position {
    wish what;

    /// With which it lined up; 0: with a permit.
    uint64_t ticket = 0;
    bool going = false;
  };

  static void note(beside_request& to, call_priority priority,
                   uint32_t tenant) noexcept {
    // What a peer says may be anything.
    priority = std::min(priority, call_priority::background);
    // Mostly the same as before, and the line is shared with others.
    if (to.priority.load(std::memory_order_relaxed) != priority)
      to.priority.store(priority, std::memory_order_relaxed);
    if (to.tenant.load(std::memory_order_relaxed) != tenant)
      to.tenant.store(tenant, std::memory_order_relaxed);
  }

  using places = std::unordered_map<uint64_t, position>;

  permit_table::answer line_up(const wish& what, bool exempt,
                               bool after_others);
  bool lined_before(call_priority priority) const noexcept;

  /// The same of those that have no permit yet.
  bool wanted_before(call_priority priority) const;

  /// Notes its place, or throws and notes nothing.
  void add(const wish& what, uint64_t ticket);
  void forget(uint64_t ticket) noexcept;
  void erase(places::iterator which);
  void use_granted(group_line& of, uint64_t ticket);
  void give_up_place(group_line& of, const position& whose);
  void drop_if_empty(const group& which);

  /// Calls `f(table, now, changed)`; whom it serves is told by `pay`.
  template <class F>
  auto ask_table(F f);

  std::shared_ptr<bulkhead_core> bulkhead_;
  consumer_account* account_;
  duration wait_max_;
  bool each_alone_;
  uint64_t source_ = 0;
  uint64_t tickets_ = 0;
  std::map<group, group_line> lines_;

  /// Whose a ticket is.
  std::unordered_map<uint64_t, wish> ticket_of_;
  places lined_;
  std::array<std::atomic<size_t>, call_priorities> lined_by_priority_{};
  std::atomic<size_t> lined_total_{0};
  size_t granted_ = 0;
  std::vector<std::pair<uint64_t, errc>> refused_;
  debts debts_;
  std::atomic<bool> owing_{false};
};

} // namespace bulwark::detail
