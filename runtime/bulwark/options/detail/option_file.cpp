#include <bulwark/options/config_error.hpp>
#include <bulwark/options/detail/option_file.hpp>
#include <bulwark/text/detail/log_text.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace bulwark::detail {

namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
constexpr std::string_view blanks = " \t\r";

std::string_view trimmed(std::string_view text) {
  auto begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos)
    return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

std::string_view without_comment(std::string_view line) {
  line = trimmed(line.substr(0, line.find('#')));
  return line.starts_with(';') ? std::string_view{} : line;
}

[[noreturn]] void refuse(const std::string& path, const std::string& rule) {
  throw config_error{"--config is " + bulwark::quoted(path) + "; " + rule};
}

} // namespace

std::vector<file_entry> parse_option_file(std::string_view text,
                                          const std::string& path) {
  if (text.starts_with(byte_order_mark))
    text.remove_prefix(byte_order_mark.size());
  std::vector<file_entry> result;
  std::string section;
  for (size_t number = 1; !text.empty(); ++number) {
    auto end = std::min(text.find('\n'), text.size());
    auto line = without_comment(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty())
      continue;
    if (line.front() == '[' && line.back() == ']' && line.size() > 2) {
      section = trimmed(line.substr(1, line.size() - 2));
      section += '.';
      continue;
    }
    auto equals = line.find('=');
    auto key = trimmed(line.substr(0, equals));
    if (equals == std::string_view::npos || key.empty())
      throw config_error{path + ":" + std::to_string(number) + ": the line is "
                         + bulwark::quoted(line)
                         + "; it must be [SECTION] or KEY = VALUE"};
    result.push_back({section + std::string{key},
                      std::string{trimmed(line.substr(equals + 1))}, number});
  }
  return result;
}

std::string option_file_text(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored))
    refuse(path, "it must be a file, and is a directory");
  std::ifstream in{path, std::ios::binary};
  if (!in)
    refuse(path, std::string{"it cannot be read: "} + std::strerror(errno));
  std::string result(option_file_max + 1, '\0');
  in.read(result.data(), static_cast<std::streamsize>(result.size()));
  if (in.bad())
    refuse(path, std::string{"it cannot be read: "} + std::strerror(errno));
  result.resize(static_cast<size_t>(in.gcount()));
  if (result.size() > option_file_max)
    refuse(path, "it must be at most " + std::to_string(option_file_max)
                   + " bytes long");
  return result;
}

} // namespace bulwark::detail
