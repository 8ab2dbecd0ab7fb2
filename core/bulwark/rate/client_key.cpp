#include <bulwark/rate/client_key.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace bulwark {

namespace {

constexpr auto none = std::string_view::npos;

/// The groups of an IPv6 address, 16 bits each.
using ipv6 = std::array<uint16_t, 8>;

/// Groups that follow each other.
struct run {
  ipv6 groups{};
  size_t size = 0;

  bool add(unsigned group) {
    if (size == groups.size())
      return false;
    groups[size++] = static_cast<uint16_t>(group);
    return true;
  }
};

/// Reads a number of 1 to `digits_max` digits and nothing else.
std::optional<unsigned> number(std::string_view text, int base,
                               size_t digits_max) {
  unsigned result = 0;
  const auto* end = text.data() + text.size();
  if (text.empty() || text.size() > digits_max
      || std::from_chars(text.data(), end, result, base).ptr != end)
    return std::nullopt;
  return result;
}

/// Reads what the last 32 bits may be written as.
bool read_ipv4(std::string_view text, run& to) {
  std::array<unsigned, 4> bytes{};
  for (auto& each : bytes) {
    auto dot = text.find('.');
    auto byte = number(text.substr(0, dot), 10, 3);
    if (!byte || *byte > 255 || (dot == none) != (&each == &bytes.back()))
      return false;
    each = *byte;
    text.remove_prefix(dot == none ? text.size() : dot + 1);
  }
  return to.add(bytes[0] << 8 | bytes[1]) && to.add(bytes[2] << 8 | bytes[3]);
}

/// Reads groups with a colon between each two.
bool read_groups(std::string_view text, run& to) {
  if (text.empty())
    return true;
  while (true) {
    auto colon = text.find(':');
    auto group = text.substr(0, colon);
    if (colon == none && group.find('.') != none)
      return read_ipv4(group, to);
    auto value = number(group, 16, 4);
    if (!value || !to.add(*value))
      return false;
    if (colon == none)
      return true;
    text.remove_prefix(colon + 1);
  }
}

std::optional<ipv6> parse_ipv6(std::string_view text) {
  run head;
  run tail;
  auto gap = text.find("::");
  // Dots come last.
  if (gap != none && text.find('.') < gap)
    return std::nullopt;
  if (!read_groups(text.substr(0, gap), head))
    return std::nullopt;
  if (gap == none)
    return head.size == 8 ? std::optional{head.groups} : std::nullopt;
  // The gap stands for one group or more.
  if (!read_groups(text.substr(gap + 2), tail) || head.size + tail.size > 7)
    return std::nullopt;
  std::copy_backward(tail.groups.begin(), tail.groups.begin() + tail.size,
                     head.groups.end());
  return head.groups;
}

bool holds_ipv4(const ipv6& address) {
  return std::all_of(address.begin(), address.begin() + 5,
                     [](auto group) { return group == 0; })
         && address[5] == 0xffff;
}

std::string ipv4_of(const ipv6& address) {
  std::string result;
  for (auto group : {address[6], address[7]})
    for (auto byte : {group >> 8, group & 255})
      result += (result.empty() ? "" : ".") + std::to_string(byte);
  return result;
}

std::string network_of(const ipv6& address) {
  std::string result;
  for (size_t i = 0; i < 4; ++i) {
    std::array<char, 4> digits{};
    auto* end = std::to_chars(digits.begin(), digits.end(), address[i], 16).ptr;
    result.append(digits.begin(), end).append(":");
  }
  return result + ":/64";
}

} // namespace

std::string client_key(std::string_view address) {
  // The zone behind '%' says by which interface a link-local one is reached.
  auto found = parse_ipv6(address.substr(0, address.find('%')));
  if (!found)
    return std::string{address};
  return holds_ipv4(*found) ? ipv4_of(*found) : network_of(*found);
}

} // namespace bulwark
