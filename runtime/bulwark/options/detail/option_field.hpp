#pragma once

#include <bulwark/bulkhead/bulkhead_options.hpp>
#include <bulwark/gate/peer_offer.hpp>
#include <bulwark/protection/breaker_options.hpp>
#include <bulwark/redundancy/balancing_strategy.hpp>
#include <bulwark/redundancy/ejection_options.hpp>
#include <bulwark/redundancy/group_options.hpp>
#include <bulwark/supervision/exit_class.hpp>
#include <bulwark/supervision/restart_options.hpp>
#include <bulwark/supervision/supervisor_policy.hpp>
#include <bulwark/time/time.hpp>

#include <algorithm>
#include <charconv>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace bulwark::detail {

using broken_rule = std::optional<std::string>;

// Read a value from a text. Return nothing, or the rule that the text breaks;
// then nothing has changed.

broken_rule read_value(std::string_view text, duration& out);
broken_rule read_value(std::string_view text, bool& out);
broken_rule read_value(std::string_view text, restart_type& out);
broken_rule read_value(std::string_view text, restart_strategy& out);
broken_rule read_value(std::string_view text, limit_action& out);
broken_rule read_value(std::string_view text, call_priority& out);
broken_rule read_value(std::string_view text, overflow_policy& out);
broken_rule read_value(std::string_view text, queue_order& out);
broken_rule read_value(std::string_view text, bulkhead_mode& out);
broken_rule read_value(std::string_view text, rate_algorithm& out);
broken_rule read_value(std::string_view text, adaptive_algorithm& out);
broken_rule read_value(std::string_view text, breaker_policy& out);
broken_rule read_value(std::string_view text, balancing_strategy& out);
broken_rule read_value(std::string_view text, routing& out);
broken_rule read_value(std::string_view text, fail_back& out);
broken_rule read_value(std::string_view text, own_errors& out);
broken_rule read_value(std::string_view text, std::vector<uint32_t>& out);

template <class Number>
requires std::integral<Number> || std::floating_point<Number>
  broken_rule read_value(std::string_view text, Number& out) {
  Number value{};
  const auto* end = text.data() + text.size();
  auto [last, failure] = std::from_chars(text.data(), end, value);
  if (failure == std::errc{} && last == end) {
    out = value;
    return std::nullopt;
  }
  if constexpr (std::floating_point<Number>)
    return "it must be a number, such as 1.5";
  else
    return "it must be a whole number from "
           + std::to_string(std::numeric_limits<Number>::min()) + " to "
           + std::to_string(std::numeric_limits<Number>::max());
}

// Return a text that `read_value` reads.

std::string show_value(duration value);
std::string show_value(bool value);
std::string show_value(const std::vector<uint32_t>& value);

template <class Enum>
requires std::is_enum_v<Enum> std::string show_value(Enum value) {
  return to_string(value);
}

template <class Number>
requires std::integral<Number> || std::floating_point<Number> std::string
show_value(Number value) {
  std::ostringstream out;
  out << +value;
  return out.str();
}

/// A field of `Settings` that files and command lines may set.
template <class Settings>
struct option_field {
  std::string_view name;
  broken_rule (*set)(Settings&, std::string_view);
  std::string (*get)(const Settings&);
};

/// The field that the members lead to, each of what the one before leads to.
template <class Settings, auto... Members>
constexpr option_field<Settings> field_at(std::string_view name) {
  return {name,
          [](Settings& settings, std::string_view text) {
            return read_value(text, (settings.*....*Members));
          },
          [](const Settings& settings) {
            return show_value((settings.*....*Members));
          }};
}

/// A member of what an optional field holds. To set it makes that, with
/// defaults for the rest; shown is the default where there is none.
template <class Settings, auto Optional, auto Member>
constexpr option_field<Settings> field_within(std::string_view name) {
  using held = typename std::remove_cvref_t<decltype(std::declval<Settings>()
                                                     .*Optional)>::value_type;
  return {name,
          [](Settings& settings, std::string_view text) {
            auto changed = (settings.*Optional).value_or(held{});
            auto rule = read_value(text, changed.*Member);
            if (!rule)
              settings.*Optional = changed;
            return rule;
          },
          [](const Settings& settings) {
            return show_value((settings.*Optional).value_or(held{}).*Member);
          }};
}

/// All of them, in the order in which they are shown.
template <class Settings>
std::span<const option_field<Settings>> fields_of();

/// Returns null for an unknown one.
template <class Settings>
const option_field<Settings>* find_field(std::string_view name) {
  auto all = fields_of<Settings>();
  auto at = std::find_if(all.begin(), all.end(),
                         [&](const auto& f) { return f.name == name; });
  return at == all.end() ? nullptr : &*at;
}

} // namespace bulwark::detail
