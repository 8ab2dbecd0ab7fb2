#include <bulwark/options/detail/alert_text.hpp>
#include <bulwark/options/detail/option_field.hpp>

#include <utility>

namespace bulwark::detail {

namespace {

constexpr const char* objective_rule =
  "it must be SERVICE=SHARE%, such as orders=99.9%, with /TIME behind it, such "
  "as /168h, for another time than 30 days";

constexpr const char* alert_rule =
  "it must be NAME=FIGURE<VALUE or NAME=FIGURE>VALUE, such as "
  "slow=mttr_minutes>15, with /TIME behind it for how long, and /critical";

/// Splits at the first of `marks`; returns false when there is none.
bool split(std::string_view& text, std::string_view marks,
           std::string_view& head, char* mark = nullptr) {
  auto at = text.find_first_of(marks);
  if (at == std::string_view::npos)
    return false;
  head = text.substr(0, at);
  if (mark != nullptr)
    *mark = text[at];
  text.remove_prefix(at + 1);
  return true;
}

} // namespace

std::optional<std::string> read_objective(std::string_view text,
                                          objective& out) {
  objective result;
  std::string_view name;
  std::string_view share;
  if (!split(text, "=", name) || !split(text, "%", share))
    return objective_rule;
  double percent = 0;
  if (read_value(share, percent))
    return objective_rule;
  result.service = name;
  result.target = percent / 100;
  if (!text.empty()
      && (text.front() != '/' || read_value(text.substr(1), result.window)))
    return objective_rule;
  if (auto wrong = validate(result))
    return wrong;
  out = std::move(result);
  return std::nullopt;
}

std::optional<std::string> read_alert(std::string_view text,
                                      threshold_rule& out) {
  threshold_rule result;
  std::string_view name;
  std::string_view figure;
  char side = '<';
  if (!split(text, "=", name) || !split(text, "<>", figure, &side))
    return alert_rule;
  auto value = text.substr(0, text.find('/'));
  text.remove_prefix(value.size());
  if (read_value(value, result.value))
    return alert_rule;
  while (!text.empty()) {
    text.remove_prefix(1);
    auto part = text.substr(0, text.find('/'));
    text.remove_prefix(part.size());
    if (part == "critical")
      result.critical = true;
    else if (read_value(part, result.lasts_for))
      return alert_rule;
  }
  result.name = name;
  result.figure = figure;
  result.side = side == '<' ? threshold_side::below : threshold_side::above;
  if (auto wrong = validate(result))
    return wrong;
  out = std::move(result);
  return std::nullopt;
}

} // namespace bulwark::detail
