#include <bulwark/ledger/detail/text_table.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace bulwark {

std::string fixed(double value, int decimals) {
  std::array<char, 400> text{};
  std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
  return text.data();
}

std::string padded(std::string text, size_t width) {
  if (text.size() < width)
    text.append(width - text.size(), ' ');
  return text;
}

text_table::text_table(std::vector<std::string> head) {
  add(std::move(head));
}

void text_table::add(std::vector<std::string> row) {
  rows_.push_back(std::move(row));
}

std::string text_table::text() const {
  std::vector<size_t> widths(rows_.front().size());
  for (const auto& row : rows_)
    for (size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], row[i].size());
  std::string result;
  for (const auto& row : rows_) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i)
      line += "  " + padded(row[i], widths[i]);
    line.erase(line.find_last_not_of(' ') + 1);
    result += line + "\n";
  }
  return result;
}

} // namespace bulwark
