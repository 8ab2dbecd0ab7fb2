#pragma once

#include <bulwark/events/emitter.hpp>
#include <bulwark/gate/protection.hpp>
#include <bulwark/protection/breaker_metrics.hpp>
#include <bulwark/protection/breaker_notice.hpp>
#include <bulwark/protection/breaker_options.hpp>
#include <bulwark/protection/breaker_sharing.hpp>
#include <bulwark/protection/breaker_state.hpp>

#include <caf/fwd.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace bulwark {

/// The circuit breaker of a service, as one of the protections of its gate:
///
///     auto breaker = std::make_shared<service_breaker>(sys, "payments");
///     gate_settings settings{.service = "payments", .protections = {breaker}};
///
/// It counts attempts of this node's clients: what another node's gate sends
/// was let through by a breaker there. A crash, a hang, a deadline, the loss of
/// a replica or of its node and an error of the service's own are failures;
/// what a limit refuses, what no replica got, and a message that the service
/// does not handle say nothing about it. What it refuses is answered
/// `errc::circuit_open`, with the time of the last failure; `retry_after_of`
/// (call_error.hpp) tells after how long it may be worth another try.
///
/// Safe to call from any thread, while the actor system is there.
class service_breaker final : public protection {
public:
  /// For one gate only. `events` takes one event for each change, in their
  /// order: `breaker_opened`, `breaker_half_opened`, `breaker_closed`.
  /// @throws std::invalid_argument that names the field, if an option is
  /// refused
  /// `sharing`: where `cluster_wide` is set.
  service_breaker(caf::actor_system& sys, const std::string& service,
                  const breaker_options& options = {}, emitter events = {},
                  breaker_sharing sharing = {});
  ~service_breaker() override;

  const breaker_options& options() const noexcept;

  breaker_state state(std::string_view endpoint = {});
  breaker_metrics metrics(std::string_view endpoint = {});

  /// Sets a breaker by hand: closed, which resets it, forced_open, disabled or
  /// metrics_only. Where breakers of several nodes know of each other
  /// forced_open counts for all, until one of them is set to something else.
  /// @throws std::invalid_argument for a state that it finds by itself
  void set(breaker_state to, std::string_view endpoint = {});

  /// What breakers of other nodes have told; and what to tell a node that
  /// connects. Without effect, and empty, where they do not know of each other.
  void heard(const breaker_knowledge& what);
  breaker_knowledge knowledge() const;

  bool needs_exact_times() const noexcept override;
  permission may_go(const call_attempt& what) override;
  void went(uint64_t attempt) noexcept override;
  void ended(uint64_t attempt, const attempt_end& how) noexcept override;
  bool tell() noexcept override;
  time_point tick(time_point now) noexcept override;

private:
  struct parts;

  void emit_news() noexcept;
  permission refuse(const breaker_metrics& of, duration retry_after,
                    time_point now) const;

  std::unique_ptr<parts> its_;
};

} // namespace bulwark
