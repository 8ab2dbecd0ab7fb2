#include "demo/probe.hpp"

#include <nlohmann/json.hpp>

#include <map>

namespace storefront {

namespace {

constexpr std::chrono::seconds crash_timeout{8};

/// The fields of a harmless request to each service.
const std::map<std::string, const char*> fields{
  {"user_authentication", R"("action":"verify")"},
  {"payment_processing",
   R"("action":"charge","user":"customer01","amount_cents":100,)"
   R"("card":"4242424242424242","reference":"probe-payment")"},
  {"product_catalog", R"("action":"get","product_id":1)"},
  {"order_management", R"("card":"4242424242424242","reference":"probe-order",)"
                       R"("items":[{"product_id":1,"quantity":1}])"},
  {"analytics_reporting", R"("action":"report")"},
  {"email_notifications", R"("action":"send","to":"probe@example.org",)"
                          R"("subject":"probe","text":"probe")"},
  {"third_party_apis", R"("action":"ship","order_id":1)"},
};

constexpr auto login = R"({"action":"login","user":"customer01",)"
                       R"("password":"secret-customer01"})";

} // namespace

probe::probe(front_address front, const outage& killed, tally& counts)
  : front_(std::move(front)),
    killed_(killed),
    counts_(counts),
    client_("127.0.0.1", front_.port) {}

int probe::ask(const std::string& service, bulwark::duration timeout) {
  bool needs_token =
    service == "user_authentication" || service == "order_management";
  if (needs_token && token_.empty())
    post("/api/user_authentication", login, "", timeout);
  auto body = "{" + std::string{fields.at(service)}
              + (needs_token ? R"(,"token":")" + token_ + "\"" : "") + "}";
  return post("/api/" + service, body, "probe-" + service, timeout);
}

bool probe::crash(const std::string& service) {
  return post("/chaos/crash?service=" + service, "", "", crash_timeout) == 200;
}

int probe::post(const std::string& target, const std::string& body,
                const std::string& request_id, bulwark::duration timeout) {
  counts_.sent();
  try {
    bulwark::http_fields headers;
    if (!request_id.empty())
      headers.emplace_back("X-Request-Id", request_id);
    auto reply = client_.request("POST", target, body, timeout, headers);
    counts_.answered(reply);
    auto answer = nlohmann::json::parse(reply.body, nullptr, false);
    if (body == login && answer.is_object() && answer.contains("token"))
      token_ = answer["token"].get<std::string>();
    return reply.status;
  } catch (const bulwark::http_error& e) {
    if (e.cause() == bulwark::http_failure::timed_out
        || e.cause() == bulwark::http_failure::malformed)
      counts_.unanswered();
    else
      counts_.cut(killed_.of(front_.node));
    return 0;
  }
}

} // namespace storefront
