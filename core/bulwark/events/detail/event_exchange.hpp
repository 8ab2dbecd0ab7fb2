#pragma once

#include <bulwark/events/event_position.hpp>
#include <bulwark/time/time.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bulwark {

/// Decides what a monitor sends to which of its peers, so that all come to
/// know the same events: a peer is sent what it lacks of any origin, one batch
/// at a time. Own events are sent at once; those of another node only to a
/// peer that still lacks them after `relay_after`, because their own node
/// sends them too.
///
/// Keeps positions alone. Of a node at most `boots_max` boots are exchanged,
/// the latest ones, of at most `nodes_max` nodes.
///
/// Confined to one actor.
class event_exchange {
public:
  static constexpr duration relay_after = std::chrono::seconds{2};
  static constexpr size_t boots_max = 16;
  static constexpr size_t nodes_max = 1'000;

  explicit event_exchange(std::string own_node)
    : own_node_(std::move(own_node)) {}

  /// What is durable here has moved to these positions.
  void moved(const std::vector<event_position>& durable, time_point now);

  /// The store has lost events, and has no more than this: what was known
  /// before is forgotten.
  void lost_history(const std::vector<event_position>& durable, time_point now);

  /// Whether what is durable has moved back.
  [[nodiscard]] bool is_behind(const event_position& durable) const;

  /// Returns whether events of this origin are exchanged: false for a boot that
  /// is older than the latest ones of its node, and for a node too many.
  [[nodiscard]] bool takes(const std::string& node, uint64_t boot) const;

  /// Returns the origins that were given up for later ones since the last call.
  [[nodiscard]] std::vector<std::pair<std::string, uint64_t>> take_forgotten();

  /// A peer is connected; what it has is not known yet, and nothing is sent.
  void add_peer(const std::string& peer);
  void remove_peer(const std::string& peer);

  /// A peer tells what it has; `anew`: and has nothing else.
  void told(const std::string& peer, const std::vector<event_position>& has,
            bool anew, time_point now);

  /// Numbers from `first` on of an origin.
  struct batch {
    std::string node;
    uint64_t boot = 0;
    uint64_t first = 0;
  };

  /// Returns what to send to `peer` now, or nothing: it lacks nothing, a batch
  /// is on its way to it, or what it lacks is not to be relayed yet. The batch
  /// returned counts as on its way.
  [[nodiscard]] std::optional<batch> next(const std::string& peer,
                                          time_point now);

  /// The batch on its way has arrived: `peer` has its origin up to `upto`.
  /// Where that is no progress, it is sent more only after `relay_after`.
  void arrived(const std::string& peer, uint64_t upto, time_point now);

  /// The batch on its way was lost, or could not be read.
  void lost(const std::string& peer);

  /// Returns the positions that moved since the last call, for all peers.
  [[nodiscard]] std::vector<event_position> take_moved();

  /// Returns all positions that are exchanged.
  [[nodiscard]] std::vector<event_position> all() const;

private:
  using origin = std::pair<std::string, uint64_t>;

  /// How a peer is behind with an origin.
  struct lag {
    uint64_t upto = 0;
    std::optional<time_point> since;

    /// It has refused what it was sent: not again before then.
    time_point not_before{};
  };

  struct peer_state {
    bool known = false;
    std::optional<origin> on_way;
    std::map<origin, lag> has;
  };

  void enter(const event_position& at);
  [[nodiscard]] size_t boots_of(const std::string& node) const;
  [[nodiscard]] size_t nodes() const;
  void compare(peer_state& of, const origin& name, uint64_t upto,
               time_point now) const;

  std::string own_node_;
  std::map<origin, uint64_t> here_;
  std::map<origin, uint64_t> moved_;
  std::vector<origin> forgotten_;
  std::map<std::string, peer_state> peers_;
};

} // namespace bulwark
