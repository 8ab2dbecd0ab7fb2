#pragma once

#include <bulwark/time/time.hpp>

#include <cstdint>
#include <string>

namespace bulwark::detail {

/// What a node that wants a role, or has it, says to a voter.
struct lease_call {
  enum class kind : uint8_t {
    /// Could I have it? Promises nothing.
    look,
    /// Lend it to me.
    ask,
    /// I have it, from most of you: lend it for longer.
    renew,
    /// I do not want it any more.
    release,
  };

  kind what = kind::look;

  /// Who asks, and which start of it: another start is another node.
  std::string node;

  uint64_t token = 0;

  /// Of `look` and `ask`: which attempt it is of; of `renew`: which round.
  uint64_t round = 0;

  friend bool operator==(const lease_call&, const lease_call&) = default;
};

/// What a voter answers. `release` is not answered.
struct lease_reply {
  /// Of `look`: it would be lent; else it is lent, for that long.
  bool yes = false;

  lease_call::kind to = lease_call::kind::look;
  uint64_t round = 0;

  /// The largest token that this voter has promised.
  uint64_t token = 0;

  /// Where it is not lent to who asks: to whom it is, whether that one has it
  /// from most voters as far as this one knows, and for how long at least.
  std::string holder;
  bool held = false;
  duration left{0};

  friend bool operator==(const lease_reply&, const lease_reply&) = default;
};

} // namespace bulwark::detail
