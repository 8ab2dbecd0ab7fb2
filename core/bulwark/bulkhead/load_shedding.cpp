#include <bulwark/bulkhead/load_shedding.hpp>
#include <bulwark/text/detail/option_checks.hpp>

#include <algorithm>
#include <array>

namespace bulwark {

using namespace option_checks;

namespace {

constexpr std::array order{call_priority::background, call_priority::normal};

double ratio(double value, double limit) {
  // Also false for what is not a number.
  return value > 0 && limit > 0 ? value / limit : 0;
}

double seconds(duration value) {
  return std::chrono::duration<double>{value}.count();
}

} // namespace

complaint validate(const load_shedding_options& o) {
  if (!(o.low > 0 && o.low < 1))
    return said("load_shedding.low", shown(o.low), "above 0 and below 1");
  return first_of(
    not_negative("load_shedding.run_queue_delay", o.run_queue_delay),
    within("load_shedding.cpu", o.cpu, 0, 1),
    within("load_shedding.memory", o.memory, 0, 1),
    positive("load_shedding.close_after", o.close_after),
    positive("load_shedding.reopen_after", o.reopen_after),
    positive("load_shedding.reopen_after_max", o.reopen_after_max),
    at_least("load_shedding.reopen_after_max", o.reopen_after_max,
             "load_shedding.reopen_after", o.reopen_after),
    positive("load_shedding.steady_after", o.steady_after));
}

node_pressure pressure_of(const pressure_gauges& gauges,
                          const load_shedding_options& options) {
  auto by_delay =
    ratio(seconds(gauges.run_queue_delay), seconds(options.run_queue_delay));
  node_pressure result;
  for (auto [value, by] :
       {node_pressure{by_delay, pressure_gauge::run_queue_delay},
        node_pressure{ratio(gauges.cpu, options.cpu), pressure_gauge::cpu},
        node_pressure{ratio(gauges.memory, options.memory),
                      pressure_gauge::memory}})
    if (value > result.value)
      result = {value, by};
  return result;
}

load_shedding::side load_shedding::side_of(double pressure) const noexcept {
  if (pressure >= 1)
    return side::high;
  return pressure <= options_.low ? side::low : side::between;
}

load_shedding_step load_shedding::step(load_shedding_step::kind what) noexcept {
  since_ = latest_;
  learn(what);
  auto place = what == load_shedding_step::kind::close ? closed_++ : --closed_;
  return {what, order[place], pressure_};
}

/// Each attempt counts once, however much is closed after it.
void load_shedding::learn(load_shedding_step::kind what) noexcept {
  if (what == load_shedding_step::kind::reopen) {
    attempt_ = latest_;
  } else if (attempt_) {
    attempt_.reset();
    wait_ = wait_ > options_.reopen_after_max / 2 ? options_.reopen_after_max
                                                  : wait_ * 2;
  }
}

std::optional<load_shedding_step>
load_shedding::look(const pressure_gauges& gauges, time_point now) {
  latest_ = std::max(latest_, now);
  pressure_ = pressure_of(gauges, options_);
  auto where = side_of(pressure_.value);
  if (where != side_) {
    side_ = where;
    since_ = latest_;
  }
  if (attempt_ && latest_ - *attempt_ >= options_.steady_after) {
    attempt_.reset();
    wait_ = options_.reopen_after;
  }
  if (where == side::high && closed_ < order.size()
      && latest_ - since_ >= options_.close_after)
    return step(load_shedding_step::kind::close);
  if (where == side::low && closed_ > 0 && latest_ - since_ >= wait_)
    return step(load_shedding_step::kind::reopen);
  return std::nullopt;
}

bool load_shedding::closed(call_priority importance) const noexcept {
  auto place = std::find(order.begin(), order.end(), importance);
  return place - order.begin() < closed_;
}

std::string to_string(pressure_gauge gauge) {
  switch (gauge) {
  case pressure_gauge::none:
    return "none";
  case pressure_gauge::run_queue_delay:
    return "run_queue_delay";
  case pressure_gauge::cpu:
    return "cpu";
  case pressure_gauge::memory:
    return "memory";
  }
  return "pressure_gauge(" + std::to_string(static_cast<int>(gauge)) + ")";
}

std::string to_string(load_shedding_step::kind what) {
  switch (what) {
  case load_shedding_step::kind::close:
    return "close";
  case load_shedding_step::kind::reopen:
    return "reopen";
  }
  return "load_shedding_step(" + std::to_string(static_cast<int>(what)) + ")";
}

} // namespace bulwark
