#pragma once

#include <bulwark/cluster/noticing_options.hpp>
#include <bulwark/time/time.hpp>

#include <cstdint>

namespace bulwark::detail {

/// Whether a node may judge others: one that does not get to its own beat in
/// time does not get to hear others either. After the local health of
/// Dadgar et al., "Lifeguard: local health awareness for more accurate failure
/// detection" (2018).
///
/// Confined to one thread.
class self_doubt {
public:
  self_doubt(const noticing_options& options, time_point now)
    : options_(options), last_(now) {}

  /// This node's own beat, due each `beat`. If it comes too late nobody is
  /// judged before a whole round was heard, that is until the next beat that is
  /// in time.
  void beat(time_point now) {
    auto too_late = now - last_ > options_.beat + options_.late;
    last_ = now;
    sure_ = !too_late;
    if (too_late)
      score_ = score_ < options_.doubt_max ? score_ + 1 : score_;
    else if (score_ > 0)
      --score_;
  }

  /// Whether others may be judged at that time.
  bool sure(time_point now) const noexcept {
    return sure_ && now - last_ <= options_.beat + options_.late;
  }

  /// Limits are stretched by this.
  double stretch() const noexcept { return 1.0 + score_; }

private:
  noticing_options options_;
  time_point last_;
  bool sure_ = true;
  uint32_t score_ = 0;
};

} // namespace bulwark::detail
