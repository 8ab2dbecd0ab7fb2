#pragma once

#include <caf/error.hpp>

#include <cstdint>
#include <memory>
#include <new>
#include <string>

namespace bulwark {

/// Thrown where a budget of bytes has no more room: "images: 4096 bytes for
/// thumbnails are not free; 998 of 1000 are in use". Containers let it through
/// and stay as they were.
///
/// Immutable after construction.
class memory_exhausted : public std::bad_alloc {
public:
  /// `used` of `limit` are in use.
  memory_exhausted(const std::string& pool, const std::string& consumer,
                   uint64_t wanted, uint64_t used, uint64_t limit);

  const char* what() const noexcept override { return text_->c_str(); }

  /// Bytes that were not free.
  uint64_t wanted() const noexcept { return wanted_; }

  /// As a handler may answer it: `errc::memory_exhausted`.
  caf::error error() const;

private:
  // Shared, because exceptions are copied and must not throw then.
  std::shared_ptr<const std::string> text_;
  uint64_t wanted_;
};

} // namespace bulwark
