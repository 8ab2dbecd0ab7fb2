#include <bulwark/admin/detail/admin_token.hpp>
#include <bulwark/http/detail/http_text.hpp>
#include <bulwark/options/config_error.hpp>
#include <bulwark/process/detail/descriptor.hpp>
#include <bulwark/text/detail/json_writer.hpp>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <system_error>

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>

namespace bulwark::detail {

namespace {

constexpr size_t token_bytes = 32;
constexpr std::string_view bearer = "Bearer ";

[[noreturn]] void cannot_write_token(const std::filesystem::path& path,
                                     const std::error_code& why) {
  throw config_error{"--admin: the token cannot be written to " + path.string()
                     + ": " + why.message()};
}

std::error_code last_failure() {
  return {errno, std::generic_category()};
}

std::string random_digits(const std::filesystem::path& path) {
  std::array<uint8_t, token_bytes> bytes{};
  // So few come at once, or not at all.
  if (::getrandom(bytes.data(), bytes.size(), 0)
      != static_cast<ssize_t>(bytes.size()))
    cannot_write_token(path, last_failure());
  constexpr std::string_view digits = "0123456789abcdef";
  std::string result;
  for (auto each : bytes) {
    result += digits[each >> 4];
    result += digits[each & 15];
  }
  return result;
}

/// The mode is set again, because a file of that name may have been left.
void write_privately(const std::filesystem::path& path,
                     const std::string& text) {
  descriptor file{::open(path.c_str(),
                         O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
                         S_IRUSR | S_IWUSR)};
  if (!file || ::fchmod(file.get(), S_IRUSR | S_IWUSR) != 0)
    cannot_write_token(path, last_failure());
  auto done = ::write(file.get(), text.data(), text.size());
  if (done != static_cast<ssize_t>(text.size()) || ::fsync(file.get()) != 0)
    cannot_write_token(path, last_failure());
}

} // namespace

admin_token admin_token::write(const std::filesystem::path& path,
                               std::string_view node,
                               std::string_view address) {
  std::error_code failure;
  std::filesystem::create_directories(path.parent_path(), failure);
  if (failure)
    cannot_write_token(path, failure);
  admin_token result{random_digits(path)};
  json_writer body;
  body.begin_object()
    .pair("node", node)
    .pair("admin", address)
    .pair("token", result.text_)
    .end_object();
  auto fresh = path;
  fresh += ".new";
  write_privately(fresh, body.text() + '\n');
  if (std::rename(fresh.c_str(), path.c_str()) != 0)
    cannot_write_token(path, last_failure());
  return result;
}

bool admin_token::fits(std::string_view given) const noexcept {
  if (text_.empty() || given.size() != text_.size())
    return false;
  unsigned differ = 0;
  for (size_t i = 0; i < text_.size(); ++i)
    differ |= static_cast<unsigned char>(given[i])
              ^ static_cast<unsigned char>(text_[i]);
  return differ == 0;
}

bool admin_token::came_with(const http_request& request) const noexcept {
  auto given = request.field("Authorization").value_or("");
  return given.size() > bearer.size()
         && same_word(given.substr(0, bearer.size()), bearer)
         && fits(given.substr(bearer.size()));
}

} // namespace bulwark::detail
