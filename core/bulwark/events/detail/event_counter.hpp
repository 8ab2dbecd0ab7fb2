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

  /// Events as they came, and the place of the first of them: the first event
  /// that was ever added stands at 1.
  struct stretch {
    std::vector<event> events = {};
    uint64_t first = 0;
  };

  /// Returns up to `max` events from `place` on, or from the oldest that is
  /// kept where that is later. Where there are none, `first` is the place of
  /// the next one to come.
  [[nodiscard]] stretch from(uint64_t place, size_t max) const;

  /// Returns the place behind that event; 0 where it is not kept.
  [[nodiscard]] uint64_t place_behind(const std::string& node, uint64_t boot,
                                      uint64_t sequence) const;

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
