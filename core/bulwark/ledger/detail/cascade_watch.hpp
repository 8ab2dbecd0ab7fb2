#pragma once

#include <bulwark/ledger/report.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

namespace bulwark {

/// Finds failures that followed each other. Knows the latest failure of each
/// of the `recent_max` components that failed last, as far as it is not older
/// than 300 s: a failure beyond that is not looked at.
///
/// Confined to one actor.
class cascade_watch {
public:
  static constexpr size_t recent_max = 64;
  static constexpr size_t trees_max = 50;

  struct member {
    uint32_t component = 0;
    int64_t at = 0;
    uint32_t after = 0;
    cascade_link through = cascade_link::none;
  };

  struct tree {
    uint64_t number = 0;
    uint64_t more = 0;
    std::vector<member> members;
  };

  /// Tells through what an earlier failure of this component has led to the
  /// one at hand.
  using relation = std::function<cascade_link(uint32_t)>;

  /// @pre failures come in the order of time
  void failed(uint32_t component, int64_t at, const relation& related);

  /// Failures within 300 s after the one before.
  [[nodiscard]] uint64_t failures() const noexcept { return failures_; }

  /// Failures within 300 s after a related one.
  [[nodiscard]] uint64_t cascades() const noexcept { return cascades_; }

  /// The latest ones, in the order in which they began.
  [[nodiscard]] const std::deque<tree>& trees() const noexcept {
    return trees_;
  }

private:
  static constexpr uint64_t no_tree = 0;

  struct recent {
    uint32_t component = 0;
    int64_t at = 0;

    // Where it stands; `members_max` as member: beyond what is kept.
    uint64_t tree = no_tree;
    uint32_t place = 0;
  };

  void forget(uint32_t component, int64_t at);
  void follow(recent& earlier, recent& later, cascade_link through);
  tree* find(uint64_t number);

  std::vector<recent> recent_;
  std::deque<tree> trees_;
  uint64_t next_tree_ = 1;
  int64_t latest_ = INT64_MIN;
  uint64_t failures_ = 0;
  uint64_t cascades_ = 0;
};

} // namespace bulwark
