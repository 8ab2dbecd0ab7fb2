#include <bulwark/metrics/metrics_format.hpp>

#include <algorithm>
#include <charconv>

namespace bulwark {

namespace {

/// One element of the field `Accept`.
struct wanted_type {
  std::string_view name;
  std::string_view version = {};
  double quality = 1;
};

std::string_view without_blanks(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  return text.substr(0, text.find_last_not_of(" \t") + 1);
}

/// Cuts off what stands before the first `end`, and `end`.
std::string_view take_until(std::string_view& text, char end) {
  auto first = text.substr(0, text.find(end));
  text.remove_prefix(std::min(text.size(), first.size() + 1));
  return without_blanks(first);
}

/// 0 where it is no number.
double quality_of(std::string_view text) {
  double result = 0;
  auto end = text.data() + text.size();
  auto parsed = std::from_chars(text.data(), end, result);
  return parsed.ec == std::errc{} && parsed.ptr == end ? result : 0;
}

wanted_type read_wanted(std::string_view element) {
  wanted_type result{take_until(element, ';')};
  while (!element.empty()) {
    auto value = take_until(element, ';');
    auto name = take_until(value, '=');
    if (name == "version")
      result.version = value;
    else if (name == "q")
      result.quality = quality_of(value);
  }
  return result;
}

} // namespace

metrics_format metrics_format_for(std::string_view accept) {
  double openmetrics = 0;
  double text = 0;
  while (!accept.empty()) {
    auto each = read_wanted(take_until(accept, ','));
    if (each.name == "application/openmetrics-text") {
      if (each.version.empty() || each.version == "1.0.0")
        openmetrics = std::max(openmetrics, each.quality);
    } else if (each.name == "text/plain" || each.name == "text/*"
               || each.name == "*/*") {
      text = std::max(text, each.quality);
    }
  }
  return openmetrics > 0 && openmetrics >= text ? metrics_format::openmetrics
                                                : metrics_format::prometheus;
}

std::string_view content_type_of(metrics_format format) noexcept {
  return format == metrics_format::openmetrics
           ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
           : "text/plain; version=0.0.4; charset=utf-8";
}

} // namespace bulwark
