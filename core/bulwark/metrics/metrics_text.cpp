#include <bulwark/metrics/metrics_text.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <utility>

namespace bulwark {

namespace {

/// Whole numbers below it are exact, and are written without an exponent.
constexpr double whole_max = 9007199254740992;

std::string_view suffix_of(metric_type type) {
  switch (type) {
  case metric_type::gauge:
    return "";
  case metric_type::counter:
    return "_total";
  case metric_type::info:
    return "_info";
  case metric_type::histogram:
    return "";
  }
  return "";
}

std::string_view metric_word_of(metric_type type, metrics_format format) {
  if (type == metric_type::counter)
    return "counter";
  if (type == metric_type::histogram)
    return "histogram";
  if (type == metric_type::info && format == metrics_format::openmetrics)
    return "info";
  return "gauge";
}

void write_number(std::string& out, double value) {
  if (std::isnan(value)) {
    out += "NaN";
  } else if (std::isinf(value)) {
    out += value > 0 ? "+Inf" : "-Inf";
  } else if (std::trunc(value) == value && std::abs(value) < whole_max) {
    out += std::to_string(static_cast<int64_t>(value));
  } else {
    std::array<char, 32> digits{};
    auto end =
      std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    out.append(digits.data(), end);
  }
}

void write_escaped(std::string& out, std::string_view text, bool quotes) {
  for (auto c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '\\' || (quotes && c == '"'))
      out += '\\';
    out += c;
  }
}

/// Writes one text.
class metrics_writer {
public:
  metrics_writer(metrics_format format, size_t series_max)
    : format_(format), left_(series_max - 1) {}

  void write(const metric_family& what) {
    if (what.samples.empty())
      return;
    auto count = std::min(what.samples.size(), left_);
    // No part of a histogram.
    while (what.type == metric_type::histogram && count > 0
           && what.samples[count - 1].suffix != "_sum")
      --count;
    left_out_ += what.samples.size() - count;
    left_ -= count;
    if (count == 0)
      return;
    write_head(what);
    for (size_t i = 0; i < count; ++i)
      write_sample(what, what.samples[i]);
  }

  std::string end() {
    metric_family rest{"bulwark_series_left_out",
                       "Values that had no place in this answer."};
    rest.add(static_cast<double>(left_out_));
    write_head(rest);
    write_sample(rest, rest.samples.front());
    if (format_ == metrics_format::openmetrics)
      out_ += "# EOF\n";
    return std::move(out_);
  }

private:
  /// In OpenMetrics a family has no suffix, its values have one.
  void begin_line(std::string_view keyword, const metric_family& what) {
    out_.append("# ").append(keyword).append(" ").append(what.name);
    if (format_ == metrics_format::prometheus)
      out_ += suffix_of(what.type);
    out_ += ' ';
  }

  void write_head(const metric_family& what) {
    auto open = format_ == metrics_format::openmetrics;
    begin_line("HELP", what);
    write_escaped(out_, what.help, open);
    out_ += '\n';
    begin_line("TYPE", what);
    out_.append(metric_word_of(what.type, format_)).append("\n");
    if (!open || what.unit.empty())
      return;
    begin_line("UNIT", what);
    out_.append(what.unit).append("\n");
  }

  void write_sample(const metric_family& what, const metric_sample& sample) {
    out_.append(what.name).append(suffix_of(what.type)).append(sample.suffix);
    char before = '{';
    for (const auto& [name, value] : sample.labels) {
      out_.append(1, before).append(name).append("=\"");
      write_escaped(out_, value, true);
      out_ += '"';
      before = ',';
    }
    if (!sample.labels.empty())
      out_ += '}';
    out_ += ' ';
    write_number(out_, sample.value);
    out_ += '\n';
  }

  metrics_format format_;

  /// One place is kept for the number of those without.
  size_t left_;
  size_t left_out_ = 0;
  std::string out_;
};

} // namespace

std::string metrics_text(const std::vector<metric_family>& families,
                         metrics_format format, size_t series_max) {
  metrics_writer writer{format, series_max};
  for (const auto& each : families)
    writer.write(each);
  return writer.end();
}

} // namespace bulwark
