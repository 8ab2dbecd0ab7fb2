#pragma once

#include <bulwark/options/detail/policy_overrides.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace bulwark {

namespace detail {
class caf_settings;
} // namespace detail

/// What files and command lines say of CAF's own options, `caf.` before each:
/// `caf.scheduler.max-threads`, `caf.logger.file-name`. The command line wins
/// over the file. Those that a node depends on cannot be set.
///
/// Confined to one thread.
class caf_options {
public:
  /// Returns whether `key` belongs here.
  [[nodiscard]] static bool is_key(std::string_view key);

  /// Returns the names of all that can be set, without `caf.`.
  static std::vector<std::string> names();

  /// `shown` is the key as the user knows it.
  /// @throws config_error if the option is unknown or not to be set, if the
  /// value breaks its rule, or if the same source said it before
  void add(override_source source, const std::string& key,
           const std::string& value, const std::string& shown);

  void apply(detail::caf_settings& config) const;

private:
  struct entry {
    override_source source;
    std::string name;
    std::string value;
  };

  std::vector<entry> entries_;
};

} // namespace bulwark
