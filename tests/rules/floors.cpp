#include "rules/rules.hpp"

#include <array>
#include <optional>
#include <regex>
#include <string_view>

namespace fs = std::filesystem;

namespace rules {

namespace {

// The floors, from the lowest.
constexpr std::array floors{"core", "actors", "runtime", "examples"};

// Where headers of other libraries may be used from.
struct library {
  std::string_view prefix;
  size_t lowest_floor;
};

// The first prefix that fits counts.
constexpr std::array libraries{
  library{"caf/io/", 2},    library{"caf/", 1},    library{"boost/", 2},
  library{"spdlog/", 2},    library{"fmt/", 2},    library{"nlohmann/", 2},
  library{"unistd.h", 2},   library{"sys/", 2},    library{"signal.h", 2},
  library{"SQLiteCpp/", 2}, library{"sqlite3", 2}, library{"pqxx/", 2},
  library{"openssl/", 2},
};

std::optional<size_t> floor_of(const source& file) {
  for (size_t i = 0; i < floors.size(); ++i)
    if (file.in(floors[i]))
      return i;
  return std::nullopt;
}

// Returns the floor that holds the header `<bulwark/...>`.
std::optional<size_t> floor_of_header(const fs::path& root,
                                      const std::string& header) {
  for (size_t i = 0; i < floors.size(); ++i)
    if (fs::exists(root / floors[i] / header))
      return i;
  return std::nullopt;
}

// Returns the floor from which on a library may be used, if it is known.
std::optional<size_t> floor_of_library(const std::string& header) {
  for (const auto& [prefix, lowest] : libraries)
    if (header.starts_with(prefix))
      return lowest;
  return std::nullopt;
}

// Returns what is wrong with the include of `header` on the floor `own`, or "".
std::string fault_of(const fs::path& root, size_t own, char bracket,
                     const std::string& header) {
  const auto name = std::string{floors[own]} + "/";
  if (bracket == '"')
    return floors[own] == std::string_view{"examples"}
             ? ""
             : "write <bulwark/...>, in the tree as in users' programs";
  if (!header.starts_with("bulwark/")) {
    const auto lowest = floor_of_library(header);
    return lowest && *lowest > own ? name + " may not use <" + header + ">; "
                                       + floors[*lowest] + "/ may"
                                   : "";
  }
  const auto other = floor_of_header(root, header);
  if (!other)
    return "no floor has the header <" + header + ">";
  if (*other > own)
    return name + " may not use " + floors[*other]
           + "/, which is above it; move one of the two, or turn the "
             "dependency round with an argument";
  return "";
}

// Returns whether a CMakeLists.txt in `folder` names the file, given by its
// path from there.
bool is_listed(const fs::path& folder, const std::string& file) {
  for (const auto& line : split_lines(read_file(folder / "CMakeLists.txt"))) {
    const auto words = " " + line.substr(0, line.find('#')) + " ";
    const auto at_word = [&words](size_t pos) {
      return std::string_view{" \t\"()"}.find(words[pos])
             != std::string_view::npos;
    };
    for (auto pos = words.find(file); pos != std::string::npos;
         pos = words.find(file, pos + 1))
      if (at_word(pos - 1) && at_word(pos + file.size()))
        return true;
  }
  return false;
}

} // namespace

std::vector<finding> floors_hold(const fs::path& root,
                                 const std::vector<source>& files) {
  static const std::regex include{R"(^\s*#\s*include\s*([<"])([^>"]+)[>"])"};
  std::vector<finding> result;
  for (const auto& file : files) {
    const auto own = floor_of(file);
    if (!own)
      continue;
    for (size_t i = 0; i < file.code.size(); ++i) {
      std::smatch match;
      if (!std::regex_search(file.code[i], match, include))
        continue;
      const auto fault = fault_of(root, *own, *match[1].first, match[2]);
      if (!fault.empty())
        result.push_back({file.path, i + 1, fault});
    }
  }
  return result;
}

std::vector<finding> sources_are_built(const fs::path& root,
                                       const std::vector<source>& files) {
  std::vector<finding> result;
  for (const auto& file : files) {
    if (!file.path.ends_with(".cpp"))
      continue;
    const fs::path path{file.path};
    bool listed = false;
    for (auto folder = path; !listed && folder.has_parent_path();) {
      folder = folder.parent_path();
      listed = is_listed(root / folder,
                         path.lexically_relative(folder).generic_string());
    }
    if (!listed)
      result.push_back({file.path, 1,
                        "no CMakeLists.txt lists this file; add it to the one "
                        "of its folder, or delete it"});
  }
  return result;
}

} // namespace rules
