#pragma once

#include <bulwark/chaos/fault_leases.hpp>
#include <bulwark/time/time.hpp>

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bulwark::detail {

/// Faults that are lent to what looks at them again and again: connections and
/// disks.
///
/// Safe to call from any thread.
class leased_faults {
public:
  /// `now` is called from any thread.
  explicit leased_faults(std::function<time_point()> now)
    : now_(std::move(now)) {}

  [[nodiscard]] std::optional<std::string> lend(const std::string& id,
                                                const fault& what) {
    std::lock_guard guard{lock_};
    return leases_.grant(id, what, now_());
  }

  void renew(const std::string& id) {
    std::lock_guard guard{lock_};
    // One that is over stays so.
    static_cast<void>(leases_.renew(id, now_()));
  }

  void lift(const std::string& id) {
    std::lock_guard guard{lock_};
    leases_.end(id);
  }

  std::vector<fault> active() const {
    std::lock_guard guard{lock_};
    return leases_.active(now_());
  }

private:
  std::function<time_point()> now_;
  mutable std::mutex lock_;
  mutable fault_leases leases_;
};

} // namespace bulwark::detail
