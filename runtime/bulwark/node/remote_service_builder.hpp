#pragma once

#include <bulwark/node/service_builder.hpp>

#include <utility>

namespace bulwark {

/// Says how this node calls a service that lives on another node:
/// `node.remote_service("payments").breaker().retry({.attempts = 2})`. Each
/// setter is that of `service_builder`, with its checks.
///
/// Confined to the setup of a node.
class remote_service_builder {
public:
  explicit remote_service_builder(detail::service_declaration& what)
    : its_(what) {}

  remote_service_builder& gate(const gate_options& options) {
    its_.gate(options);
    return *this;
  }

  remote_service_builder& timeout(duration length) {
    its_.timeout(length);
    return *this;
  }

  remote_service_builder& breaker(const breaker_options& options = {}) {
    its_.breaker(options);
    return *this;
  }

  remote_service_builder& retry(const retry_options& options = {},
                                const retry_budget_options& budget = {}) {
    its_.retry(options, budget);
    return *this;
  }

  remote_service_builder& hedge(const hedge_options& options = {}) {
    its_.hedge(options);
    return *this;
  }

  remote_service_builder& last_good(const fallback_options& options = {}) {
    its_.last_good(options);
    return *this;
  }

  remote_service_builder& or_else_do(caf::message_handler make) {
    its_.or_else_do(std::move(make));
    return *this;
  }

  remote_service_builder& or_else_ask(const caf::actor& other) {
    its_.or_else_ask(other);
    return *this;
  }

  template <class... Ts>
  remote_service_builder& or_else(Ts... values) {
    its_.or_else(std::move(values)...);
    return *this;
  }

  template <class... Ts>
  remote_service_builder& idempotent() {
    its_.idempotent<Ts...>();
    return *this;
  }

private:
  service_builder its_;
};

} // namespace bulwark
