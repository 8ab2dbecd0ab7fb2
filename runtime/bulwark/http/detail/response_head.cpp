#include <bulwark/http/detail/http_text.hpp>
#include <bulwark/http/detail/response_head.hpp>

#include <boost/beast/http/status.hpp>

namespace bulwark::detail {

namespace {

bool may_have_body(int status) {
  return status != 204 && status != 304;
}

void add_field(std::string& to, std::string_view name, std::string_view value) {
  to.append(name).append(": ").append(value).append("\r\n");
}

} // namespace

std::string fault_of(const http_response& response) {
  if (response.status < 200 || response.status > 599)
    return "the answer's status is " + std::to_string(response.status)
           + "; it must be within 200 and 599";
  if (!is_value(response.content_type) || !is_value(response.allow))
    return "a field of the answer has a control character";
  for (const auto& [name, value] : response.fields)
    if (!is_token(name) || !is_value(value))
      return "a field of the answer has a name or a value that HTTP does not "
             "allow";
  return "";
}

bool has_body(const http_response& response,
              response_context context) noexcept {
  return !context.to_head && may_have_body(response.status);
}

std::string response_head(const http_response& response,
                          response_context context) {
  using boost::beast::http::obsolete_reason;
  auto reason =
    obsolete_reason(static_cast<boost::beast::http::status>(response.status));
  std::string text = "HTTP/1.1 " + std::to_string(response.status) + ' ';
  text.append(reason.data(), reason.size()).append("\r\n");
  // The length is told to HEAD as well: RFC 9110, 8.6.
  if (may_have_body(response.status)) {
    add_field(text, "Content-Type", response.content_type);
    if (!response.stream)
      add_field(text, "Content-Length", std::to_string(response.body.size()));
  }
  if (!response.allow.empty())
    add_field(text, "Allow", response.allow);
  if (response.retry_after)
    add_field(text, "Retry-After", std::to_string(*response.retry_after));
  for (const auto& [name, value] : response.fields)
    add_field(text, name, value);
  if (!context.keep_alive)
    add_field(text, "Connection", "close");
  return text + "\r\n";
}

} // namespace bulwark::detail
