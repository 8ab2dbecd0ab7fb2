#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace storefront {

/// The fields of a JSON object that a client sent. Every function that reads
/// one checks it, and throws `api_error` 400 which names field and rule.
///
/// Immutable after construction.
class input {
public:
  /// @throws api_error when `text` is not a JSON object.
  explicit input(std::string_view text);

  bool has(const char* name) const;

  /// Returns how an error names the field.
  std::string path(const char* name) const { return prefix_ + name; }

  /// Returns a text of 1 to `size_max` bytes.
  std::string text(const char* name, size_t size_max) const;

  /// Returns a text of at most `size_max` bytes, "" where there is none.
  std::string text_or_empty(const char* name, size_t size_max) const;

  /// Returns one of the given words.
  std::string word(const char* name,
                   std::initializer_list<std::string_view> words) const;

  int64_t number(const char* name, int64_t min, int64_t max) const;

  int64_t number_or(const char* name, int64_t min, int64_t max,
                    int64_t otherwise) const;

  /// Returns 1 to `size_max` objects; their fields are named `name[0].x`.
  std::vector<input> objects(const char* name, size_t size_max) const;

  /// The whole object again, in one form for equal objects.
  std::string canonical() const;

private:
  input(std::shared_ptr<const nlohmann::json> object, std::string prefix);

  [[noreturn]] void refuse(const char* name, const std::string& rule) const;
  const nlohmann::json& field(const char* name) const;

  std::shared_ptr<const nlohmann::json> object_;
  std::string prefix_;
};

} // namespace storefront
