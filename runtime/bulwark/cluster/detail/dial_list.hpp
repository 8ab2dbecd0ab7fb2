#pragma once

#include <bulwark/options/host_port.hpp>
#include <bulwark/supervision/restart_options.hpp>
#include <bulwark/time/time.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bulwark {

/// Which addresses a node has to connect to, and when: those it was told to
/// join for ever, those it heard of from others until they fail too often.
/// Tries are spaced like restarts: 100 ms, 200 ms, ... 2 s, each +-20 %.
///
/// Confined to one actor.
class dial_list {
public:
  static constexpr size_t addresses_max = 64;

  /// So often an address that others told of may fail in a row.
  static constexpr uint32_t tries_max = 30;

  /// Adds an address, due at `now`. Without effect if it is known, or if
  /// `addresses_max` are, unless it is one to join.
  void add(const host_port& address, bool join, time_point now);

  /// Returns the addresses that are due and marks them as being dialled.
  std::vector<host_port> take_due(time_point now);

  /// The dialled address did not answer, or refused. Returns whether this was
  /// the first failure since it last answered.
  bool failed(const host_port& address, time_point now, double unit_random);

  /// The dialled address is `node`, which is connected now.
  void connected(const host_port& address, const std::string& node);

  /// The address is this node itself, or will never do.
  void forget(const host_port& address);

  /// That node was lost: its addresses are due again.
  void lost(const std::string& node, time_point now);

  /// That node refuses this one: its addresses are due again as if they had
  /// failed.
  void refused(const std::string& node, time_point now, double unit_random);

  /// Whether an address to join has not been connected, or is lost.
  bool join_missing() const;

  /// When to look again, if anything is left to be dialled.
  std::optional<time_point> next_due() const;

private:
  struct target {
    host_port address;
    bool join = false;
    bool dialling = false;
    std::string node;
    uint32_t failures = 0;
    time_point due{};
  };

  target* find(const host_port& address);

  restart_options pace_ = {.max = std::chrono::seconds{2}};
  std::vector<target> targets_;
};

} // namespace bulwark
