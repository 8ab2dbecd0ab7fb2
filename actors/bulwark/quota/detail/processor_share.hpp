#pragma once

#include <bulwark/quota/detail/processor_claims.hpp>

namespace bulwark::detail {

/// The processors that one quota keeps to, of those that the thread was allowed
/// that made the first quota of the process. Linux; elsewhere, and where there
/// are too few, a quota keeps to none.
///
/// Safe to call from any thread.
class processor_share {
public:
  explicit processor_share(const cpu_quota_options& options);
  ~processor_share();

  processor_share(const processor_share&) = delete;
  processor_share& operator=(const processor_share&) = delete;

  /// Has the calling thread, and what it will start, keep to them for good.
  /// Returns whether that was done.
  bool confine() const noexcept;

  /// Whether another quota of the process keeps to one of them too.
  bool shared() const;

private:
  const processor_claims::processors ours_;
};

} // namespace bulwark::detail
