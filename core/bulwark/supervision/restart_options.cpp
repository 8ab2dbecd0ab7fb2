#include <bulwark/supervision/restart_options.hpp>
#include <bulwark/text/detail/option_checks.hpp>

namespace bulwark {

using namespace option_checks;

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

complaint validate_severity_shift(int shift) {
  if (shift >= -3 && shift <= 3)
    return std::nullopt;
  return said("severity_shift", std::to_string(shift),
              "at least -3 and at most 3");
}

} // namespace bulwark
