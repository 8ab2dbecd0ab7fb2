#include "fuzz/compare.hpp"

#include "fuzz/beast_reading.hpp"
#include "fuzz/plain_reading.hpp"

#include <bulwark/http/detail/request_reader.hpp>

#include <algorithm>

namespace bulwark::test {

namespace {

using detail::request_reader;

bool same(const http_request& one, const http_request& other) {
  return one.method == other.method && one.path == other.path
         && one.query == other.query && one.body == other.body
         && one.request_id == other.request_id && one.fields == other.fields;
}

reading read_as_server(const std::string& bytes,
                       const std::function<size_t()>& next_piece) {
  request_reader reader{fuzz_header_max, fuzz_body_max};
  reading result;
  std::string_view rest{bytes};
  while (!rest.empty()) {
    auto piece = rest.substr(0, std::max<size_t>(next_piece(), 1));
    rest.remove_prefix(reader.read(piece));
    if (reader.refused()) {
      result.refused = true;
      return result;
    }
    if (reader.complete()) {
      result.keep_alive.push_back(reader.head().keep_alive);
      result.requests.push_back(reader.take());
      reader.reset();
    }
  }
  return result;
}

} // namespace

comparison compare_readings(const std::string& bytes,
                            const std::function<size_t()>& next_piece) {
  auto server = read_as_server(bytes, next_piece);
  auto plain = read_plainly(bytes, fuzz_header_max, fuzz_body_max);
  comparison result{"", server.requests.size(), server.refused};
  if (server.refused != plain.refused)
    result.difference = server.refused ? "only the server's reader refuses"
                                       : "only the plain reading refuses";
  else if (server.requests.size() != plain.requests.size())
    result.difference = "not as many requests";
  else if (!std::equal(server.requests.begin(), server.requests.end(),
                       plain.requests.begin(), same))
    result.difference = "other requests";
  else if (server.keep_alive != plain.keep_alive)
    result.difference = "other ends of the connection";
  return result;
}

std::string compare_with_beast(const std::string& bytes) {
  auto whole = [&] { return bytes.size(); };
  auto server = read_as_server(bytes, whole);
  auto beast = read_by_beast(bytes, fuzz_body_max);
  if (server.requests.empty() || !beast)
    return "";
  const auto& first = server.requests.front();
  // Beast leaves scheme and host in the target, and adds trailers to fields.
  auto target = first.path;
  if (bytes.find('?') != std::string::npos && !first.query.empty())
    target += '?' + first.query;
  if (first.method != beast->method || first.body != beast->body)
    return "another method or body";
  if (beast->path.starts_with('/') && !beast->path.ends_with('?')
      && beast->path != target)
    return "another target";
  return "";
}

} // namespace bulwark::test
