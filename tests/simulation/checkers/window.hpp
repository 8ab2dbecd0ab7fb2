#pragma once

#include <bulwark/time/time.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace test::sim {

/// When something happened, for counting it within a stretch of time. Kept
/// apart from `restart_intensity`, which it judges.
///
/// Confined to one thread.
class window {
public:
  void add(bulwark::time_point at) { all_.push_back(at); }

  void clear() { all_.clear(); }

  /// Somebody may have changed what counts; no verdict until then.
  void doubt(bulwark::time_point until) { doubt_ = std::max(doubt_, until); }

  bool doubted() const { return doubt_ != bulwark::time_point{}; }
  bool doubted_at(bulwark::time_point at) const { return at <= doubt_; }

  size_t size() const { return all_.size(); }

  /// Returns how many happened within `period` up to `now`, both included.
  size_t count(bulwark::time_point now, bulwark::duration period) const {
    auto recent = std::count_if(all_.begin(), all_.end(),
                                [=](auto at) { return now - at <= period; });
    return static_cast<size_t>(recent);
  }

private:
  std::vector<bulwark::time_point> all_;
  bulwark::time_point doubt_{};
};

} // namespace test::sim
