#pragma once

#include <cstddef>
#include <deque>
#include <string_view>
#include <vector>

namespace bulwark::detail {

/// Bytes that wait to be sent, in order, in blocks: one vector that doubles
/// would hold three times as much at times.
///
/// Confined to one thread.
class send_queue {
public:
  static constexpr size_t block_size = size_t{64} * 1024;

  void append(std::string_view bytes);

  /// Returns some of the bytes that are next; none if there are none.
  std::string_view front() const noexcept;

  /// @pre `count` is at most the size of `front()`
  void sent(size_t count);

  void clear() noexcept;

  size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }

private:
  using block = std::vector<char>;

  block fresh();

  std::deque<block> blocks_;

  // How many bytes of the first block are sent.
  size_t sent_ = 0;
  size_t size_ = 0;

  // One that is empty, so that a connection that is used does not allocate.
  block spare_;
};

} // namespace bulwark::detail
