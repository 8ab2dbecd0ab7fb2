#include <bulwark/chaos/detail/text_fields.hpp>
#include <bulwark/chaos/steady_condition.hpp>
#include <bulwark/text/detail/option_checks.hpp>

#include <array>

namespace bulwark {

using namespace option_checks;

namespace {

using relation = steady_condition::relation;

/// In the order of `relation`.
constexpr std::array<std::string_view, 4> signs{"<", "<=", ">=", ">"};

complaint no_condition(std::string_view text) {
  return said("condition", text.empty() ? "empty" : text,
              "FIGURE < VALUE, or with <=, >= or >, such as "
              "orders.p99_ms < 200");
}

bool holds_for(const steady_condition& what, double figure) {
  switch (what.is) {
  case relation::below:
    return figure < what.value;
  case relation::at_most:
    return figure <= what.value;
  case relation::at_least:
    return figure >= what.value;
  case relation::above:
    return figure > what.value;
  }
  return false;
}

} // namespace

complaint read_condition(std::string_view text, steady_condition& out) {
  auto sign = text.find_first_of("<>");
  if (sign == std::string_view::npos)
    return no_condition(trimmed(text));
  steady_condition result;
  result.figure = trimmed(text.substr(0, sign));
  auto rest = text.substr(sign + 1);
  auto equal = rest.starts_with('=');
  if (equal)
    rest.remove_prefix(1);
  if (result.figure.empty()
      || result.figure.find_first_of(" \t") != std::string::npos)
    return no_condition(trimmed(text));
  if (text[sign] == '<')
    result.is = equal ? relation::at_most : relation::below;
  else
    result.is = equal ? relation::at_least : relation::above;
  if (auto wrong =
        read_number("limit of " + result.figure, trimmed(rest), result.value))
    return wrong;
  out = std::move(result);
  return std::nullopt;
}

std::string to_string(const steady_condition& what) {
  return what.figure + " "
         + std::string{signs[static_cast<size_t>(what.is) % signs.size()]} + " "
         + shown(what.value);
}

complaint broken_by(const steady_condition& what,
                    const figure_readings& readings) {
  auto known = readings.find(what.figure);
  if (known == readings.end())
    return "nobody measures " + what.figure;
  if (holds_for(what, known->second))
    return std::nullopt;
  return what.figure + " is " + shown(known->second) + ", not "
         + to_string(what).substr(what.figure.size() + 1);
}

complaint first_broken(const std::vector<steady_condition>& all,
                       const figure_readings& readings) {
  for (const auto& each : all)
    if (auto why = broken_by(each, readings))
      return why;
  return std::nullopt;
}

} // namespace bulwark
