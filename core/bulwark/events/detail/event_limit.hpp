#pragma once

#include <bulwark/events/event.hpp>
#include <bulwark/time/time.hpp>

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bulwark {

/// Returns whether load or clients alone can cause events of this kind, as
/// many as they like. Failures, recoveries and what operators do never are.
bool is_load_driven(event_kind kind);

/// Tells of load-driven events at most one per component, kind and `window`.
/// The first one is told at once. Of those that follow within the window the
/// latest is held, and told when the window ends; its metadata `count` says
/// for how many events it stands, itself included. One that is more severe
/// than all that was told since the component was last quiet is told at once.
///
/// At most `flows_max` pairs of component and kind are kept apart; while as
/// many are not quiet, further ones share a flow by kind.
///
/// Confined to one actor.
class event_limit {
public:
  static constexpr duration window = std::chrono::seconds{1};
  static constexpr size_t flows_max = 1000;

  /// Returns the event that is to be told now, or nothing: then it is held, or
  /// a held one stands for it.
  std::optional<event> admit(event what, time_point now);

  /// Returns what was held and is due, oldest window first.
  std::vector<event> take_due(time_point now);

  /// Returns all that is held, due or not.
  std::vector<event> take_all();

  /// When to call `take_due` next; nothing: nothing is held.
  [[nodiscard]] std::optional<time_point> next_due() const;

private:
  struct flow {
    time_point ends{};

    /// The highest that was told since the flow began.
    severity told = severity::info;

    std::optional<event> held = std::nullopt;
    uint64_t stands_for = 0;
  };

  using name = std::pair<std::string, event_kind>;

  flow* flow_of(const event& what, time_point now);
  static void hold(flow& in, event what);
  static event release(flow& from);

  std::map<name, flow> flows_;
};

} // namespace bulwark
