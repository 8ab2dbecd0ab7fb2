#pragma once

#include <bulwark/options/detail/option_file.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace bulwark::detail {

/// Where a file of options said what, for the words of complaints.
///
/// Confined to one thread.
class file_origins {
public:
  void add(const file_entry& entry, std::string shown) {
    all_.push_back({entry.key, entry.value, std::move(shown)});
  }

  /// Returns the key as who gave that value knows it.
  std::string shown(const std::string& key, const std::string& value) const {
    for (const auto& each : all_)
      if (each.key == key && each.value == value)
        return each.shown;
    return "--" + key;
  }

  /// Returns where the last entry of that option is, for a text to follow.
  std::string place(const std::string& key, const std::string& path) const {
    auto at = std::find_if(all_.rbegin(), all_.rend(),
                           [&](const auto& each) { return each.key == key; });
    if (at == all_.rend())
      return path;
    return at->shown.substr(0, at->shown.size() - key.size() - 2);
  }

private:
  struct origin {
    std::string key;
    std::string value;
    std::string shown;
  };

  std::vector<origin> all_;
};

} // namespace bulwark::detail
