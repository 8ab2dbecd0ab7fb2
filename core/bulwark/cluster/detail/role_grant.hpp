#pragma once

#include <bulwark/time/time.hpp>

#include <atomic>
#include <cstdint>
#include <optional>

namespace bulwark::detail {

/// What a node knows of its own hold on a role: the token, and until when.
/// Whoever acts in the role asks it each time; no message has to come for it
/// to end.
///
/// `set` and `clear` by one thread at a time, `token_at` by any.
class role_grant {
public:
  /// Held with that token until then. A later hold ends later.
  void set(uint64_t token, time_point until) noexcept {
    if (token_.load() != token) {
      // Nobody may read the new token with the end of the old hold.
      until_.store(none);
      token_.store(token);
    }
    until_.store(until.time_since_epoch().count());
  }

  void clear() noexcept { until_.store(none); }

  /// Returns the token, if the role is held at `now`.
  std::optional<uint64_t> token_at(time_point now) const noexcept {
    for (int i = 0; i < tries_max; ++i) {
      auto until = until_.load();
      auto token = token_.load();
      if (now.time_since_epoch().count() >= until)
        return std::nullopt;
      // The same end before and after: the token in between belongs to it.
      if (until_.load() == until)
        return token;
    }
    return std::nullopt;
  }

private:
  static constexpr auto none = duration::min().count();

  /// A hold changes a few times in a second at most; who meets that many
  /// changes in a row is told that the role is not held.
  static constexpr int tries_max = 4;

  std::atomic<duration::rep> until_{none};
  std::atomic<uint64_t> token_{0};
};

} // namespace bulwark::detail
