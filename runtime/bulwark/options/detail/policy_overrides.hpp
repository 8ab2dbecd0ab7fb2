#pragma once

#include <bulwark/options/detail/compartment_fields.hpp>
#include <bulwark/options/detail/protection_fields.hpp>
#include <bulwark/options/service_settings.hpp>

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace bulwark {

/// Where an override was given. Later ones win over earlier ones.
enum class override_source : uint8_t { file, command_line };

/// What an override is about.
enum class override_subject : uint8_t {
  service,
  bulkhead,
  cpu_quota,
  load_shedding,
  guard,
};

/// What files and command lines say about services and compartments, before
/// these are known: `restart.initial` for all services,
/// `service.NAME.restart.initial` for one, `bulkhead.NAME.capacity`,
/// `cpu_quota.NAME.quota`, `load_shedding.cpu`, `guard.NAME.timeout`.
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

  // Each changes what the code says to what is said of that one here.

  void apply(const std::string& service, service_settings& settings) const;
  void apply(const std::string& bulkhead, bulkhead_options& options) const;
  void apply(const std::string& cpu_quota, cpu_quota_options& options) const;
  void apply(const std::string& guard, guard_options& options) const;

  /// @throws config_error if something is said of load_shedding, which is off
  void apply(load_shedding_choice& load_shedding) const;

  /// Refuses overrides of others than `known`.
  /// @throws config_error that names the first one
  void check_names(override_subject subject,
                   const std::set<std::string>& known) const;

private:
  struct entry {
    override_source source;
    override_subject subject;
    std::string name; // empty: all
    std::string field;
    std::string value;
    std::string shown;
  };

  template <class Settings>
  void set_all(override_subject subject, const std::string& name,
               Settings& settings) const;

  std::vector<entry> entries_;
};

} // namespace bulwark
