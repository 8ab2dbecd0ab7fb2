#include "demo/health_poll.hpp"

#include <bulwark/http/client.hpp>

#include <nlohmann/json.hpp>

#include <thread>

namespace storefront {

namespace {

constexpr std::chrono::milliseconds poll_pause{50};
constexpr std::chrono::seconds health_timeout{1};

bool is_up(bulwark::http_client& client) {
  try {
    auto reply = client.request("GET", "/health", "", health_timeout);
    auto body = nlohmann::json::parse(reply.body, nullptr, false);
    return body.is_object() && body.value("status", "") == "up";
  } catch (const bulwark::http_error&) {
    return false;
  }
}

} // namespace

bool poll_until_up(uint16_t port, bulwark::time_point deadline) {
  bulwark::http_client client{"127.0.0.1", port};
  while (!is_up(client)) {
    if (std::chrono::steady_clock::now() > deadline)
      return false;
    std::this_thread::sleep_for(poll_pause);
  }
  return true;
}

} // namespace storefront
