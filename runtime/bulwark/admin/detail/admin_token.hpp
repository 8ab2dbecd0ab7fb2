#pragma once

#include <bulwark/http/message.hpp>

#include <filesystem>
#include <string>
#include <string_view>

namespace bulwark::detail {

/// What a change has to come with: 64 digits out of 256 random bits, known to
/// whoever can read a file of the node's. One made by default is nobody's:
/// nothing fits it.
///
/// Immutable after construction.
class admin_token {
public:
  admin_token() = default;

  /// Makes another one and writes it to `path`, mode 0600, with the name of
  /// the node and its address: `{"node":"alpha","admin":"127.0.0.1:7070",
  /// "token":"..."}`. The file is replaced as a whole.
  /// @throws config_error that names the file and the cause
  static admin_token write(const std::filesystem::path& path,
                           std::string_view node, std::string_view address);

  explicit operator bool() const noexcept { return !text_.empty(); }

  /// Returns whether it is the same. How long that takes says nothing about
  /// where the two differ.
  [[nodiscard]] bool fits(std::string_view given) const noexcept;

  /// Returns whether the request has the field `Authorization: Bearer TOKEN`.
  [[nodiscard]] bool came_with(const http_request& request) const noexcept;

  const std::string& text() const noexcept { return text_; }

private:
  explicit admin_token(std::string text) : text_(std::move(text)) {}

  std::string text_;
};

} // namespace bulwark::detail
