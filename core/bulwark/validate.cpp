#include <bulwark/duration_text.hpp>
#include <bulwark/log_text.hpp>
#include <bulwark/validate.hpp>

#include <algorithm>
#include <cmath>
#include <sstream>
#include <utility>

namespace bulwark {

namespace {

using complaint = std::optional<std::string>;

std::string shown(duration value) {
  return to_text(value);
}

template <class T>
std::string shown(const T& value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

template <class T>
std::string said(std::string_view field, const T& value,
                 std::string_view rule) {
  auto text = std::string{field};
  text += " is ";
  text += shown(value);
  text += "; it must be ";
  text += rule;
  return text;
}

complaint within(std::string_view field, duration value, duration least) {
  if (value >= least && value <= option_duration_max)
    return std::nullopt;
  if (value < least && least > duration::zero())
    return said(field, value, "longer than 0ms");
  if (value < least)
    return said(field, value, "0ms or longer");
  return said(field, value,
              "at most " + to_text(option_duration_max) + " long");
}

complaint positive(std::string_view field, duration value) {
  return within(field, value, duration{1});
}

complaint not_negative(std::string_view field, duration value) {
  return within(field, value, duration::zero());
}

complaint at_least(std::string_view field, duration value,
                   std::string_view lower_field, duration lower) {
  if (value >= lower)
    return std::nullopt;
  return said(field, value,
              "at least " + std::string{lower_field} + ", which is "
                + to_text(lower));
}

complaint growth(std::string_view field, double value) {
  if (value >= 1.0 && std::isfinite(value))
    return std::nullopt;
  return said(field, value, "a number of at least 1");
}

complaint share(std::string_view field, double value) {
  if (value >= 0.0 && value < 1.0)
    return std::nullopt;
  return said(field, value, "at least 0 and below 1");
}

template <class... Checks>
complaint first_of(Checks&&... checks) {
  complaint result;
  static_cast<void>(((result = std::forward<Checks>(checks), result) || ...));
  return result;
}

bool letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool name_character(char c) {
  return letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

} // namespace

complaint validate(const restart_options& o) {
  return first_of(not_negative("restart.initial", o.initial),
                  growth("restart.multiplier", o.multiplier),
                  not_negative("restart.max", o.max),
                  at_least("restart.max", o.max, "restart.initial", o.initial),
                  share("restart.jitter", o.jitter),
                  not_negative("restart.reset_after", o.reset_after),
                  positive("restart.period", o.period),
                  not_negative("restart.cool_down", o.cool_down),
                  not_negative("restart.cool_down_max", o.cool_down_max),
                  at_least("restart.cool_down_max", o.cool_down_max,
                           "restart.cool_down", o.cool_down),
                  not_negative("restart.shutdown", o.shutdown));
}

complaint validate(const supervisor_options& o) {
  return positive("supervisor.period", o.period);
}

complaint validate(const gate_options& o) {
  if (o.poison_limit == 0)
    return "gate.poison_limit is 0; it must be at least 1";
  if (o.hop_limit == 0)
    return "gate.hop_limit is 0; it must be at least 1";
  return first_of(positive("gate.timeout", o.timeout),
                  not_negative("gate.grace", o.grace),
                  not_negative("gate.stash_wait", o.stash_wait));
}

complaint validate_name(std::string_view what, std::string_view name) {
  auto well_formed = !name.empty() && name.size() <= 64 && letter(name.front())
                     && std::all_of(name.begin(), name.end(), name_character);
  if (well_formed)
    return std::nullopt;
  auto text = std::string{what};
  text += " is ";
  text += quoted(name.substr(0, 64));
  text += "; it must be 1 to 64 letters, digits, '_' and '-', a letter first";
  return text;
}

} // namespace bulwark
