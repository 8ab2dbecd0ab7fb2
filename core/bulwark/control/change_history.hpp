#pragma once

#include <bulwark/control/field_change.hpp>
#include <bulwark/time/time.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace bulwark {

/// What became of a change.
enum class change_state : uint8_t {
  /// It is being carried out.
  going_on,
  applied,
  /// It was tried, and has changed nothing.
  failed,
  /// Somebody has taken it back, by `undo`.
  undone,
  /// Its time was over, and what it changed is as before.
  expired,
  /// Before its time was over something else was set.
  replaced,
};

std::string to_string(change_state state);

/// One change of a node that runs, by an operator or by the end of an earlier
/// one's time.
struct change {
  /// From 1, in the order in which they were asked for.
  uint64_t id = 0;

  /// `isolate`, `set`, `restart orders#1`, ...
  std::string what;

  /// As the operator said; nobody checks it.
  std::string who;

  std::string reason = {};

  /// Empty where it cannot be taken back: a restart.
  std::vector<field_change> fields = {};

  /// How long it is to last; nothing: for good.
  std::optional<duration> lasts = std::nullopt;

  /// The change that this one takes back; 0: none.
  uint64_t undoes = 0;

  wall_time at = {};

  /// When it ends by itself.
  std::optional<wall_time> until = std::nullopt;

  change_state state = change_state::going_on;

  /// Why it failed, or cannot be ended yet.
  std::string words = {};
};

/// The changes of one node: which go on, which end when, and what each would
/// have to set to be taken back. It keeps `kept_max` of them, beside those that
/// go on or have a time to end.
///
/// A change of a field ends what an earlier one of limited time had to do with
/// it: the later one is the operator's last word. It goes back, when it ends,
/// to what there was before both.
///
/// Confined to one actor.
class change_history {
public:
  static constexpr size_t kept_max = 100;

  /// So many can be carried out, and have a time to end, at once.
  static constexpr size_t going_on_max = 16;
  static constexpr size_t limited_max = 64;

  /// Of a change that could not be ended in its time: when to try again.
  static constexpr duration retry_after = std::chrono::seconds{5};

  /// Returns the change's number; or why it cannot be begun: another one of
  /// the same field goes on, or there are too many.
  std::variant<uint64_t, std::string> begin(change what, wall_time at);

  /// It was carried out. Returns it as it is now, or nothing where it is
  /// unknown.
  std::optional<change> applied(uint64_t id, time_point now, wall_time at);

  /// It could not be, and has changed nothing.
  void failed(uint64_t id, std::string why, time_point now);

  /// Returns what would take it back, or why nothing does. `current` returns
  /// what a field has now.
  template <class Current>
  std::variant<change, std::string> undo_of(uint64_t id,
                                            const Current& current) const;

  /// Returns those whose time is over, as changes to be begun; what somebody
  /// has set to something else meanwhile is left out of them, and a change of
  /// which nothing is left is replaced.
  template <class Current>
  std::vector<change> take_due(time_point now, const Current& current);

  /// Returns when the next one ends; nothing: none does.
  std::optional<time_point> next_due() const;

  /// Oldest first.
  std::vector<change> all() const;

private:
  /// A change, and the values that its fields go back to.
  struct entry {
    change it;
    std::vector<field_change> back = {};
    std::optional<time_point> due = std::nullopt;
  };

  template <class Entries>
  static auto* find_in(Entries& entries, uint64_t id);

  const entry* find(uint64_t id) const;
  entry* find(uint64_t id);
  std::optional<std::string> clash_with(const change& what) const;
  std::string refusal_to_undo(const entry* of, uint64_t id) const;
  void take_over(entry& later);
  static change ending_of(const entry& of);
  void forget_oldest();

  std::deque<entry> entries_;
  uint64_t last_ = 0;
};

template <class Current>
std::variant<change, std::string>
change_history::undo_of(uint64_t id, const Current& current) const {
  const auto* of = find(id);
  if (auto why = refusal_to_undo(of, id); !why.empty())
    return why;
  for (const auto& each : of->back)
    if (auto has = current(each.field); !is_still(has, each.from))
      return each.field + " is " + has + " and no longer the " + each.from
             + " that change " + std::to_string(id)
             + " has set; undo what was done since, or set it";
  auto result = ending_of(*of);
  result.what = "undo";
  return result;
}

template <class Current>
std::vector<change> change_history::take_due(time_point now,
                                             const Current& current) {
  std::vector<change> result;
  for (auto& each : entries_) {
    if (!each.due || *each.due > now)
      continue;
    each.due = now + retry_after;
    std::erase_if(each.back, [&](const field_change& x) {
      return !is_still(current(x.field), x.from);
    });
    if (!each.back.empty()) {
      result.push_back(ending_of(each));
      continue;
    }
    each.due.reset();
    each.it.state = change_state::replaced;
  }
  return result;
}

} // namespace bulwark
