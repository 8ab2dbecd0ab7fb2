#pragma once

#include <bulwark/protection/breaker_change.hpp>
#include <bulwark/protection/breaker_metrics.hpp>
#include <bulwark/protection/detail/breaker.hpp>
#include <bulwark/protection/detail/change_order.hpp>
#include <bulwark/protection/detail/keyed_breakers.hpp>

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bulwark::detail {

/// The circuit breakers of what is called by one name: one for the whole of it,
/// and one for each endpoint. Puts their changes into the order in which these
/// happened, for who tells of them.
///
/// Safe to call from any thread.
class breaker_group {
public:
  /// @pre `validate(options)` has no complaint
  breaker_group(const std::string& name, const breaker_options& options);

  const breaker_options& options() const noexcept { return whole_.options(); }

  /// May this call go?
  keyed_breakers::verdict admit(std::string_view endpoint, time_point now);

  /// A call that `by` let through has ended.
  void record(breaker& by, std::string_view endpoint, breaker_ticket ticket,
              const call_end& end, time_point now);

  /// Does what is due by time alone, and says how things stand.
  breaker_metrics metrics(std::string_view endpoint, time_point now);

  /// Sets a state by hand, see `breaker::set`.
  /// @throws std::invalid_argument for one that a breaker finds by itself
  void set(breaker_state to, std::string_view endpoint, time_point now);

  /// That of another node has opened: the one of the whole becomes careful.
  void caution(time_point now);

  struct news {
    breaker_change change;
    std::string endpoint;
  };

  /// Whether there are changes that were not told yet.
  bool any_news() const noexcept {
    return any_news_.load(std::memory_order_acquire);
  }

  /// Calls `f` with each change that was not told yet, one at a time. Returns
  /// whether there was one.
  bool tell(const std::function<void(const news&)>& f);

  /// Does what is due by time alone. Returns when that will be the next time,
  /// unless something happens before.
  time_point tick(time_point now);

private:
  /// Of a breaker that has changed.
  struct course {
    change_order<news> order;

    /// For whom it was when it did so last.
    std::string endpoint;
  };

  breaker& breaker_of(std::string_view endpoint) noexcept;
  void note(breaker& by, std::string_view endpoint,
            const std::optional<breaker_change>& change);
  void add(course& to, const breaker_change& change);

  breaker whole_;
  keyed_breakers endpoints_;
  std::atomic<bool> any_news_{false};

  // Held while they are told; the other one never is.
  std::mutex telling_;
  std::mutex lock_;

  // Guarded by lock_.
  std::map<breaker*, course> courses_;
  std::vector<news> news_;
};

/// Returns in wall time when a call failed last, if one has.
std::optional<wall_time> last_failure_of(const breaker_metrics& of,
                                         time_point now, wall_time wall_now);

/// Returns what is said of a call that no breaker lets through.
std::string open_text(const std::optional<wall_time>& last_failure);

} // namespace bulwark::detail
