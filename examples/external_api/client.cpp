#include "external_api/client.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <stdexcept>
#include <utility>

namespace external_api {

namespace {

double seconds_since_1970(bulwark::wall_time at) {
  return std::chrono::duration<double>{at.time_since_epoch()}.count();
}

double now() {
  return seconds_since_1970(
    std::chrono::time_point_cast<std::chrono::microseconds>(
      std::chrono::system_clock::now()));
}

size_t size_of(const api_answer& answer) {
  auto bytes = sizeof(answer) + answer.data.size();
  for (const auto& [name, value] : answer.params)
    bytes += name.size() + value.size();
  return bytes;
}

std::string target_of(const std::string& endpoint, const parameters& params) {
  auto result = endpoint;
  for (const auto& [name, value] : params)
    result += (result == endpoint ? "?" : "&") + name + "=" + value;
  return result;
}

bulwark::duration rest_of(const bulwark::http_reply& reply) {
  std::string field{reply.field("retry-after")};
  auto digits = field.find_first_not_of("0123456789") == std::string::npos;
  if (field.empty() || field.size() > 5 || !digits)
    return std::chrono::seconds{1};
  return std::chrono::seconds{std::stoi(field)};
}

} // namespace

client::client(std::string host, uint16_t port,
               const bulwark::guard_options& options,
               bulwark::guard_hooks hooks)
  : http_(std::move(host), port),
    breaker_("external_api", options, std::move(hooks)),
    fallback_cache_({}, size_of) {}

api_answer client::request(const std::string& endpoint,
                           const parameters& params, bulwark::attempt& made) {
  auto reply =
    http_.request("GET", target_of(endpoint, params), "", made.left());
  if (reply.status == 503)
    made.busy(rest_of(reply));
  // That this page is not there says nothing about the service.
  if (reply.status >= 400 && reply.status < 500)
    made.ignore();
  if (reply.status != 200)
    throw std::runtime_error("API service unavailable");
  return {.data = nlohmann::json::parse(reply.body).at("data"),
          .timestamp = now(),
          .params = params};
}

api_answer client::make_api_call(const std::string& endpoint,
                                 const parameters& params) {
  auto content = target_of(endpoint, params);
  bulwark::fallback<api_answer> instead{
    &fallback_cache_, content, [&](const std::exception_ptr&) {
      return api_answer{.data = "Fallback response for " + endpoint,
                        .timestamp = now(),
                        .fallback = true};
    }};
  auto [answer, report] = breaker_.call_or(
    [&](bulwark::attempt& made) { return request(endpoint, params, made); },
    instead);
  answer.from_cache = report.from_cache;
  if (report.cache_timestamp)
    answer.cache_timestamp = seconds_since_1970(*report.cache_timestamp);
  return answer;
}

} // namespace external_api
