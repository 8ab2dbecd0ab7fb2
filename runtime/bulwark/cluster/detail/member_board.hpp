#pragma once

#include <bulwark/cluster/cluster_member.hpp>

#include <mutex>
#include <utility>
#include <vector>

namespace bulwark::detail {

/// What the link knows of the other nodes, for those who want to see it.
///
/// Safe to call from any thread.
class member_board {
public:
  void show(std::vector<cluster_member> all) {
    std::lock_guard guard{lock_};
    all_ = std::move(all);
  }

  std::vector<cluster_member> read() const {
    std::lock_guard guard{lock_};
    return all_;
  }

private:
  mutable std::mutex lock_;
  std::vector<cluster_member> all_;
};

} // namespace bulwark::detail
