#include <bulwark/text/detail/option_checks.hpp>
#include <bulwark/text/duration_text.hpp>

#include <cmath>
#include <sstream>

namespace bulwark::option_checks {

namespace {

complaint checked_length(std::string_view field, duration value,
                         duration least) {
  if (value >= least && value <= option_duration_max)
    return std::nullopt;
  if (value < least && least > duration::zero())
    return said(field, shown(value), "longer than 0ms");
  if (value < least)
    return said(field, shown(value), "0ms or longer");
  return said(field, shown(value),
              "at most " + shown(option_duration_max) + " long");
}

template <class T>
complaint checked_range(std::string_view field, T value, T least, T most) {
  // Written so that NaN is refused.
  if (value >= least && value <= most)
    return std::nullopt;
  return said(field, shown(value),
              "at least " + shown(least) + " and at most " + shown(most));
}

} // namespace

std::string shown(duration value) {
  return to_text(value);
}

std::string shown(double value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

std::string shown(uint64_t value) {
  return std::to_string(value);
}

std::string said(std::string_view field, std::string_view value,
                 std::string_view rule) {
  auto text = std::string{field};
  text += " is ";
  text += value;
  text += "; it must be ";
  text += rule;
  return text;
}

complaint positive(std::string_view field, duration value) {
  return checked_length(field, value, duration{1});
}

complaint not_negative(std::string_view field, duration value) {
  return checked_length(field, value, duration::zero());
}

complaint growth(std::string_view field, double value) {
  if (value >= 1.0 && std::isfinite(value))
    return std::nullopt;
  return said(field, shown(value), "a number of at least 1");
}

complaint share(std::string_view field, double value) {
  if (value >= 0.0 && value < 1.0)
    return std::nullopt;
  return said(field, shown(value), "at least 0 and below 1");
}

complaint threshold(std::string_view field, double value) {
  if (value > 0.0 && value <= 1.0)
    return std::nullopt;
  return said(field, shown(value), "above 0 and at most 1");
}

complaint positive(std::string_view field, double value) {
  if (value > 0.0 && std::isfinite(value))
    return std::nullopt;
  return said(field, shown(value), "a number above 0");
}

complaint within(std::string_view field, uint64_t value, uint64_t least,
                 uint64_t most) {
  return checked_range(field, value, least, most);
}

complaint within(std::string_view field, double value, double least,
                 double most) {
  return checked_range(field, value, least, most);
}

complaint within(std::string_view field, duration value, duration least,
                 duration most) {
  return checked_range(field, value, least, most);
}

} // namespace bulwark::option_checks
