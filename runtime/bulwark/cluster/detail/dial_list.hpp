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
/// join and those it heard of from others. All are tried for ever, spaced like
/// restarts: 100 ms, 200 ms, ... 2 s, each +-20 %, and after `tries_max` in a
/// row up to 30 s, unless they are to join.
///
/// Confined to one actor.
class dial_list {
public:
  /// More are kept only of those to join: then the one that failed most often
  /// makes way.
  static constexpr size_t addresses_max = 128;

  /// After so many failures in a row others are tried less often.
  static constexpr uint32_t tries_max = 30;

  /// Adds an address, due at `now`. Without effect if it is known, or if
  /// `addresses_max` are and all are connected, unless it is one to join.
  void add(const host_port& address, bool join, time_point now);

  /// Returns the addresses that are due and marks them as being dialled.
  std::vector<host_port> take_due(time_point now);

  /// The dialled address did not answer, or refused. Returns whether this was
  /// the first failure since it last answered.
  bool failed(const host_port& address, time_point now, double unit_random);

  /// The dialled address is `node`, which is connected now.
  void connected(const host_port& address, const std::string& node);

  /// That node is said to be there, though it is not connected.
  void is_of(const host_port& address, const std::string& node);

  /// That node is there and nowhere else, but for addresses to join.
  void moved(const std::string& node, const host_port& address);

  /// That node is not a member any more; addresses to join stay.
  void forget_node(const std::string& node);

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

    /// Who was there last.
    std::string of;
    uint32_t failures = 0;
    time_point due{};
  };

  target* find(const host_port& address);
  bool make_room();

  restart_options pace_ = {.max = std::chrono::seconds{2}};
  restart_options slow_pace_ = {.initial = std::chrono::seconds{2},
                                .max = std::chrono::seconds{30}};
  std::vector<target> targets_;
};

} // namespace bulwark
