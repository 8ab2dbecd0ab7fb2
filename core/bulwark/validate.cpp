#include <bulwark/log_text.hpp>
#include <bulwark/option_checks.hpp>
#include <bulwark/validate.hpp>

#include <algorithm>

namespace bulwark {

using namespace option_checks;

namespace {

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
