#include "rules/rules.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <regex>
#include <string_view>

namespace fs = std::filesystem;

namespace rules {

namespace {

// The families of each floor, from the lowest: a family may use those that
// stand before it.
struct stair {
  std::string_view floor;
  std::vector<std::string_view> families;
};

const std::array stairs{
  stair{"core",
        {"time",    "errors",     "text",        "containers", "events",
         "rate",    "quota",      "supervision", "bulkhead",   "pool",
         "gate",    "redundancy", "replication", "protection", "cluster",
         "control", "ledger",     "metrics",     "warning",    "chaos"}},
  stair{"actors",
        {"threads", "caf", "calls", "events", "warning", "chaos", "supervisor",
         "quota", "dead_letters", "bulkhead", "protection", "gate", "replica",
         "pool", "messages", "testing"}},
  stair{"runtime",
        {"journal", "log", "process", "options", "http", "database", "admin",
         "cluster", "node", "program"}},
};

// What may stand directly under a floor's `bulwark/`.
constexpr std::array<std::string_view, 3> umbrellas{
  "actors/bulwark/actors.hpp", "actors/bulwark/testing.hpp",
  "runtime/bulwark/bulwark.hpp"};

std::vector<std::string> parts_of(const std::string& path) {
  std::vector<std::string> result;
  for (const auto& part : fs::path{path})
    result.push_back(part.string());
  return result;
}

std::optional<size_t> step_of(const stair& on, const std::string& family) {
  auto found = std::find(on.families.begin(), on.families.end(), family);
  if (found == on.families.end())
    return std::nullopt;
  return static_cast<size_t>(found - on.families.begin());
}

// Returns what is wrong with the place of a file of a floor, or "".
std::string fault_of_place(const stair& on, const std::string& path) {
  auto parts = parts_of(path);
  if (parts.size() < 3 || parts[1] != "bulwark")
    return "";
  if (parts.size() == 3)
    return std::find(umbrellas.begin(), umbrellas.end(), path)
               == umbrellas.end()
             ? "only umbrella headers stand here; move it into the folder of "
               "its family"
             : "";
  if (!step_of(on, parts[2]))
    return "there is no family " + parts[2] + " on " + parts[0]
           + "/; add it to the stair in tests/rules/families.cpp, or move "
             "the file";
  return "";
}

// Returns what is wrong with an include of `header` in a file of the floor
// `on`, or "". Headers of other floors are the business of `floors_hold`.
std::string fault_of_include(const fs::path& root, const stair& on,
                             const std::string& path,
                             const std::string& header) {
  auto from = parts_of(path);
  auto to = parts_of(header);
  if (from.size() < 4 || to.size() < 3 || !fs::exists(root / on.floor / header))
    return "";
  auto own = step_of(on, from[2]);
  auto other = step_of(on, to[1]);
  if (own && other && *other > *own)
    return from[2] + " may not use " + to[1]
           + ", which is above it; move one of the two, or turn the "
             "dependency round with an argument";
  return "";
}

} // namespace

std::vector<finding> families_hold(const fs::path& root,
                                   const std::vector<source>& files) {
  static const std::regex include{R"(^\s*#\s*include\s*<(bulwark/[^>]+)>)"};
  std::vector<finding> result;
  for (const auto& file : files)
    for (const auto& on : stairs) {
      if (!file.in(std::string{on.floor}))
        continue;
      if (auto fault = fault_of_place(on, file.path); !fault.empty())
        result.push_back({file.path, 1, fault});
      for (size_t i = 0; i < file.code.size(); ++i) {
        std::smatch match;
        if (!std::regex_search(file.code[i], match, include))
          continue;
        auto fault = fault_of_include(root, on, file.path, match[1]);
        if (!fault.empty())
          result.push_back({file.path, i + 1, fault});
      }
    }
  return result;
}

std::vector<finding> details_stay_inside(const std::vector<source>& files) {
  static const std::regex detail{R"(^\s*#\s*include\s*<bulwark/.*/detail/)"};
  std::vector<finding> result;
  for (const auto& file : files) {
    if (!file.in("examples"))
      continue;
    for (size_t i = 0; i < file.code.size(); ++i)
      if (std::regex_search(file.code[i], detail))
        result.push_back({file.path, i + 1,
                          "what is in a detail/ is not for programs; use a "
                          "public header, or make it one"});
  }
  return result;
}

} // namespace rules
