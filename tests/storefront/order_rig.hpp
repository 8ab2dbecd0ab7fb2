#pragma once

#include "services/analytics.hpp"
#include "services/catalog.hpp"
#include "services/email.hpp"
#include "services/order_actor.hpp"
#include "services/payment.hpp"
#include "services/service_actor.hpp"
#include "services/shipping.hpp"
#include "temp_folder.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <atomic>
#include <functional>
#include <string>

namespace storefront::test {

/// A service that gives one answer to everything.
class fixed_answer : public api_service {
public:
  explicit fixed_answer(std::string text) : text_(std::move(text)) {}

protected:
  std::string answer(const input&, const std::string&) override {
    return text_;
  }

private:
  std::string text_;
};

/// The orders' actor over a database of its own, and the services it uses:
/// real ones where rows are written, fixed answers elsewhere. Tests replace
/// them in `services` before `start`.
struct order_rig {
  order_rig() {
    services.authentication = {"user_authentication",
                               fixed(R"({"user":"ann"})")};
    services.catalog = {"product_catalog", real<catalog>("catalog.db")};
    services.payment = {"payment_processing", real<payment>("payments.db")};
    services.email = {"email_notifications", real<email>("outbox.db")};
    services.analytics = {"analytics_reporting", real<analytics>("sales.db")};
    services.shipping = {"third_party_apis",
                         fixed(R"({"tracking":"T1","days":2})")};
  }

  ~order_rig() {
    for (auto& each : started)
      caf::anon_send_exit(each, caf::exit_reason::kill);
  }

  caf::actor keep(caf::actor fresh) {
    started.push_back(fresh);
    return fresh;
  }

  caf::actor spawn(service_factory make) {
    return keep(sys.spawn(service_actor, std::move(make), false));
  }

  caf::actor fixed(const std::string& text) {
    return spawn([text] { return std::make_unique<fixed_answer>(text); });
  }

  template <class Service>
  caf::actor real(const std::string& file) {
    return spawn(
      [owner = folder.own(file)] { return std::make_unique<Service>(owner); });
  }

  /// Starts an incarnation of the orders' actor.
  caf::actor start() {
    return keep(sys.spawn(order_actor, orders_file, services, false));
  }

  /// Returns the answer, or status 0 when the actor died without one.
  api_reply ask(const caf::actor& orders, const api_call& call) {
    caf::scoped_actor self{sys};
    api_reply result{0, ""};
    self->monitor(orders);
    self->send(orders, call);
    self->receive([&](api_reply& reply) { result = std::move(reply); },
                  [](const caf::down_msg&) {});
    return result;
  }

  /// Runs a `select count(*)` with one text parameter.
  int64_t count(const std::string& file, const char* sql,
                const std::string& value) const {
    SQLite::Database db{(folder.path() / file).string()};
    return number(db, sql, value);
  }

  temp_folder folder;
  caf::actor_system_config cfg;
  caf::actor_system sys{cfg};
  database orders_file = folder.own("orders.db");
  order_services services;
  std::vector<caf::actor> started;
};

inline std::string order_body(const std::string& reference = "mine",
                              int quantity = 2) {
  return R"({"token":"t","card":"4242424242424242","reference":")" + reference
         + R"(","items":[{"product_id":1,"quantity":)"
         + std::to_string(quantity) + "}]}";
}

} // namespace storefront::test
