#pragma once

#include <atomic>
#include <string>

namespace storefront {

/// Whether the one node that the demo kills is away.
///
/// Safe to call from any thread.
class outage {
public:
  explicit outage(std::string node) : node_(std::move(node)) {}

  const std::string& node() const noexcept { return node_; }

  /// To be called before the kill and after the return.
  void begin() { away_ = true; }
  void end() { away_ = false; }

  bool of(const std::string& node) const { return node == node_ && away_; }

private:
  std::string node_;
  std::atomic<bool> away_{false};
};

} // namespace storefront
