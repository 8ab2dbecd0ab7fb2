#include <bulwark/http/detail/reply_reader.hpp>

#include <array>
#include <charconv>
#include <optional>

namespace bulwark::detail {

namespace {

constexpr size_t header_max = 16 * 1024;
constexpr size_t body_max = 1024 * 1024;

[[noreturn]] void malformed(const char* text) {
  throw http_error(http_failure::malformed, text);
}

template <class Number>
Number number(std::string_view text) {
  Number result{};
  auto parsed = std::from_chars(text.data(), text.data() + text.size(), result);
  if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size())
    malformed("a number in the answer's header is malformed");
  return result;
}

/// Cuts the first line off `text`.
std::string_view take_line(std::string_view& text) {
  auto line = text.substr(0, text.find("\r\n"));
  text.remove_prefix(std::min(text.size(), line.size() + 2));
  return line;
}

std::pair<std::string, std::string> parse_field(std::string_view line) {
  auto colon = line.find(':');
  if (colon == std::string_view::npos)
    malformed("a field of the answer has no colon");
  std::string name{line.substr(0, colon)};
  for (auto& c : name)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  auto value = line.substr(colon + 1);
  value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
  return {std::move(name), std::string{value}};
}

} // namespace

http_reply parse_reply_header(std::string_view header) {
  auto start = take_line(header);
  if (!start.starts_with("HTTP/1.") || start.size() < 12)
    malformed("the answer is not HTTP");
  http_reply reply;
  reply.status = number<int>(start.substr(9, 3));
  while (!header.empty())
    reply.fields.push_back(parse_field(take_line(header)));
  return reply;
}

http_reply reply_reader::next(time_point deadline) {
  auto reply = parse_reply_header(take_header(deadline));
  if (reply.status == 100)
    return next(deadline);
  if (reply.field("connection") == "close")
    at_end_ = true;
  take_body(reply, deadline);
  return reply;
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
  if (!reply.field("transfer-encoding").empty())
    malformed("the answer's transfer encoding is not supported");
  std::optional<size_t> size;
  if (auto text = reply.field("content-length"); !text.empty())
    size = number<size_t>(text);
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
