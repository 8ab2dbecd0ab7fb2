#include <bulwark/ledger/objectives.hpp>
#include <bulwark/text/detail/option_checks.hpp>

namespace bulwark {

using namespace option_checks;

namespace {

complaint sensible_target(double target) {
  auto fastest = burn_rules.front().rate_above;
  if (fastest * (1 - target) < 1 && target < 1)
    return std::nullopt;
  return said("objective.target", shown(target),
              "above 0.9306 and below 1: below that, an outage of everything "
              "burns the budget slower than "
                + shown(fastest) + " times, and the alert could never fire");
}

} // namespace

std::optional<std::string> validate(const objective& what) {
  if (what.service.empty())
    return said("objective.service", "empty", "a name or a path");
  return first_of(sensible_target(what.target),
                  within("objective.window", what.window,
                         duration{std::chrono::hours{1}},
                         duration{std::chrono::hours{24 * 30}}));
}

double availability_of(const time_shares& shares) noexcept {
  auto known = shares.up + shares.down;
  if (known.count() <= 0)
    return 100;
  return 100.0 * static_cast<double>(shares.up.count())
         / static_cast<double>(known.count());
}

double burn_rate_of(std::chrono::microseconds down,
                    std::chrono::microseconds window, double target) noexcept {
  return static_cast<double>(down.count())
         / (static_cast<double>(window.count()) * (1 - target));
}

bool burns_above(std::chrono::microseconds down,
                 std::chrono::microseconds window, double target,
                 double rate) noexcept {
  return static_cast<double>(down.count())
         > rate * (1 - target) * static_cast<double>(window.count());
}

bool matches(std::string_view pattern, std::string_view text) noexcept {
  size_t p = 0;
  size_t t = 0;
  auto star = std::string_view::npos;
  size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

} // namespace bulwark
