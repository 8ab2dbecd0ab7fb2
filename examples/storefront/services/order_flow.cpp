#include "services/order_flow.hpp"

#include "api/error.hpp"
#include "api/service.hpp"
#include "db/secret.hpp"
#include "services/gate_error.hpp"
#include "services/unix_time.hpp"

#include <bulwark/calls/call_options.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace storefront {

using nlohmann::json;

namespace {

/// How long an order waits for what it can do without.
constexpr std::chrono::seconds optional_timeout{1};

} // namespace

order_flow::order_flow(caf::event_based_actor* self,
                       const order_services& services, order_store& orders,
                       order_request request)
  : self_(self),
    services_(services),
    orders_(orders),
    request_(std::move(request)),
    purpose_("order:" + digest(request_.request_id)) {}

caf::typed_response_promise<api_reply> order_flow::start() {
  promise_ = self_->make_response_promise<api_reply>();
  authenticate();
  return promise_;
}

void order_flow::authenticate() {
  json body{{"action", "verify"}, {"token", request_.token}};
  require(services_.authentication, body.dump(), "", [this](const input& in) {
    user_ = in.text("user", 64);
    quote();
  });
}

void order_flow::quote() {
  require(services_.catalog, request_.quote, "",
          [this](const input& in) { place(in); });
}

void order_flow::place(const input& prices) {
  new_order fresh{
    request_.request_id, user_, request_.fingerprint, request_.reference, {}};
  for (auto& each : prices.objects("items", 50))
    fresh.lines.push_back({each.number("product_id", 1, INT64_MAX),
                           each.number("quantity", 1, 1000),
                           each.number("price_cents", 1, INT64_MAX)});
  order_ = orders_.place(fresh, unix_now());
  if (order_.user != user_ || order_.fingerprint != request_.fingerprint)
    throw api_error(400, "request_id", "request_id was used for another order");
  order_.payment_id ? notify() : pay();
}

void order_flow::pay() {
  json body{{"action", "charge"},
            {"user", user_},
            {"amount_cents", order_.total_cents},
            {"card", request_.card},
            {"reference", request_.reference}};
  require(services_.payment, body.dump(), purpose_,
          [this](const input& in) { confirm(in); });
}

void order_flow::confirm(const input& payment) {
  order_.payment_id = payment.number("payment_id", 1, INT64_MAX);
  orders_.confirm(order_.id, *order_.payment_id);
  notify();
}

void order_flow::notify() {
  auto number = std::to_string(order_.id);
  open_notices_ = 3;
  notify(services_.email,
         json{{"action", "send"},
              {"to", user_ + "@example.org"},
              {"subject", "Your order " + number},
              {"text", "Thank you. We are packing order " + number + "."}}
           .dump());
  notify(services_.analytics, json{{"action", "record"},
                                   {"order_id", order_.id},
                                   {"user", user_},
                                   {"total_cents", order_.total_cents}}
                                .dump());
  notify(services_.shipping,
         json{{"action", "ship"}, {"order_id", order_.id}}.dump());
}

void order_flow::notify(const used_service& to, const std::string& body) {
  auto done = [this, self = shared_from_this(), &to](const api_reply& reply) {
    if (reply.status != 200)
      degraded_.push_back(to.name);
    else if (&to == &services_.shipping)
      tracking_ = input{reply.body}.text_or_empty("tracking", 128);
    if (--open_notices_ == 0)
      finish();
  };
  self_->request(to.gate, optional_timeout, api_call{body, purpose_})
    .then(done, [done](const caf::error& why) {
      done({status_of(why), {}});
    });
}

void order_flow::finish() {
  json body{{"order_id", order_.id},
            {"total_cents", order_.total_cents},
            {"payment_id", *order_.payment_id}};
  if (!tracking_.empty())
    body["tracking"] = tracking_;
  if (!degraded_.empty()) {
    std::sort(degraded_.begin(), degraded_.end());
    body["degraded"] = degraded_;
  }
  promise_.deliver(api_reply{200, body.dump()});
}

void order_flow::require(const used_service& of, const std::string& body,
                         const std::string& request_id,
                         std::function<void(const input&)> next) {
  auto self = shared_from_this();
  auto call = caf::make_message(api_call{body, request_id});
  if (of.call != bulwark::call_options{})
    call = caf::message::concat(caf::make_message(of.call), call);
  self_->request(of.gate, caf::infinite, call)
    .then(
      [this, self, next](const api_reply& reply) {
        try {
          if (reply.status == 200)
            next(input{reply.body});
          else
            promise_.deliver(reply);
        } catch (const api_error& e) {
          promise_.deliver(refusal(e));
        }
      },
      [this, self, &of](const caf::error& why) { fail(of, why); });
}

void order_flow::fail(const used_service& of, const caf::error& why) {
  json body{{"error", words_for(why, of.name)}, {"failed_service", of.name}};
  promise_.deliver(api_reply{status_of(why), body.dump()});
}

} // namespace storefront
