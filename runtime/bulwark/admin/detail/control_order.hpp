#pragma once

#include <bulwark/admin/detail/fault_desk.hpp>
#include <bulwark/control/setting.hpp>
#include <bulwark/time/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace bulwark::detail {

/// What an order is about.
enum class control_act : uint8_t { set, restart, undo, leave, chaos };

/// What somebody wants changed.
struct control_order {
  control_act act = control_act::set;

  /// As the history calls it: `isolate`, `restart orders#1`, ...
  std::string what;

  /// Of `set`, and all that is written in its terms: `isolate`, `drain`,
  /// `reopen`, `scale`.
  wanted_values values = {};

  /// Of `restart`.
  std::string child = {};

  /// Of `undo`.
  uint64_t change = 0;

  /// Of `chaos`.
  fault_order faults = {};

  std::string who = {};
  std::string reason = {};
  std::optional<duration> lasts = std::nullopt;
};

/// Where changes are asked for: below it, a word for each.
inline constexpr std::string_view control_path = "/api/control/";

/// Returns whether there is a change of that name.
bool is_control_word(std::string_view word);

/// Reads what was posted to `control_path` and `word`: an object of JSON. Says
/// what is wrong with it: key, value and rule.
/// @pre is_control_word(word)
std::variant<control_order, std::string> read_order(std::string_view word,
                                                    std::string_view body);

} // namespace bulwark::detail
