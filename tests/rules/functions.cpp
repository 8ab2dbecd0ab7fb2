#include "rules/rules.hpp"

#include <cctype>
#include <regex>

namespace rules {

namespace {

// Finds the bodies of functions by their braces. What a brace opens is told
// by the words before it, back to the last `;`, `{` or `}`.
class function_finder {
public:
  explicit function_finder(const source& file)
    : file_(file), lines_max_(is_test(file) ? 100 : 50) {}

  std::vector<finding> run() && {
    for (line_ = 0; line_ < file_.code.size(); ++line_) {
      const auto& line = file_.code[line_];
      if (line.starts_with("#"))
        continue;
      for (char c : line)
        step(c);
      words_ += ' ';
    }
    return std::move(found_);
  }

private:
  void step(char c) {
    if (c == '{')
      open();
    else if (c == '}')
      close();
    else if (function_depth_ != 0 || initialiser_depth_ != 0)
      return;
    else if (c == ';')
      words_.clear();
    else
      words_ += c;
  }

  void open() {
    ++depth_;
    if (function_depth_ != 0 || initialiser_depth_ != 0)
      return;
    if (opens_scope()) {
      words_.clear();
    } else if (opens_function()) {
      function_depth_ = depth_;
      start_ = line_;
      words_.clear();
    } else {
      initialiser_depth_ = depth_;
    }
  }

  void close() {
    if (depth_ == function_depth_) {
      const auto lines = line_ - start_ + 1;
      if (lines > lines_max_)
        found_.push_back({file_.path, start_ + 1,
                          "a function of " + std::to_string(lines)
                            + " lines, more than 50; give its steps names"});
      function_depth_ = 0;
      words_.clear();
    } else if (depth_ == initialiser_depth_) {
      initialiser_depth_ = 0;
      words_ += "{}";
    } else if (function_depth_ == 0 && initialiser_depth_ == 0) {
      words_.clear();
    }
    --depth_;
  }

  bool opens_scope() const {
    static const std::regex scope{
      R"(^\s*((public|protected|private):\s*)?(template\s*<.*>\s*)?)"
      R"((inline\s+)?(namespace|class|struct|union|enum|extern)\b[^()=]*$)"};
    return std::regex_search(words_, scope);
  }

  // `f(...) {`, `f(...) const noexcept {`, `f(...) -> type {`, and the brace
  // after the member initialisers of a constructor.
  bool opens_function() const {
    static const std::regex plain{
      R"(\)\s*((const|noexcept|override|final|mutable|&&?)\s*)*$)"};
    static const std::regex returns{R"(\)[^;]*->[^;=]*$)"};
    static const std::regex initialised{R"(\)\s*(noexcept\s*)?:[^:].*\}\s*$)"};
    return std::regex_search(words_, plain)
           || std::regex_search(words_, returns)
           || std::regex_search(words_, initialised);
  }

  const source& file_;
  const size_t lines_max_;
  std::vector<finding> found_;
  std::string words_;
  size_t line_ = 0;
  size_t start_ = 0;
  size_t depth_ = 0;
  size_t function_depth_ = 0;
  size_t initialiser_depth_ = 0;
};

} // namespace

std::vector<finding> functions_are_short(const std::vector<source>& files) {
  std::vector<finding> result;
  for (const auto& file : files) {
    auto found = function_finder{file}.run();
    result.insert(result.end(), found.begin(), found.end());
  }
  return result;
}

} // namespace rules
