#pragma once

#include <bulwark/protection/detail/answer_cache.hpp>
#include <bulwark/protection/fallback_options.hpp>
#include <bulwark/time/time.hpp>

#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

namespace bulwark {

/// The last good answer for each content, within the bounds of
/// `fallback_options`; see `answer_cache`.
///
/// Safe to call from any thread.
template <class T>
class last_answers {
public:
  /// `size_of` tells how many bytes an answer has; empty: `sizeof(T)`.
  explicit last_answers(const fallback_options& options = {},
                        std::function<size_t(const T&)> size_of = {})
    : size_of_(std::move(size_of)), kept_(options) {}

  struct answer {
    T value;
    wall_time timestamp;
  };

  void put(std::string_view content, T value, time_point now,
           wall_time timestamp) {
    auto bytes = size_of_ ? size_of_(value) : sizeof(T);
    std::lock_guard guard{lock_};
    kept_.put(content, std::move(value), bytes, now, timestamp);
  }

  std::optional<answer> find(std::string_view content, time_point now) {
    std::lock_guard guard{lock_};
    const auto* known = kept_.find(content, now);
    if (known == nullptr)
      return std::nullopt;
    return answer{known->value, known->timestamp};
  }

private:
  std::function<size_t(const T&)> size_of_;
  std::mutex lock_;
  answer_cache<T> kept_;
};

} // namespace bulwark
