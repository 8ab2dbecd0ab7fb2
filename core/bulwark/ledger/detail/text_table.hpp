#pragma once

#include <string>
#include <vector>

namespace bulwark {

/// Returns `value` with so many decimals.
std::string fixed(double value, int decimals);

/// Returns `text` filled up with spaces to `width` bytes.
std::string padded(std::string text, size_t width);

/// Rows of texts, each column as wide as its widest text.
///
/// Confined to one actor.
class text_table {
public:
  explicit text_table(std::vector<std::string> head);

  /// @pre as many texts as in the head
  void add(std::vector<std::string> row);

  /// Returns a line for the head and for each row, indented by two.
  [[nodiscard]] std::string text() const;

private:
  std::vector<std::vector<std::string>> rows_;
};

} // namespace bulwark
