#include "front/answer.hpp"

#include "front/route.hpp"

#include <nlohmann/json.hpp>

namespace storefront {

using nlohmann::json;

namespace {

/// What to tell a customer who is turned away, in seconds.
constexpr unsigned retry_after = 1;

const char* word(int status) {
  switch (status) {
  case 404:
    return "not_found";
  case 429:
    return "resource_exhausted";
  case 500:
    return "service_error";
  case 503:
    return "unavailable";
  case 504:
    return "timed_out";
  default:
    return status < 300 ? "success" : "bad_request";
  }
}

bulwark::http_response respond(int status, const json& body) {
  // Error texts may quote bytes that are not UTF-8.
  auto text = body.dump(-1, ' ', false, json::error_handler_t::replace);
  bulwark::http_response result{.status = status, .body = std::move(text)};
  if (status == 429 || status == 503)
    result.retry_after = retry_after;
  return result;
}

} // namespace

bulwark::http_response to_response(const std::string& service,
                                   const api_reply& reply,
                                   bulwark::duration processing_time) {
  auto body = json::parse(reply.body, nullptr, false);
  if (!body.is_object())
    body = {{"error", "the service's answer is malformed"}};
  body["status"] = word(reply.status);
  body["processing_time"] =
    std::chrono::duration<double>(processing_time).count();
  body["service"] = service;
  return respond(reply.status, body);
}

bulwark::http_response error_response(int status, std::string_view text,
                                      std::string_view path) {
  json body{
    {"status", word(status)}, {"error", text}, {"processing_time", 0.0}};
  auto service = find_route("POST", path, "", false).service;
  if (!service.empty())
    body["service"] = service;
  return respond(status, body);
}

bulwark::http_response wrong_method_response(const std::string& allow) {
  auto result = error_response(405, "this page takes another method");
  result.allow = allow;
  return result;
}

std::string error_body(const std::string& text) {
  return json{{"error", text}}.dump(-1, ' ', false,
                                    json::error_handler_t::replace);
}

} // namespace storefront
