#pragma once

#include <bulwark/errors/errc.hpp>
#include <bulwark/gate/cluster_size.hpp>
#include <bulwark/gate/detail/expected_peers.hpp>
#include <bulwark/time/time.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace bulwark {

/// What is to be expected of a slot that is closed, by what was told of it
/// last: the gate may not have come to that yet. `gone`: its replica is stopped
/// and forgotten.
enum class expected_state : uint8_t {
  unused,
  coming,
  failed,
  lost,
  stopped,
  gone
};

/// Whether a message may hope for a replica or a node while none is up, and
/// why not.
///
/// Confined to one thread; a gate guards it with the lock of its line.
class prospects {
public:
  static constexpr size_t replicas_max = 64;
  static constexpr size_t peers_max = cluster_peers_max;
  static constexpr size_t slots_max = replicas_max + peers_max;

  // -- what is told -----------------------------------------------------------

  /// The slots of replicas `first` to `first + count - 1` are going to be used.
  void declare(size_t first, size_t count) noexcept;

  void expect(size_t slot, expected_state view) noexcept {
    views_[slot] = view;
  }
  void expect_of_all(expected_state view) noexcept;

  /// Another node offers the service: returns the slot that it gets, which was
  /// its own before, or is free; nothing: all are taken. `ended(slot)`: what
  /// was in the slot has nothing more there, if it was lost.
  template <class F>
  std::optional<size_t> slot_for(const std::string& node, F ended) {
    auto which = find_peer([&](size_t i) {
      return node_at(i) == node || views_[i] == expected_state::unused;
    });
    if (!which)
      which = find_peer([&](size_t i) {
        return views_[i] == expected_state::lost && ended(i);
      });
    if (!which)
      return std::nullopt;
    nodes_[*which - replicas_max] = node;
    views_[*which] = expected_state::coming;
    return which;
  }

  /// The node in slot `slot`. @pre it is no replica's
  const std::string& node_at(size_t slot) const noexcept {
    return nodes_[slot - replicas_max];
  }

  /// That one is lost, or drains: it may be back by then.
  void lost(size_t slot, time_point back_by) noexcept {
    views_[slot] = expected_state::lost;
    peers_.lost(back_by);
  }

  expected_peers& peers() noexcept { return peers_; }
  const expected_peers& peers() const noexcept { return peers_; }

  // -- what follows -----------------------------------------------------------

  expected_state of(size_t slot) const noexcept { return views_[slot]; }

  bool in_use(size_t slot) const noexcept {
    return views_[slot] != expected_state::unused
           && views_[slot] != expected_state::gone;
  }

  /// How many replicas are declared and not forgotten.
  size_t replicas_in_use() const noexcept;

  /// Whether another replica than that one is expected.
  bool others_come(size_t than) const noexcept;

  /// Why nobody can be waited for; nothing: somebody may come. `local_only`:
  /// other nodes are no hope.
  std::optional<errc> hopeless(bool local_only, time_point now) const;

private:
  template <class F>
  static std::optional<size_t> find_peer(F wanted) {
    for (auto i = replicas_max; i < slots_max; ++i)
      if (wanted(i))
        return i;
    return std::nullopt;
  }

  std::array<expected_state, slots_max> views_{};
  std::array<std::string, peers_max> nodes_;
  size_t replicas_ = 0;
  expected_peers peers_;
};

} // namespace bulwark
