#include "fuzz/beast_reading.hpp"

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

namespace bulwark::test {

std::optional<http_request> read_by_beast(const std::string& bytes,
                                          size_t body_max) {
  namespace http = boost::beast::http;
  http::request_parser<http::string_body> parser;
  parser.eager(true);
  parser.body_limit(body_max);
  boost::beast::error_code ec;
  parser.put(boost::asio::buffer(bytes), ec);
  if (ec || !parser.is_done())
    return std::nullopt;
  auto& got = parser.get();
  return http_request{.method = std::string{got.method_string()},
                      .path = std::string{got.target()},
                      .body = got.body(),
                      .request_id = std::string{got["X-Request-Id"]}};
}

} // namespace bulwark::test
