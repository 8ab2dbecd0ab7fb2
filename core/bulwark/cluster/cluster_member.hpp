#pragma once

#include <bulwark/time/time.hpp>

#include <cstdint>
#include <string>

namespace bulwark {

/// What one node knows of another one.
enum class member_state : uint8_t {
  /// Known by name, from another node or from the disk, and not met yet.
  joining,

  /// Connected and heard.
  up,

  /// Not heard, or its last connection broke: others are asked.
  suspect,

  /// Not reached from here. It is dialled for ever.
  unreachable,

  /// Connected, and about to stop: it takes nothing new.
  leaving,

  /// It said goodbye.
  left,

  /// It was gone for `noticing_options::forget_after`, and is no member.
  forgotten,
};

std::string to_string(member_state state);

/// Another node, as this one sees it.
///
/// Immutable after construction.
struct cluster_member {
  std::string node;

  /// Which start of it was met last; 0: none.
  uint64_t boot = 0;

  /// `HOST:PORT` where it listens, or empty.
  std::string address;

  member_state state = member_state::joining;

  /// Of one that is unreachable: whether another node agrees. Only that is an
  /// outage.
  bool lost = false;

  /// Since when it is in that state.
  time_point since{};

  /// Why, for a person; may be empty.
  std::string reason;

  friend bool operator==(const cluster_member&,
                         const cluster_member&) = default;
};

} // namespace bulwark
