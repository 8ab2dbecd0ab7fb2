#include <bulwark/admin/detail/event_place.hpp>
#include <bulwark/text/validate_name.hpp>

#include <charconv>

namespace bulwark::detail {

namespace {

bool read_number(std::string_view text, uint64_t& into) {
  auto end = text.data() + text.size();
  auto read = std::from_chars(text.data(), end, into);
  return read.ec == std::errc{} && read.ptr == end;
}

} // namespace

std::string place_text(const event& what) {
  return what.node + "/" + std::to_string(what.boot) + "/"
         + std::to_string(what.sequence);
}

std::optional<event_place> parse_event_place(std::string_view text) {
  auto first = text.find('/');
  auto last = text.rfind('/');
  if (first == std::string_view::npos || first == last)
    return std::nullopt;
  event_place result;
  result.node = text.substr(0, first);
  if (validate_name("node", result.node)
      || !read_number(text.substr(first + 1, last - first - 1), result.boot)
      || !read_number(text.substr(last + 1), result.sequence))
    return std::nullopt;
  return result;
}

} // namespace bulwark::detail
