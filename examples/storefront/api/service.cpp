#include "api/service.hpp"

#include "api/error.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace storefront {

namespace {

constexpr size_t request_id_max = 128;

bool is_id_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
         || (c >= '0' && c <= '9')
         || std::string_view{"._:-"}.find(c) != std::string_view::npos;
}

} // namespace

api_reply api_service::handle(const api_call& call) {
  try {
    input in{call.body};
    return {200, answer(in, request_id_of(call, in))};
  } catch (const api_error& e) {
    return refusal(e);
  }
}

api_reply refusal(const api_error& error) {
  nlohmann::json body{{"error", error.what()}};
  if (!error.field().empty())
    body["field"] = error.field();
  return {error.status(), body.dump()};
}

std::string request_id_of(const api_call& call, const input& in) {
  auto id = call.request_id.empty()
              ? in.text_or_empty("request_id", request_id_max)
              : call.request_id;
  if (id.size() > request_id_max
      || !std::all_of(id.begin(), id.end(), is_id_character))
    throw api_error(400, "request_id",
                    "request_id must be at most "
                      + std::to_string(request_id_max)
                      + " letters, digits and . _ : -");
  return id;
}

} // namespace storefront
