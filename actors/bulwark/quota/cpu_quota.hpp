#pragma once

#include <bulwark/events/emitter.hpp>
#include <bulwark/quota/cpu_quota_options.hpp>
#include <bulwark/quota/cpu_quota_stats.hpp>

#include <caf/actor.hpp>
#include <caf/fwd.hpp>

#include <memory>
#include <string>

namespace bulwark {

namespace detail {
class cpu_quota_core;
} // namespace detail

/// A running CPU quota: a named compartment whose services may use so much
/// CPU time in each period.
///
/// Services are assigned to one by `replica_manner::quota`. Each replica then
/// runs on a thread of its own, whose CPU clock is read between messages. When
/// the quota is used up the thread waits before its next message until the
/// period in which the debt is paid; nobody else waits for it. Told to end, a
/// replica does not wait.
///
/// A handler that runs on is charged from outside, every `look` or as soon as
/// the quota might be used up, and reported as `quota_overrun`. So that it
/// keeps nobody from the other processors, the threads of a quota keep to as
/// many as it needs, on Linux: the last ones that the process may use and that
/// no other quota keeps to.
///
/// Where there are too few for that, such a thread runs only where nobody else
/// wants to, until the debt is paid, or, once it was reported, until it comes
/// back. That takes `CAP_SYS_NICE` or an `RLIMIT_NICE` of 20 to be undone.
/// Without those only the threads of handlers that are reported are put last,
/// and stay there.
///
/// What a service does on other threads, or has actors of its own do, is not
/// seen; threads that it starts keep to the same processors. A blocking actor
/// is looked at when it looks for messages, which can be once for a few of
/// them.
///
/// Safe to call from any thread. Copies refer to the same quota.
class cpu_quota {
public:
  /// How often handlers that run are looked at, at least.
  static constexpr duration look = std::chrono::milliseconds{100};

  cpu_quota() noexcept = default;

  /// Starts one.
  /// @throws std::invalid_argument what `validate` says of name and options
  cpu_quota(caf::actor_system& sys, const std::string& name,
            const cpu_quota_options& options, emitter events = {});

  explicit operator bool() const noexcept { return core_ != nullptr; }

  const std::string& name() const noexcept;

  /// Answers `cpu_quota_stats_request`.
  const caf::actor& handle() const noexcept { return handle_; }

  cpu_quota_stats stats() const;

  /// What its threads share.
  const std::shared_ptr<detail::cpu_quota_core>& core() const noexcept {
    return core_;
  }

  /// Ends its actor. To be called when the services in it have ended.
  void stop() const;

private:
  caf::actor handle_;
  std::shared_ptr<detail::cpu_quota_core> core_;
};

} // namespace bulwark
