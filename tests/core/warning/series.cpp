#include "core/warning/series.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numbers>

using namespace std::chrono_literals;

namespace test {

namespace {

class pen {
public:
  pen(series& on, uint64_t seed) : on_(on), chance_(seed) {}

  /// Evenly within [least, most).
  double between(double least, double most) {
    return least
           + (most - least) * static_cast<double>(chance_.below(1 << 24))
               / (1 << 24);
  }

  size_t count(size_t least, size_t most) {
    return least + chance_.below(most - least + 1);
  }

  bool roll(size_t hits, size_t of) { return chance_.roll(hits, of); }

  /// Normally distributed, by Box and Muller.
  double normal(double deviation) {
    auto length = std::sqrt(-2 * std::log(between(1e-9, 1)));
    return deviation * length * std::cos(2 * std::numbers::pi * between(0, 1));
  }

  void put(double level, double deviation) {
    auto value = std::max(0.0, level + normal(deviation));
    on_.values.push_back(std::min(value, 100.0));
  }

  void stay(size_t samples, double level, double deviation) {
    for (size_t i = 0; i < samples; ++i)
      put(level, deviation);
  }

private:
  series& on_;
  dice chance_;
};

/// A level, and from there straight up: 19 of 20 to 100 percent, the others
/// to somewhere below.
void draw_ramp(series& to, pen& with) {
  auto level = with.between(2, 60);
  auto deviation = with.between(0.1, 1.5);
  with.stay(with.roll(1, 5) ? 0 : with.count(20, 120), level, deviation);
  auto length = with.count(10, 200);
  auto top = with.roll(19, 20) ? 101.0 : with.between(70, 95);
  to.ramp_begin = to.values.size();
  for (size_t i = 1; i <= length; ++i)
    with.put(level
               + (top - level) * static_cast<double>(i)
                   / static_cast<double>(length),
             deviation);
  if (top > 100)
    to.values.push_back(100);
  else
    with.stay(60, top, deviation);
}

/// From level to level, at moments that nothing announces.
void draw_steps(pen& with) {
  auto deviation = with.between(0.1, 3);
  for (size_t i = 0; i < 6; ++i)
    with.stay(with.count(8, 60), with.between(5, 90), deviation);
}

/// What is collected again and again before it is too much.
void draw_saw(pen& with) {
  auto low = with.between(5, 40);
  auto top = with.between(low + 15, 90);
  auto deviation = with.between(0.1, 1);
  auto tooth = with.count(12, 60);
  for (size_t i = 0; i < tooth * 8; ++i)
    with.put(low
               + (top - low) * static_cast<double>(i % tooth)
                   / static_cast<double>(tooth),
             deviation);
}

void draw_day(series& to, pen& with) {
  to.every = 5min;
  auto middle = with.between(30, 50);
  auto height = with.between(10, 45);
  auto deviation = with.between(0.2, 3);
  auto begin = with.between(0, 2 * std::numbers::pi);
  for (size_t i = 0; i < 3 * 288; ++i)
    with.put(
      middle
        + height
            * std::sin(begin + static_cast<double>(i) * std::numbers::pi / 144),
      deviation);
}

} // namespace

std::string to_string(course shape) {
  static const char* const names[]{"ramp", "step", "saw", "noise", "day"};
  return names[static_cast<size_t>(shape)];
}

series draw(course shape, uint64_t seed) {
  series result;
  result.shape = shape;
  result.every = 10s;
  pen with{result, seed};
  switch (shape) {
  case course::ramp:
    draw_ramp(result, with);
    break;
  case course::step:
    draw_steps(with);
    break;
  case course::saw:
    draw_saw(with);
    break;
  case course::noise:
    with.stay(360, with.between(10, 80), with.between(0.1, 6));
    break;
  case course::day:
    draw_day(result, with);
    break;
  }
  auto& values = result.values;
  auto full = std::find_if(values.begin(), values.end(),
                           [](double each) { return each >= 100; });
  if (shape != course::ramp || full == values.end())
    result.ramp_begin = values.size();
  else
    result.ramp_length =
      static_cast<size_t>(full - values.begin()) - result.ramp_begin;
  return result;
}

} // namespace test
