#include "demo/customer.hpp"

#include <nlohmann/json.hpp>

#include <thread>

namespace storefront {

namespace {

using clock = std::chrono::steady_clock;

/// Longer than a gate lets a request wait.
constexpr std::chrono::seconds answer_timeout{8};

/// How often one request is sent, at most, and the pause between.
constexpr int attempts_max = 20;
constexpr std::chrono::milliseconds pause{100};

bool is_worth_repeating(const planned_request& request, int status) {
  return request.leaves != effect::none
         && (status == 429 || status == 500 || status == 503 || status == 504);
}

} // namespace

customer::customer(workload plan, std::vector<front_address> fronts,
                   const outage& killed, tally& counts)
  : plan_(std::move(plan)),
    fronts_(std::move(fronts)),
    killed_(killed),
    counts_(counts) {
  for (auto& each : fronts_)
    clients_.emplace_back("127.0.0.1", each.port);
}

void customer::run(int requests, bulwark::duration interval) {
  auto next = clock::now();
  log_in();
  for (int i = 0; i < requests; ++i) {
    std::this_thread::sleep_until(next += interval);
    send(plan_.next());
  }
}

void customer::log_in() {
  planned_request request;
  request.service = "user_authentication";
  request.fields = R"("action":"login","user":")" + plan_.user()
                   + R"(","password":"secret-)" + plan_.user() + "\"";
  auto body = nlohmann::json::parse(send(request).body, nullptr, false);
  if (body.is_object() && body.contains("token"))
    token_ = body["token"].get<std::string>();
}

bulwark::http_reply customer::send(const planned_request& request) {
  bulwark::http_reply reply;
  auto front = choose_front();
  for (int i = 0; i < attempts_max; ++i) {
    if (i > 0)
      std::this_thread::sleep_for(pause);
    try {
      reply = attempt(front, request);
    } catch (const bulwark::http_error& e) {
      if (e.cause() != bulwark::http_failure::cut
          && e.cause() != bulwark::http_failure::refused) {
        counts_.unanswered();
        return reply;
      }
      counts_.cut(killed_.of(fronts_[front].node));
      avoid_own_ = avoid_own_ || front == 0;
      front = (front + 1) % clients_.size();
      continue;
    }
    if (!is_worth_repeating(request, reply.status))
      break;
  }
  note_effect(request, reply.status);
  return reply;
}

size_t customer::choose_front() const {
  return avoid_own_ && killed_.of(fronts_[0].node) ? 1 : 0;
}

bulwark::http_reply customer::attempt(size_t front,
                                      const planned_request& request) {
  counts_.sent();
  bulwark::http_fields fields;
  if (!request.request_id.empty())
    fields.emplace_back("X-Request-Id", request.request_id);
  auto reply =
    clients_[front].request("POST", "/api/" + request.service,
                            body_of(request, token_), answer_timeout, fields);
  counts_.answered(reply);
  return reply;
}

void customer::note_effect(const planned_request& request, int status) {
  if (status < 200 || status > 299)
    return;
  if (request.leaves == effect::order)
    counts_.ordered(request.reference);
  if (request.leaves == effect::payment)
    counts_.paid(request.reference);
}

} // namespace storefront
