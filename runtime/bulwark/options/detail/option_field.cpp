#include <bulwark/options/detail/option_field.hpp>
#include <bulwark/text/detail/option_checks.hpp>
#include <bulwark/text/duration_text.hpp>

#include <initializer_list>

namespace bulwark::detail {

namespace {

/// A list without numbers.
constexpr std::string_view all_equal = "equal";

/// One of the words of an enumeration.
template <class Enum>
broken_rule read_word(std::string_view text, Enum& out,
                      std::initializer_list<Enum> all) {
  std::string rule = "it must be ";
  for (const auto& each : all) {
    auto word = to_string(each);
    if (text == word) {
      out = each;
      return std::nullopt;
    }
    auto first = &each == all.begin();
    auto last = &each == all.end() - 1;
    rule += (first ? "" : last ? " or " : ", ") + word;
  }
  return rule;
}

} // namespace

broken_rule read_value(std::string_view text, duration& out) {
  auto value = parse_duration(text);
  if (!value)
    return std::string{duration_rule};
  if (*value > option_duration_max)
    return "it must be at most " + to_text(option_duration_max) + " long";
  out = *value;
  return std::nullopt;
}

broken_rule read_value(std::string_view text, bool& out) {
  if (text != "true" && text != "false")
    return "it must be true or false";
  out = text == "true";
  return std::nullopt;
}

broken_rule read_value(std::string_view text, restart_type& out) {
  return read_word(text, out,
                   {restart_type::permanent, restart_type::transient,
                    restart_type::temporary});
}

broken_rule read_value(std::string_view text, restart_strategy& out) {
  return read_word(text, out,
                   {restart_strategy::one_for_one,
                    restart_strategy::one_for_all,
                    restart_strategy::rest_for_one});
}

broken_rule read_value(std::string_view text, limit_action& out) {
  return read_word(text, out,
                   {limit_action::cool_down, limit_action::escalate});
}

broken_rule read_value(std::string_view text, call_priority& out) {
  return read_word(text, out,
                   {call_priority::critical, call_priority::normal,
                    call_priority::background});
}

broken_rule read_value(std::string_view text, overflow_policy& out) {
  return read_word(text, out,
                   {overflow_policy::refuse, overflow_policy::drop_oldest,
                    overflow_policy::drop_newest});
}

broken_rule read_value(std::string_view text, queue_order& out) {
  return read_word(text, out, {queue_order::fifo, queue_order::adaptive_lifo});
}

broken_rule read_value(std::string_view text, bulkhead_mode& out) {
  return read_word(text, out, {bulkhead_mode::enforced, bulkhead_mode::shadow});
}

broken_rule read_value(std::string_view text, rate_algorithm& out) {
  return read_word(text, out,
                   {rate_algorithm::token_bucket, rate_algorithm::gcra});
}

broken_rule read_value(std::string_view text, adaptive_algorithm& out) {
  return read_word(text, out,
                   {adaptive_algorithm::aimd, adaptive_algorithm::gradient2,
                    adaptive_algorithm::vegas});
}

broken_rule read_value(std::string_view text, breaker_policy& out) {
  return read_word(text, out,
                   {breaker_policy::counter, breaker_policy::consecutive,
                    breaker_policy::count_window, breaker_policy::time_window});
}

broken_rule read_value(std::string_view text, balancing_strategy& out) {
  return read_word(
    text, out,
    {balancing_strategy::two_choices, balancing_strategy::round_robin,
     balancing_strategy::random, balancing_strategy::weighted,
     balancing_strategy::least_in_flight, balancing_strategy::peak_ewma,
     balancing_strategy::consistent_hash});
}

broken_rule read_value(std::string_view text, routing& out) {
  return read_word(text, out, {routing::local_first, routing::spread});
}

broken_rule read_value(std::string_view text, own_errors& out) {
  return read_word(
    text, out, {own_errors::compared, own_errors::always, own_errors::never});
}

broken_rule read_value(std::string_view text, fail_back& out) {
  return read_word(text, out, {fail_back::stay, fail_back::preferred});
}

broken_rule read_value(std::string_view text, std::vector<uint32_t>& out) {
  std::vector<uint32_t> value;
  if (text != all_equal)
    for (auto rest = text;;) {
      auto comma = std::min(rest.find(','), rest.size());
      uint32_t next = 0;
      if (read_value(rest.substr(0, comma), next))
        return "it must be whole numbers with commas between them, such as "
               "3,1,1, or "
               + std::string{all_equal};
      value.push_back(next);
      if (comma == rest.size())
        break;
      rest.remove_prefix(comma + 1);
    }
  out = std::move(value);
  return std::nullopt;
}

std::string show_value(duration value) {
  return to_text(value);
}

std::string show_value(bool value) {
  return value ? "true" : "false";
}

std::string show_value(const std::vector<uint32_t>& value) {
  std::string result;
  for (auto each : value)
    result += (result.empty() ? "" : ",") + std::to_string(each);
  return result.empty() ? std::string{all_equal} : result;
}

} // namespace bulwark::detail
