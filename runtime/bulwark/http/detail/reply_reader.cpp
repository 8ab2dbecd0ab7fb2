#include <bulwark/http/detail/http_text.hpp>
#include <bulwark/http/detail/reply_reader.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace bulwark::detail {

namespace {

constexpr int interim_max = 16;
constexpr size_t header_max = 16 * 1024;
constexpr size_t body_max = 1024 * 1024;

[[noreturn]] void malformed(const char* text) {
  throw http_error(http_failure::malformed, text);
}

int parse_status(std::string_view text) {
  int result = 0;
  if (is_number(text))
    std::from_chars(text.data(), text.data() + text.size(), result);
  if (result < 100 || result > 599)
    malformed("the answer's status is malformed");
  return result;
}

/// Returns nothing if the body ends with the connection.
std::optional<size_t> body_size(const http_reply& reply) {
  std::optional<size_t> result;
  for (auto& [name, value] : reply.fields) {
    if (name != "content-length")
      continue;
    size_t size = 0;
    auto parsed =
      std::from_chars(value.data(), value.data() + value.size(), size);
    if (result || !is_number(value) || parsed.ec != std::errc{})
      malformed("the answer's length is malformed");
    if (size > body_max)
      malformed("the answer's body is too large");
    result = size;
  }
  return result;
}

std::pair<std::string, std::string> parse_field(std::string_view line) {
  if (!is_field(line))
    malformed("a field of the answer is malformed");
  auto colon = line.find(':');
  std::string name{line.substr(0, colon)};
  for (auto& c : name)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return {std::move(name), std::string{trimmed(line.substr(colon + 1))}};
}

bool ends_connection(std::string_view header, const http_reply& reply) {
  return !header.starts_with("HTTP/1.1")
         || std::any_of(
           reply.fields.begin(), reply.fields.end(), [](auto& field) {
             return field.first == "connection" && lists(field.second, "close");
           });
}

} // namespace

http_reply parse_reply_header(std::string_view header) {
  auto start = take_line(header);
  if (!start.starts_with("HTTP/1.") || start.size() < 12 || start[8] != ' '
      || (start.size() > 12 && start[12] != ' ') || !is_value(start))
    malformed("the answer is not HTTP");
  http_reply reply;
  reply.status = parse_status(start.substr(9, 3));
  while (!header.empty())
    reply.fields.push_back(parse_field(take_line(header)));
  return reply;
}

http_reply reply_reader::next(time_point deadline, bool to_head) {
  for (int skipped = 0; skipped <= interim_max; ++skipped) {
    auto header = take_header(deadline);
    auto reply = parse_reply_header(header);
    // Nobody asked for another protocol.
    if (reply.status == 101)
      malformed("the answer switches protocols");
    if (reply.status < 200)
      continue;
    at_end_ = ends_connection(header, reply);
    if (!to_head && reply.status != 204 && reply.status != 304)
      take_body(reply, deadline);
    return reply;
  }
  malformed("there are too many interim answers");
}

bool reply_reader::fill(time_point deadline) {
  std::array<char, 4096> chunk;
  auto came = from_.receive(chunk, deadline);
  ahead_.append(chunk.data(), came);
  return came > 0;
}

std::string reply_reader::take_header(time_point deadline) {
  size_t end = 0;
  while ((end = ahead_.find("\r\n\r\n")) == std::string::npos) {
    if (ahead_.size() > header_max)
      malformed("the answer's header is too large");
    if (!fill(deadline))
      throw http_error(http_failure::cut, "the connection was closed");
  }
  auto header = ahead_.substr(0, end);
  ahead_.erase(0, end + 4);
  return header;
}

void reply_reader::take_body(http_reply& reply, time_point deadline) {
  auto coded =
    std::any_of(reply.fields.begin(), reply.fields.end(),
                [](auto& field) { return field.first == "transfer-encoding"; });
  if (coded)
    malformed("the answer's transfer encoding is not supported");
  auto size = body_size(reply);
  while (!size || ahead_.size() < *size) {
    if (ahead_.size() > body_max)
      malformed("the answer's body is too large");
    if (fill(deadline))
      continue;
    if (size)
      throw http_error(http_failure::cut, "the connection was closed");
    size = ahead_.size();
    at_end_ = true;
  }
  reply.body = ahead_.substr(0, *size);
  ahead_.erase(0, *size);
}

} // namespace bulwark::detail
