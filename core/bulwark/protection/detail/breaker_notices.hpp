#pragma once

#include <bulwark/protection/breaker_change.hpp>
#include <bulwark/protection/breaker_notice.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace bulwark {

/// What a node does with its own breaker after it has heard of another one.
enum class breaker_advice : uint8_t {
  nothing,
  /// `breaker::caution`
  caution,
  /// `breaker::set` to forced_open, ...
  force_open,
  /// ... and to closed.
  release,
};

/// Lets the breakers of all nodes for one service learn of each other, while
/// each decides by itself, by its own calls.
///
/// That one has opened makes the others careful once: they let probes through,
/// and open or close by what these say. Notices are numbered by their origin,
/// so that they may be lost, late, repeated and out of order: what is older
/// than what is known of that origin says nothing, and never makes a breaker
/// careful again that has closed itself since. Nodes tell each other all they
/// know when they connect, which makes up for all losses; one that is cut off
/// decides alone.
///
/// An operator's order is for all nodes, and comes back with that exchange to
/// a node that was started anew.
///
/// Confined to one actor.
class breaker_notices {
public:
  /// Of so many other nodes something is known; of further ones nothing is
  /// heard.
  static constexpr size_t origins_max = 1024;

  /// `boot` is larger with each start of the node.
  breaker_notices(std::string node, uint64_t boot)
    : node_(std::move(node)), boot_(boot) {}

  /// The node's own breaker has changed. Returns what to tell all others.
  std::optional<breaker_notice> changed(const breaker_change& change);

  /// An operator of this node wants that. Returns what to tell all others.
  breaker_order order(bool forced_open);

  [[nodiscard]] breaker_advice heard(const breaker_notice& notice);
  [[nodiscard]] breaker_advice heard(const breaker_order& order);

  /// What to tell a node that connects.
  breaker_knowledge knowledge() const;

private:
  std::string node_;
  uint64_t boot_;
  std::map<std::string, breaker_notice> known_;
  breaker_order order_;
};

} // namespace bulwark
