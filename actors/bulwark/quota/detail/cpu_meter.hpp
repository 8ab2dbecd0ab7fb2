#pragma once

#include <bulwark/quota/detail/cpu_quota_core.hpp>

#include <memory>
#include <string>
#include <utility>

namespace bulwark::detail {

/// The thread of one incarnation, as its CPU quota sees it.
///
/// `begin`, `end` and `close` are for that thread, `wake` is safe to call from
/// any.
class cpu_meter {
public:
  cpu_meter(std::shared_ptr<cpu_quota_core> core, std::string who)
    : core_(std::move(core)) {
    record_.who = std::move(who);
  }

  cpu_meter(const cpu_meter&) = delete;
  cpu_meter& operator=(const cpu_meter&) = delete;

  ~cpu_meter() { close(); }

  /// Begins to handle a message, after it has waited for its turn. Returns
  /// true if it was told to end instead, while the quota is used up.
  bool begin(const child_control* told) { return core_->begin(record_, told); }

  /// Handles nothing.
  void end() { core_->end(record_); }

  /// Told to end, it looks at what it was told.
  void wake(bool killed) { core_->wake(record_, killed); }

  /// The thread does not work for the actor any more; it must not have ended.
  void close() { core_->leave(record_); }

private:
  std::shared_ptr<cpu_quota_core> core_;
  cpu_quota_core::worker_record record_;
};

} // namespace bulwark::detail
