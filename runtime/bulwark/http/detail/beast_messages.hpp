#pragma once

#include <bulwark/http/message.hpp>

#include <boost/beast/http.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace bulwark::detail {

// Between Beast's messages and ours. Beast costs seconds to compile: only the
// one file that speaks to it includes this.

using beast_request =
  boost::beast::http::request<boost::beast::http::string_body>;
using beast_response =
  boost::beast::http::response<boost::beast::http::string_body>;

/// What to tell a client whose request could not be read.
struct complaint {
  int status = 0;
  const char* text = "";
};

/// Returns nothing when there is nobody to tell.
inline std::optional<complaint>
complaint_about(boost::system::error_code failure) {
  using boost::beast::http::error;
  if (failure == error::end_of_stream || failure == error::partial_message)
    return std::nullopt;
  if (failure == error::body_limit)
    return complaint{413, "the body is too large"};
  if (failure == error::header_limit || failure == error::buffer_overflow)
    return complaint{431, "the header is too large"};
  if (failure.category() == make_error_code(error::bad_value).category())
    return complaint{400, "not a valid HTTP request"};
  return std::nullopt;
}

/// Splits a target at its first '?'.
inline std::pair<std::string, std::string> split(std::string_view target) {
  auto mark = std::min(target.find('?'), target.size());
  return {std::string{target.substr(0, mark)},
          std::string{target.substr(std::min(mark + 1, target.size()))}};
}

/// Takes the body out of `from` and leaves its header.
inline http_request to_request(beast_request& from) {
  auto [path, query] = split({from.target().data(), from.target().size()});
  return {.method = std::string{from.method_string()},
          .path = std::move(path),
          .query = std::move(query),
          .body = std::move(from.body()),
          .request_id = std::string{from["X-Request-Id"]}};
}

/// The length of the body is told also where the body itself is left out.
inline beast_response to_beast(http_response from, bool keep_alive,
                               bool with_body) {
  using boost::beast::http::field;
  beast_response result;
  result.result(static_cast<unsigned>(from.status));
  result.set(field::content_type, from.content_type);
  if (from.retry_after)
    result.set(field::retry_after, std::to_string(*from.retry_after));
  result.keep_alive(keep_alive);
  result.content_length(from.body.size());
  if (with_body)
    result.body() = std::move(from.body);
  return result;
}

} // namespace bulwark::detail
