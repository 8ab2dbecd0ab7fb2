#pragma once

#include <bulwark/control/field_change.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace bulwark {

/// What of a node can be set while it runs.
enum class setting_kind : uint8_t {
  /// `log.level`
  log_level,
  /// `bulkheads.monitoring`
  bulkhead_monitoring,
  /// `bulkhead.NAME.isolation`: whom it turns away.
  bulkhead_isolation,
  /// `bulkhead.NAME.capacity`
  bulkhead_capacity,
  /// `bulkhead.NAME.reserved_for_critical`
  bulkhead_reserve,
  /// `breaker.SERVICE.state`
  breaker_state,
  /// `service.NAME.replicas`
  service_replicas,
};

/// A field of a node that runs, and what it has.
///
/// Immutable after construction.
struct setting {
  setting_kind kind = setting_kind::log_level;

  /// The name in the field; empty: it has none.
  std::string subject;

  std::string value;

  friend bool operator==(const setting&, const setting&) = default;
};

/// Returns the field's name, such as `bulkhead.api.capacity`.
std::string field_of(const setting& what);

/// Returns what its values must be, for error texts.
std::string_view rule_of(setting_kind kind) noexcept;

/// Returns "`field` is `value`; it must be ..." for a value that breaks the
/// rule, or nothing. Whoever carries the change out may know further rules.
[[nodiscard]] std::optional<std::string> check_value(const setting& what,
                                                     const std::string& value);

/// Fields and the values that somebody wants them to have.
using wanted_values = std::vector<std::pair<std::string, std::string>>;

/// So many fields can be changed at once.
inline constexpr size_t changed_fields_max = 16;

/// Returns what has to be changed, in the order of `wanted`; or what is wrong
/// with the first that cannot be: no such field, given twice, a value that
/// breaks its rule. Fields that have their value already are among them,
/// because who sets one wants it to stay so.
[[nodiscard]] std::variant<std::vector<field_change>, std::string>
plan_changes(const std::vector<setting>& all, const wanted_values& wanted);

} // namespace bulwark
