#pragma once

#include <bulwark/bulkhead/call_priority.hpp>
#include <bulwark/bulkhead/detail/bulkhead_core.hpp>
#include <bulwark/errors/errc.hpp>
#include <bulwark/time/time.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace bulwark::detail {

/// Where a pool gets a permit of its bulkhead for each of those who ask it: a
/// connection, a task. Gives back all that is left when it ends.
///
/// Confined to one actor.
class pool_permits {
public:
  /// `poke` is called from any thread when there is something to `settle`.
  pool_permits(std::shared_ptr<bulkhead_core> core, std::function<void()> poke);

  pool_permits(const pool_permits&) = delete;
  pool_permits& operator=(const pool_permits&) = delete;

  ~pool_permits();

  const bulkhead_core& core() const noexcept { return *core_; }

  /// Who asks.
  struct claim {
    uint64_t id = 0;
    std::string consumer;
    call_priority priority = call_priority::normal;
    time_point expires{};
  };

  /// What becomes of one who asked; no answer yet where `waits`.
  struct verdict {
    uint64_t id = 0;
    bool waits = false;
    std::optional<errc> refused;
  };

  /// @pre nobody asked under that id who was not released
  verdict ask(const claim& who);

  /// Returns what has become of those who waited.
  std::vector<verdict> settle();

  /// Gives the permit back, or does not wait for it any more. Without effect
  /// when there is none.
  void release(uint64_t id);

  /// Turns away whose time is over; they are told by `settle`.
  void expire();
  std::optional<time_point> next_expiry() const;

private:
  struct holder {
    uint32_t account = 0;
    bool granted = false;
  };

  std::shared_ptr<bulkhead_core> core_;
  uint64_t source_;
  std::map<uint64_t, holder> holders_;
};

} // namespace bulwark::detail
