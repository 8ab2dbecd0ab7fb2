#include "rules/source.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>

namespace fs = std::filesystem;

namespace rules {

namespace {

// Walks over a text once and blanks what is not code.
class blanker {
public:
  explicit blanker(std::string text) : text_(std::move(text)) {}

  std::string run() && {
    while (pos_ < text_.size())
      step();
    return std::move(text_);
  }

private:
  bool at(const std::string& what) const {
    return text_.compare(pos_, what.size(), what) == 0;
  }

  // Blanks up to `end`, line ends excepted, and goes there.
  void blank_to(size_t end) {
    end = std::min(end, text_.size());
    for (; pos_ < end; ++pos_)
      if (text_[pos_] != '\n')
        text_[pos_] = ' ';
  }

  // Returns the position of `what` from here on, or the end of the text.
  size_t find(const std::string& what) const {
    return std::min(text_.find(what, pos_), text_.size());
  }

  // A ' between digits separates them: 10'000.
  bool is_separator() const {
    return pos_ > 0
           && std::isalnum(static_cast<unsigned char>(text_[pos_ - 1]));
  }

  void step() {
    if (at("//"))
      blank_to(find("\n"));
    else if (at("/*"))
      blank_to(find("*/") + 2);
    else if (at("R\"") && !is_separator())
      raw_literal();
    else if (at("\"") || (at("'") && !is_separator()))
      literal(text_[pos_]);
    else
      ++pos_;
  }

  void literal(char quote) {
    size_t end = pos_ + 1;
    while (end < text_.size() && text_[end] != quote && text_[end] != '\n')
      end += text_[end] == '\\' ? 2 : 1;
    ++pos_;
    blank_to(end);
    ++pos_;
  }

  void raw_literal() {
    const auto open = find("(");
    const auto mark = text_.substr(pos_ + 2, open - pos_ - 2);
    pos_ += 2;
    blank_to(find(")" + mark + "\"") + mark.size() + 1);
    ++pos_;
  }

  std::string text_;
  size_t pos_ = 0;
};

bool is_cpp(const fs::path& file) {
  return file.extension() == ".hpp" || file.extension() == ".cpp";
}

// What an #include names is no literal: it is taken over as written.
void restore_includes(source& file) {
  for (size_t i = 0; i < file.lines.size(); ++i)
    if (file.code[i].starts_with("#include"))
      file.code[i] = file.lines[i];
}

} // namespace

bool source::in(const std::string& folder) const {
  return path.starts_with(folder + "/");
}

std::string code_of(const std::string& text) {
  return blanker{text}.run();
}

std::string read_file(const fs::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

std::vector<std::string> split_lines(const std::string& text) {
  std::vector<std::string> result;
  size_t start = 0;
  for (size_t end; (end = text.find('\n', start)) != std::string::npos;
       start = end + 1)
    result.push_back(text.substr(start, end - start));
  if (start < text.size())
    result.push_back(text.substr(start));
  return result;
}

std::vector<source> read_sources(const fs::path& root) {
  std::vector<source> result;
  for (const char* folder :
       {"core", "actors", "runtime", "examples", "tests", "bench"}) {
    if (!fs::is_directory(root / folder))
      continue;
    for (const auto& entry : fs::recursive_directory_iterator{root / folder}) {
      if (!entry.is_regular_file() || !is_cpp(entry.path()))
        continue;
      const auto text = read_file(entry.path());
      result.push_back({fs::relative(entry.path(), root).generic_string(),
                        split_lines(text), split_lines(code_of(text))});
      restore_includes(result.back());
    }
  }
  std::sort(result.begin(), result.end(),
            [](const auto& x, const auto& y) { return x.path < y.path; });
  return result;
}

} // namespace rules
