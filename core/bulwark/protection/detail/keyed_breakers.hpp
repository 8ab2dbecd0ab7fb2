#pragma once

#include <bulwark/protection/detail/breaker.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace bulwark {

/// A circuit breaker for each endpoint of a service.
///
/// `breaker_options::keys_max` endpoints are known at once, in groups of eight
/// that an endpoint's hash picks. For one more in a group, one is forgotten
/// that is closed and against which nothing counts: to it, being forgotten
/// changes nothing but that its window begins anew. Where there is none, the
/// new endpoint and all others that are not known share one breaker; while
/// something counts against that one, none of them becomes known, so that
/// none leaves its failures behind. Two endpoints of the same hash, of 64
/// bits, share one, too.
///
/// Safe to call from any thread.
class keyed_breakers {
public:
  static constexpr size_t group_size = 8;

  /// @pre `validate(options)` has no complaint
  explicit keyed_breakers(const breaker_options& options, uint64_t seed = 0);
  ~keyed_breakers();
  keyed_breakers(const keyed_breakers&) = delete;
  keyed_breakers& operator=(const keyed_breakers&) = delete;

  struct [[nodiscard]] verdict {
    breaker_verdict said = {};

    /// Whom to tell of the end of the call.
    breaker* by = nullptr;

    /// Where another endpoint was forgotten for this one.
    std::optional<breaker_change> forgot = std::nullopt;
  };

  /// May this call go?
  verdict admit(std::string_view endpoint, time_point now);

  /// Returns the breaker that decides about `endpoint`.
  breaker& find(std::string_view endpoint) noexcept;

  breaker& shared() noexcept { return shared_; }

  /// How many breakers there are, without the one that is shared.
  size_t size() const noexcept;

  /// Calls `f` with each of them and with the shared one.
  template <class F>
  void each(F f) {
    for (size_t i = 0; i < places_; ++i)
      if (auto* known = table_[i].its.load(std::memory_order_acquire))
        f(*known);
    f(shared_);
  }

private:
  // 0 stands for no endpoint, or one that is being forgotten.
  struct place {
    std::atomic<uint64_t> hash{0};
    std::atomic<breaker*> its{nullptr};
  };

  place* known(uint64_t hash) noexcept;
  place* take_place(uint64_t hash, time_point now, verdict& result);
  bool claim(place& which, uint64_t hash, time_point now, verdict& result);

  breaker_options options_;
  uint64_t seed_;
  size_t places_;
  size_t group_;
  std::unique_ptr<place[]> table_;
  breaker shared_;
};

} // namespace bulwark
