#include <bulwark/protection/detail/attempt_tickets.hpp>
#include <bulwark/protection/detail/breaker_event.hpp>
#include <bulwark/protection/detail/breaker_group.hpp>
#include <bulwark/protection/detail/error_outcome.hpp>
#include <bulwark/protection/detail/shared_breaker.hpp>
#include <bulwark/protection/detail/wall_now.hpp>
#include <bulwark/protection/service_breaker.hpp>

#include <caf/actor_clock.hpp>
#include <caf/actor_system.hpp>

#include <atomic>
#include <stdexcept>
#include <utility>

namespace bulwark {

namespace {

const breaker_options& checked_breaker(const std::string& service,
                                       const breaker_options& options) {
  if (auto complaint = validate(options))
    throw std::invalid_argument{"service " + service + ": " + *complaint};
  return options;
}

/// An error that is none of ours is the service's own.
call_outcome outcome_of_end(const attempt_end& end) {
  switch (end.how) {
  case attempt_outcome::never_went:
    return call_outcome::ignored;
  case attempt_outcome::value:
    return call_outcome::success;
  case attempt_outcome::error:
  case attempt_outcome::failed:
    break;
  }
  return end.code == errc{} ? call_outcome::failure : outcome_of(end.code);
}

} // namespace

struct service_breaker::parts {
  caf::actor_system& sys;
  const std::string component;
  const emitter events;
  detail::breaker_group breakers;
  detail::attempt_tickets tickets;

  /// Null: it knows of no others.
  std::unique_ptr<detail::shared_breaker> shared;

  /// It was told of a change, and the gate was not.
  std::atomic<bool> changed{false};

  time_point now() const { return sys.clock().now(); }
};

service_breaker::service_breaker(caf::actor_system& sys,
                                 const std::string& service,
                                 const breaker_options& options, emitter events,
                                 breaker_sharing sharing)
  : its_(new parts{sys,
                   "/root/" + service,
                   std::move(events),
                   {service, checked_breaker(service, options)},
                   {},
                   {}}) {
  if (options.cluster_wide && sharing.tell)
    its_->shared = std::make_unique<detail::shared_breaker>(std::move(sharing));
}

service_breaker::~service_breaker() = default;

const breaker_options& service_breaker::options() const noexcept {
  return its_->breakers.options();
}

breaker_state service_breaker::state(std::string_view endpoint) {
  return metrics(endpoint).state;
}

breaker_metrics service_breaker::metrics(std::string_view endpoint) {
  auto result = its_->breakers.metrics(endpoint, its_->now());
  emit_news();
  return result;
}

void service_breaker::set(breaker_state to, std::string_view endpoint) {
  its_->breakers.set(to, endpoint, its_->now());
  emit_news();
  if (its_->shared && endpoint.empty())
    its_->shared->ordered(to == breaker_state::forced_open);
}

void service_breaker::heard(const breaker_knowledge& what) {
  if (!its_->shared)
    return;
  its_->shared->heard(what, its_->breakers, its_->now());
  emit_news();
}

breaker_knowledge service_breaker::knowledge() const {
  return its_->shared ? its_->shared->knowledge() : breaker_knowledge{};
}

/// A tick more or less does not matter to what is slow by seconds.
bool service_breaker::needs_exact_times() const noexcept {
  return options().slow_call < std::chrono::milliseconds{100};
}

permission service_breaker::may_go(const call_attempt& what) {
  auto& ticket = its_->tickets.of(what.id);
  ticket.by = nullptr;
  if (what.from_peer)
    return permission::yes();
  // Most calls are for no endpoint.
  if (!what.endpoint.empty() || !ticket.endpoint.empty())
    ticket.endpoint = what.endpoint;
  auto verdict = its_->breakers.admit(what.endpoint, what.now);
  if (!verdict.said.admitted)
    return refuse(verdict.by->metrics(what.now), verdict.said.retry_after,
                  what.now);
  ticket.by = verdict.by;
  ticket.ticket = verdict.said.ticket;
  return permission::yes();
}

permission service_breaker::refuse(const breaker_metrics& of,
                                   duration retry_after, time_point now) const {
  auto failed =
    detail::last_failure_of(of, now, detail::wall_now(its_->events));
  // Nobody knows when an operator will allow it.
  auto known =
    retry_after == breaker_verdict::never ? duration::zero() : retry_after;
  return permission::no(errc::circuit_open, detail::open_text(failed), known);
}

void service_breaker::went(uint64_t) noexcept {}

void service_breaker::ended(uint64_t attempt, const attempt_end& how) noexcept {
  try {
    auto& ticket = its_->tickets.of(attempt);
    if (auto* by = std::exchange(ticket.by, nullptr))
      its_->breakers.record(
        *by, ticket.endpoint, ticket.ticket,
        {.how = outcome_of_end(how), .took = how.took, .busy = how.busy},
        how.at);
  } catch (...) {
    // Out of memory: the change has happened, and nobody hears of it.
  }
}

bool service_breaker::tell() noexcept {
  emit_news();
  return its_->changed.load(std::memory_order_acquire)
         && its_->changed.exchange(false);
}

void service_breaker::emit_news() noexcept {
  if (!its_->breakers.any_news())
    return;
  try {
    auto any =
      its_->breakers.tell([this](const detail::breaker_group::news& what) {
        if (its_->events.heard())
          its_->events.emit(
            event_of(its_->component, what.endpoint, what.change));
        if (its_->shared && what.endpoint.empty())
          its_->shared->changed(what.change);
      });
    if (any)
      its_->changed.store(true, std::memory_order_release);
  } catch (...) {
    // As above.
  }
}

time_point service_breaker::tick(time_point now) noexcept {
  auto result = time_point::max();
  try {
    result = its_->breakers.tick(now);
  } catch (...) {
    // As above.
  }
  emit_news();
  return result;
}

} // namespace bulwark
