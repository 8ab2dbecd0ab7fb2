#include <bulwark/events/event_words.hpp>

#include <functional>
#include <string>
#include <unordered_map>

namespace bulwark {

namespace {

/// All words for the values from 0 up to `last`.
template <class Value>
class word_list {
public:
  explicit word_list(Value last) {
    for (int i = 0; i <= static_cast<int>(last); ++i)
      values_.emplace(to_string(static_cast<Value>(i)), static_cast<Value>(i));
  }

  std::optional<Value> find(std::string_view word) const {
    auto at = values_.find(word);
    return at == values_.end() ? std::nullopt : std::optional{at->second};
  }

private:
  struct hash {
    using is_transparent = void;

    size_t operator()(std::string_view word) const {
      return std::hash<std::string_view>{}(word);
    }
  };

  std::unordered_map<std::string, Value, hash, std::equal_to<>> values_;
};

} // namespace

std::optional<event_kind> parse_event_kind(std::string_view word) {
  static const word_list words{last_event_kind};
  return words.find(word);
}

std::optional<severity> parse_severity(std::string_view word) {
  static const word_list words{severity::critical};
  return words.find(word);
}

std::optional<failure_type> parse_failure_type(std::string_view word) {
  static const word_list words{failure_type::reported};
  return words.find(word);
}

} // namespace bulwark
