#pragma once

#include "api/input.hpp"
#include "api/messages.hpp"
#include "db/orders.hpp"
#include "services/order_request.hpp"

#include <bulwark/calls/call_options.hpp>

#include <caf/actor.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace storefront {

/// A service that orders use: its name and its gate.
struct used_service {
  std::string name;
  caf::actor gate;

  /// What the gate is told about calls that an order cannot do without, unless
  /// that is nothing.
  bulwark::call_options call = {};
};

/// The gates that orders go through.
struct order_services {
  used_service authentication;
  used_service catalog;
  used_service payment;
  used_service email;
  used_service analytics;
  used_service shipping;
};

/// One order on its way: whose it is, what it costs, stored as pending, paid,
/// confirmed, told to those who want to know. Each step may be repeated under
/// the same request id without effect, so an order that was cut short at any
/// point is completed when it is sent again.
///
/// Confined to one actor, which outlives it.
class order_flow : public std::enable_shared_from_this<order_flow> {
public:
  order_flow(caf::event_based_actor* self, const order_services& services,
             order_store& orders, order_request request);

  /// Begins. The promise is fulfilled with the customer's answer: 503 and the
  /// like when a required service cannot be had; 200 with the names of the
  /// optional ones in `degraded` when those cannot.
  caf::typed_response_promise<api_reply> start();

private:
  void authenticate();
  void quote();
  void place(const input& prices);
  void pay();
  void confirm(const input& payment);
  void notify();
  void notify(const used_service& to, const std::string& body);
  void finish();

  void require(const used_service& of, const std::string& body,
               const std::string& request_id,
               std::function<void(const input&)> next);
  void fail(const used_service& of, const caf::error& why);

  caf::event_based_actor* self_;
  const order_services& services_;
  order_store& orders_;
  order_request request_;

  /// The request id under which this order calls other services.
  std::string purpose_;

  caf::typed_response_promise<api_reply> promise_;
  std::string user_;
  order order_;
  std::string tracking_;
  std::vector<std::string> degraded_;
  int open_notices_ = 0;
};

} // namespace storefront
