#include <bulwark/http/detail/http_text.hpp>
#include <bulwark/http/detail/request_head.hpp>
#include <bulwark/http/detail/request_target.hpp>

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

namespace bulwark::detail {

namespace {

using maybe_refusal = std::optional<refusal>;

/// Fields of which it matters how often they come, and what the first says.
struct counted_field {
  size_t times = 0;
  std::string_view value = {};

  void add(std::string_view next) {
    if (times++ == 0)
      value = next;
  }
};

/// What the fields say, before it is known how that fits together.
struct field_notes {
  counted_field host = {};
  counted_field length = {};
  counted_field coding = {};
  bool close = false;
  bool keep_alive = false;
  bool other_expectation = false;
};

maybe_refusal bad(const char* text) {
  return refusal{400, text};
}

/// @param version becomes the digits after `HTTP/`
maybe_refusal read_start_line(std::string_view line, request_head& into,
                              std::string_view& version) {
  auto first = line.find(' ');
  auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last)
    return bad("not a valid request line");
  auto method = line.substr(0, first);
  auto protocol = line.substr(last + 1);
  if (!is_token(method) || protocol.size() != 8
      || !protocol.starts_with("HTTP/") || !is_number(protocol.substr(5, 1))
      || protocol[6] != '.' || !is_number(protocol.substr(7)))
    return bad("not a valid request line");
  version = protocol.substr(5);
  if (version != "1.0" && version != "1.1")
    return refusal{505, "this version of HTTP is not supported"};
  if (method == "CONNECT")
    return refusal{501, "CONNECT is not supported"};
  auto found = parse_target(method, line.substr(first + 1, last - first - 1));
  if (!found)
    return bad("the request's target is not valid");
  into.method = method;
  into.path = found->path;
  into.query = found->query;
  return std::nullopt;
}

void note_field(std::string_view line, request_head& into, field_notes& notes) {
  auto colon = line.find(':');
  auto name = line.substr(0, colon);
  auto value = trimmed(line.substr(colon + 1));
  into.fields.emplace_back(name, value);
  if (same_word(name, "host")) {
    notes.host.add(value);
  } else if (same_word(name, "content-length")) {
    notes.length.add(value);
  } else if (same_word(name, "transfer-encoding")) {
    notes.coding.add(value);
  } else if (same_word(name, "connection")) {
    notes.close = notes.close || lists(value, "close");
    notes.keep_alive = notes.keep_alive || lists(value, "keep-alive");
  } else if (same_word(name, "expect")) {
    into.expects_continue = true;
    if (!same_word(value, "100-continue"))
      notes.other_expectation = true;
  } else if (same_word(name, "x-request-id") && into.request_id.empty()) {
    into.request_id = value;
  }
}

/// What else than `chunked` alone is the matter with a coding.
refusal refuse_coding(std::string_view value) {
  // Without `chunked` at its end a request has no end: RFC 9112, 6.3.
  auto last = trimmed(value.substr(value.find_last_of(',') + 1));
  if (!same_word(last, "chunked"))
    return {400, "the transfer encoding does not end with chunked"};
  for (auto rest = value.substr(0, value.find_last_of(','));;) {
    auto each = take_element(rest);
    if (!is_token(each) || same_word(each, "chunked"))
      return {400, "the transfer encoding is not valid"};
    if (rest.empty())
      return {501, "the transfer encoding is not supported"};
  }
}

maybe_refusal read_framing(const field_notes& notes, bool http_1_1,
                           request_head& into) {
  if (notes.coding.times > 0) {
    if (!http_1_1)
      return bad("HTTP/1.0 has no transfer encodings");
    if (notes.coding.times > 1)
      return bad("there is more than one transfer encoding");
    if (notes.length.times > 0)
      return bad("there are a length and a transfer encoding");
    if (!same_word(notes.coding.value, "chunked"))
      return refuse_coding(notes.coding.value);
    into.chunked = true;
    return std::nullopt;
  }
  if (notes.length.times == 0)
    return std::nullopt;
  auto digits = notes.length.value;
  if (notes.length.times > 1 || !is_number(digits))
    return bad("the content length is not valid");
  auto parsed =
    std::from_chars(digits.data(), digits.data() + digits.size(), into.length);
  if (parsed.ec != std::errc{})
    into.length = std::numeric_limits<uint64_t>::max();
  return std::nullopt;
}

maybe_refusal read_head(std::string_view text, request_head& into) {
  std::string_view version;
  if (auto no = read_start_line(take_line(text), into, version))
    return no;
  field_notes notes;
  while (!text.empty()) {
    auto line = take_line(text);
    if (!is_field(line))
      return bad("a header field is not valid");
    note_field(line, into, notes);
  }
  bool http_1_1 = version == "1.1";
  if (notes.host.times > 1 || (http_1_1 && notes.host.times == 0)
      || !is_authority(notes.host.value))
    return bad("there must be one valid Host");
  if (auto no = read_framing(notes, http_1_1, into))
    return no;
  if (notes.other_expectation)
    return refusal{417, "only 100-continue may be expected"};
  into.keep_alive = !notes.close && (http_1_1 || notes.keep_alive);
  into.expects_continue =
    into.expects_continue && http_1_1 && (into.chunked || into.length > 0);
  return std::nullopt;
}

} // namespace

std::variant<request_head, refusal> parse_request_head(std::string_view text) {
  request_head result;
  if (auto no = read_head(text, result))
    return *no;
  return result;
}

} // namespace bulwark::detail
