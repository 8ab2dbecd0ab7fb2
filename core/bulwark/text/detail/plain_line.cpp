#include <bulwark/text/detail/plain_line.hpp>

#include <algorithm>

namespace bulwark {

plain_line& plain_line::operator<<(std::string_view text) noexcept {
  for (auto each : text) {
    if (size_ == text_.size())
      break;
    auto printable = each >= ' ' && each != '\x7f';
    text_[size_++] = printable ? each : '?';
  }
  return *this;
}

plain_line& plain_line::operator<<(uint64_t number) noexcept {
  std::array<char, 20> digits{};
  auto at = digits.size();
  do {
    digits[--at] = static_cast<char>('0' + number % 10);
    number /= 10;
  } while (number != 0);
  return *this << std::string_view{digits.data() + at, digits.size() - at};
}

bool plain_line::add_names(std::string_view mangled) noexcept {
  auto nested = mangled.starts_with('N');
  if (nested)
    mangled.remove_prefix(1);
  for (auto first = true; !mangled.empty(); first = false) {
    if (nested && mangled == "E")
      return !first;
    size_t size = 0;
    auto digits =
      std::min(mangled.find_first_not_of("0123456789"), mangled.size());
    for (auto digit : mangled.substr(0, std::min(digits, size_t{4})))
      size = size * 10 + static_cast<size_t>(digit - '0');
    mangled.remove_prefix(digits);
    if (digits == 0 || digits > 4 || size == 0 || size > mangled.size())
      return false;
    auto name = mangled.substr(0, size);
    *this << (first ? "" : "::")
          << (name.starts_with("_GLOBAL__N_") ? "(anonymous)" : name);
    mangled.remove_prefix(size);
    if (!nested)
      return mangled.empty();
  }
  return false;
}

plain_line& plain_line::add_type(std::string_view mangled) noexcept {
  // GCC marks names of internal linkage.
  if (mangled.starts_with('*'))
    mangled.remove_prefix(1);
  auto before = size_;
  if (add_names(mangled))
    return *this;
  size_ = before;
  return *this << mangled;
}

} // namespace bulwark
