#pragma once

#include <bulwark/events/component_counts.hpp>
#include <bulwark/events/event.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace bulwark {

/// The latest events, and how many there were of each component. Holds at
/// most `recent_max` events and `components_max` components, whatever
/// arrives; events of further components are counted together, under the
/// component `others` without a node.
///
/// Confined to one actor.
class event_counter {
public:
  /// Name of the component that stands for all that have no place.
  static constexpr const char* others = "...others";

  event_counter(size_t recent_max, size_t components_max);

  void add(event what);

  /// Returns the latest events, oldest first: at most `max` of them, and only
  /// those of `node` unless that is empty.
  [[nodiscard]] std::vector<event> recent(size_t max,
                                          const std::string& node) const;

  /// Returns the counts in the order of node and component.
  [[nodiscard]] std::vector<component_counts> counts() const;

  /// Returns how many events were added in all.
  [[nodiscard]] uint64_t total() const noexcept { return total_; }

private:
  component_counts& counts_of(const event& what);

  using name = std::pair<std::string, std::string>;

  size_t recent_max_;
  size_t components_max_;
  uint64_t total_ = 0;
  std::deque<event> recent_;
  std::map<name, component_counts> counts_;
  component_counts others_;
};

} // namespace bulwark
