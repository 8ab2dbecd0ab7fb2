#include "peers/otp/cases.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

namespace test::otp {

namespace {

using words_list = std::vector<std::string_view>;

// The words of each vocabulary stand in the order of its enumerators.
constexpr std::array<std::string_view, 4> strategy_words{
  "one_for_one", "one_for_all", "rest_for_one", "simple_one_for_one"};
constexpr std::array<std::string_view, 3> restart_words{
  "permanent", "transient", "temporary"};
constexpr std::array<std::string_view, 2> weight_words{"plain", "significant"};
constexpr std::array<std::string_view, 3> auto_shutdown_words{
  "never", "any_significant", "all_significant"};
constexpr std::array<std::string_view, 4> class_words{"normal", "shutdown",
                                                      "error", "kill"};
constexpr std::array<std::string_view, 3> kind_words{"supervisor", "worker",
                                                     "template"};
constexpr std::array<std::string_view, 12> verb_words{
  "exit",  "fail_start",   "die_during", "terminate", "restart", "delete",
  "start", "ignore_start", "deaf",       "wait",      "count",   "spec"};
constexpr std::string_view brutal_kill = "brutal_kill";

template <size_t Size, class Value>
std::string word(const std::array<std::string_view, Size>& words, Value value) {
  return std::string{words.at(static_cast<size_t>(value))};
}

// Thrown and caught in this file only; a complaint is a value outside.
struct unreadable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

template <class Value, size_t Size>
Value read_word(const std::array<std::string_view, Size>& words,
                std::string_view text) {
  const auto found = std::find(words.begin(), words.end(), text);
  if (found == words.end())
    throw unreadable{"no such word: " + std::string{text}};
  return static_cast<Value>(found - words.begin());
}

template <class Number>
Number read_number(std::string_view text) {
  Number result = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, result);
  if (failure != std::errc{} || stop != end)
    throw unreadable{"not a number: " + std::string{text}};
  return result;
}

void expect_words(const words_list& words, size_t count) {
  if (words.size() != count)
    throw unreadable{"expected " + std::to_string(count) + " words"};
}

words_list split(std::string_view text, char separator) {
  words_list result;
  size_t start = 0;
  while (start <= text.size()) {
    const auto end = std::min(text.find(separator, start), text.size());
    result.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return result;
}

std::string to_text(const node& item) {
  auto text = word(kind_words, item.kind) + ' ' + item.id + ' ' + item.parent
              + ' ' + word(restart_words, item.restart) + ' '
              + word(weight_words, item.significant);
  if (item.kind == node_kind::supervisor)
    text += ' ' + word(strategy_words, item.strategy) + ' '
            + std::to_string(item.intensity) + ' '
            + std::to_string(item.period_s) + ' '
            + word(auto_shutdown_words, item.on_significant);
  else if (item.shutdown_ms == 0u)
    text += ' ' + std::string{brutal_kill};
  else if (item.shutdown_ms)
    text += ' ' + std::to_string(*item.shutdown_ms);
  return text;
}

node read_node(const words_list& words) {
  if (words.size() < 5)
    throw unreadable{"expected 5 words or more"};
  node item;
  item.kind = read_word<node_kind>(kind_words, words[0]);
  item.id = words[1];
  item.parent = words[2];
  item.restart = read_word<restart_type>(restart_words, words[3]);
  item.significant = read_word<bool>(weight_words, words[4]);
  if (item.kind != node_kind::supervisor) {
    if (words.size() == 6)
      item.shutdown_ms =
        words[5] == brutal_kill ? 0 : read_number<uint32_t>(words[5]);
    else
      expect_words(words, 5);
    return item;
  }
  expect_words(words, 9);
  item.strategy = read_word<restart_strategy>(strategy_words, words[5]);
  item.intensity = read_number<uint32_t>(words[6]);
  item.period_s = read_number<uint32_t>(words[7]);
  item.on_significant = read_word<auto_shutdown>(auto_shutdown_words, words[8]);
  return item;
}

// `words` starts with the verb.
action read_action(const words_list& words) {
  if (words.size() < 2)
    throw unreadable{"expected an action"};
  action item;
  item.what = read_word<verb>(verb_words, words[0]);
  item.id = words[1];
  switch (item.what) {
  case verb::exit:
    expect_words(words, 3);
    item.how = read_word<exit_class>(class_words, words[2]);
    break;
  case verb::fail_start:
  case verb::ignore_start:
    expect_words(words, 3);
    item.times = read_number<uint32_t>(words[2]);
    break;
  case verb::wait:
    expect_words(words, 2);
    item.times = read_number<uint32_t>(words[1]);
    break;
  case verb::die_during:
    expect_words(words, 4);
    item.other = words[2];
    item.how = read_word<exit_class>(class_words, words[3]);
    break;
  case verb::start_child:
    item.spec = read_node({words.begin() + 1, words.end()});
    item.id = item.spec->id;
    break;
  case verb::terminate_child:
  case verb::restart_child:
  case verb::delete_child:
  case verb::deaf:
  case verb::count:
  case verb::spec:
    expect_words(words, 2);
    break;
  }
  return item;
}

// Reads line by line; a case is complete with its `end`.
class reader {
public:
  void read(std::string_view line) {
    auto words = split(line, ' ');
    if (words[0] == "case") {
      expect_words(words, 2);
      if (open_)
        throw unreadable{"a case within a case"};
      open_.emplace().number = read_number<uint64_t>(words[1]);
    } else if (!open_) {
      throw unreadable{"outside of a case"};
    } else if (line == "with reports") {
      open_->reports = true;
    } else if (words[0] == "do") {
      words.erase(words.begin());
      open_->script.push_back(read_action(words));
    } else if (words[0] == "end") {
      expect_words(words, 1);
      cases_.push_back(*std::move(open_));
      open_.reset();
    } else if (!open_->script.empty()) {
      throw unreadable{"the tree comes before the script"};
    } else {
      open_->tree.push_back(read_node(words));
    }
  }

  std::vector<peer_case> finish() && {
    if (open_)
      throw unreadable{"a case without its end"};
    return std::move(cases_);
  }

private:
  std::optional<peer_case> open_;
  std::vector<peer_case> cases_;
};

} // namespace

std::string to_text(const action& item) {
  auto text = word(verb_words, item.what) + ' ';
  switch (item.what) {
  case verb::exit:
    return text + item.id + ' ' + word(class_words, item.how);
  case verb::fail_start:
  case verb::ignore_start:
    return text + item.id + ' ' + std::to_string(item.times);
  case verb::wait:
    return text + std::to_string(item.times);
  case verb::die_during:
    return text + item.id + ' ' + item.other + ' '
           + word(class_words, item.how);
  case verb::start_child:
    return text + to_text(item.spec.value());
  case verb::terminate_child:
  case verb::restart_child:
  case verb::delete_child:
  case verb::deaf:
  case verb::count:
  case verb::spec:
    return text + item.id;
  }
  return text;
}

std::string to_text(const peer_case& item) {
  auto text = "case " + std::to_string(item.number) + '\n';
  if (item.reports)
    text += "with reports\n";
  for (const auto& child : item.tree)
    text += to_text(child) + '\n';
  for (const auto& step : item.script)
    text += "do " + to_text(step) + '\n';
  return text + "end\n";
}

parsed_cases parse(std::string_view text) {
  reader cases;
  size_t number = 0;
  try {
    for (auto line : split(text, '\n')) {
      ++number;
      if (!line.empty())
        cases.read(line);
    }
    return {std::move(cases).finish(), {}};
  } catch (const unreadable& error) {
    return {{}, "line " + std::to_string(number) + ": " + error.what()};
  }
}

} // namespace test::otp
