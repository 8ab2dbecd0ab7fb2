#pragma once

#include <bulwark/events/detail/number_set.hpp>
#include <bulwark/events/event_position.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bulwark {

/// One node in one boot, which numbers its events.
using origin_name = std::pair<std::string, uint64_t>;

/// Which events of which origin are there. Of one origin at most
/// `holes_max` holes are remembered.
///
/// Confined to one actor.
class event_positions {
public:
  static constexpr size_t holes_max = 64;

  /// Adds the numbers [from, to] of an origin. Returns false and changes
  /// nothing when that made a hole too many, or when `from` is 0 or above
  /// `to`: the position tells that they are not there.
  bool add(const std::string& node, uint64_t boot, uint64_t from, uint64_t to);

  /// Forgets an origin.
  void forget(const std::string& node, uint64_t boot);

  [[nodiscard]] bool contains(std::string_view node, uint64_t boot,
                              uint64_t number) const;

  /// Returns the number up to which all is there; 0: nothing, or the origin
  /// is not known.
  [[nodiscard]] uint64_t upto(std::string_view node, uint64_t boot) const;

  /// Returns all origins, by node and boot.
  [[nodiscard]] std::vector<event_position> all() const;

private:
  struct by_name {
    using is_transparent = void;

    template <class Left, class Right>
    bool operator()(const Left& left, const Right& right) const {
      if (auto order = std::string_view{left.first} <=> right.first; order != 0)
        return order < 0;
      return left.second < right.second;
    }
  };

  const number_set* find(std::string_view node, uint64_t boot) const;

  std::map<origin_name, number_set, by_name> origins_;
};

} // namespace bulwark
