#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <utility>

namespace bulwark::detail {

/// The experiment that goes on at this node: its events carry the name.
///
/// Safe to call from any thread.
class experiment_tag {
public:
  /// Empty: none does.
  void set(std::string name) {
    std::lock_guard guard{lock_};
    name_ = std::move(name);
    set_ = !name_.empty();
  }

  /// Looks at one atomic while there is none.
  std::string get() const {
    if (!set_)
      return {};
    std::lock_guard guard{lock_};
    return name_;
  }

private:
  mutable std::mutex lock_;
  std::atomic<bool> set_{false};
  std::string name_;
};

} // namespace bulwark::detail
