#pragma once

#include <bulwark/service_settings.hpp>

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace bulwark {

/// Where an override was given. Later ones win over earlier ones.
enum class override_source : uint8_t { file, command_line };

/// What files and command lines say about the settings of services, before
/// the services are known: `restart.initial` for all of them,
/// `service.NAME.restart.initial` for one.
///
/// The command line wins over the file, and within each what is said of one
/// service wins over what is said of all. Every error is a `config_error`.
///
/// Confined to one thread.
class policy_overrides {
public:
  /// Returns whether `key` has the form of an override, so that it belongs
  /// here: a right one, or one to complain about.
  [[nodiscard]] static bool is_key(std::string_view key);

  /// Adds an override. `shown` is the key as the user knows it: with its
  /// dashes, or behind the name of the file.
  /// @throws config_error if the field is unknown, if the value cannot be
  /// read, or if the same source said it before
  void add(override_source source, const std::string& key,
           const std::string& value, const std::string& shown);

  /// Changes `settings`, those of the code, to what is said of `service`.
  void apply(const std::string& service, service_settings& settings) const;

  /// Refuses overrides of services other than `known`.
  /// @throws config_error that names the first one
  void check_services(const std::set<std::string>& known) const;

private:
  struct entry {
    override_source source;
    std::string service; // empty: all
    std::string field;
    std::string value;
    std::string shown;
  };

  std::vector<entry> entries_;
};

} // namespace bulwark
