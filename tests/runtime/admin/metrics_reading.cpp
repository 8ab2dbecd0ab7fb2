#include "runtime/admin/metrics_reading.hpp"

#include <cmath>
#include <cstdlib>
#include <regex>
#include <set>
#include <utility>

namespace bulwark::test {

namespace {

using std::string;

class metrics_reader {
public:
  explicit metrics_reader(bool open) : open_(open) {}

  metrics_reading read(const string& text) {
    demand(text.ends_with('\n'), "no end of the last line");
    for (size_t from = 0; from < text.size();) {
      auto end = text.find('\n', from);
      line_ = text.substr(from, end - from);
      demand(!ended_, "a line behind the end");
      read_line();
      from = end + 1;
    }
    demand(ended_ == open_, "EOF");
    return result_;
  }

private:
  void demand(bool condition, const string& what) const {
    if (!condition)
      throw metrics_fault{what + ": " + line_};
  }

  void read_line() {
    static const std::regex about{R"(# (HELP|TYPE|UNIT) ([a-zA-Z_]\w*) (.+))"};
    std::smatch match;
    if (line_ == "# EOF") {
      demand(open_, "an end where there is none");
      ended_ = true;
    } else if (std::regex_match(line_, match, about)) {
      read_about(match[1], match[2], match[3]);
    } else {
      read_value();
    }
  }

  void read_about(const string& keyword, const string& name,
                  const string& words) {
    if (keyword == "HELP") {
      demand(families_.insert(name).second, "a family comes twice");
      demand(family_.empty() || !type_.empty(),
             "the family before has no type");
      check_help(words);
      family_ = name;
      type_.clear();
      unit_.clear();
      has_values_ = false;
      return;
    }
    demand(name == family_ && !has_values_, "not of this family, or late");
    if (keyword == "UNIT") {
      demand(open_ && !type_.empty() && unit_.empty(), "a unit out of place");
      demand(words == "seconds" || words == "bytes" || words == "ratio",
             "not a base unit");
      demand(name.ends_with('_' + words), "the name lacks its unit");
      unit_ = words;
      return;
    }
    demand(type_.empty(), "a second type");
    demand(words == "gauge" || words == "counter" || words == "histogram"
             || (open_ && words == "info"),
           "an unknown type");
    demand(name.ends_with("_total") == (!open_ && words == "counter"),
           "the suffix of a counter");
    type_ = words;
    result_.types[name] = words;
  }

  void check_help(const string& words) const {
    for (size_t i = 0; i < words.size(); ++i) {
      demand(open_ ? words[i] != '"' : true, "a bare quote");
      if (words[i] != '\\')
        continue;
      auto next = i + 1 < words.size() ? words[++i] : ' ';
      demand(next == '\\' || next == 'n' || (open_ && next == '"'),
             "an unknown escape");
    }
  }

  void read_value() {
    static const std::regex value{R"re(([a-zA-Z_]\w*)(\{(.*)\})? ([^ ]+))re"};
    std::smatch match;
    demand(std::regex_match(line_, match, value), "neither words nor a value");
    demand(type_ == "histogram" || match[1] == family_ + suffix(),
           "not of this family");
    demand(!type_.empty(), "a value before its type");
    has_values_ = true;
    if (type_ == "histogram")
      check_histogram(match[1], match[3], number_in(match[4]));
    check_labels(match[3]);
    auto number = number_in(match[4]);
    demand(type_ != "counter" || number >= 0, "a negative counter");
    demand(type_ != "info" || number == 1, "an info that is not 1");
    auto series = line_.substr(0, line_.rfind(' '));
    demand(result_.values.emplace(series, number).second, "comes twice");
  }

  // Buckets come in order and only grow, up to +Inf, then count and sum.
  void check_histogram(const string& name, const string& labels,
                       double number) {
    static const std::regex bound{R"re((.*,)?le="([^"]+)")re"};
    std::smatch match;
    if (name == family_ + "_bucket") {
      demand(std::regex_match(labels, match, bound), "a bucket without bound");
      auto le = number_in(match[2]);
      demand(match[2] == "+Inf" || match[2].str().find('.') != string::npos,
             "a bound without fraction");
      auto first = bucket_ == std::pair<double, double>{};
      demand(first || (le > bucket_.first && number >= bucket_.second),
             "buckets out of order");
      bucket_ = {le, number};
    } else if (name == family_ + "_count") {
      demand(std::isinf(bucket_.first) && number == bucket_.second, "a count");
    } else {
      demand(name == family_ + "_sum" && std::isinf(bucket_.first), "a sum");
      bucket_ = {};
    }
  }

  string suffix() const {
    if (!open_)
      return "";
    return type_ == "counter" ? "_total" : type_ == "info" ? "_info" : "";
  }

  void check_labels(string text) const {
    static const std::regex label{
      R"re(([a-zA-Z_]\w*)="((?:[^"\\]|\\\\|\\n|\\")*)"(,|$))re"};
    std::set<string> names;
    std::smatch match;
    while (!text.empty()) {
      demand(std::regex_search(text, match, label,
                               std::regex_constants::match_continuous),
             "labels");
      auto name = match[1].str();
      demand(!name.starts_with("__") && names.insert(name).second,
             "a label's name");
      demand(match[3].length() == 0 || match.suffix().length() > 0,
             "a comma too many");
      text = match.suffix();
    }
  }

  double number_in(const string& text) const {
    static const std::regex number{R"([+-]?(\d+(\.\d+)?(e[+-]\d+)?|Inf)|NaN)"};
    demand(std::regex_match(text, number), "not a number");
    return std::strtod(text.c_str(), nullptr);
  }

  bool open_;
  bool ended_ = false;
  string line_;
  string family_;
  string type_;
  string unit_;
  bool has_values_ = false;
  std::pair<double, double> bucket_;
  std::set<string> families_;
  metrics_reading result_;
};

} // namespace

double metrics_reading::at(const string& series) const {
  auto found = values.find(series);
  if (found == values.end())
    throw metrics_fault{"there is no " + series};
  return found->second;
}

metrics_reading read_metrics(const string& text, bool open) {
  return metrics_reader{open}.read(text);
}

} // namespace bulwark::test
