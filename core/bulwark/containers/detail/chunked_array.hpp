#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace bulwark {

/// Elements that never move, in chunks that are allocated when they are first
/// needed and kept until the array dies. Each element has another one beside
/// it, for what is rarely written: apart, it does not travel along when the
/// element is passed from one processor to another.
///
/// Safe to call from any thread; the elements protect themselves.
template <class Element, class Beside, size_t SizeMax, size_t ChunkSize>
class chunked_array {
public:
  chunked_array() = default;

  ~chunked_array() {
    for (auto& each : chunks_)
      delete each.load(std::memory_order_relaxed);
  }

  chunked_array(const chunked_array&) = delete;
  chunked_array& operator=(const chunked_array&) = delete;

  /// Allocates the chunk of element `index`, if that did not happen yet.
  /// @pre `index < SizeMax`
  void need(uint32_t index) {
    auto& place = chunks_[index / ChunkSize];
    if (place.load(std::memory_order_acquire) != nullptr)
      return;
    auto fresh = std::make_unique<chunk>();
    chunk* expected = nullptr;
    if (place.compare_exchange_strong(expected, fresh.get(),
                                      std::memory_order_acq_rel))
      fresh.release();
  }

  /// Returns whether `need` was called for the chunk of `index`.
  /// @pre `index < SizeMax`
  bool has(uint32_t index) const noexcept {
    return chunks_[index / ChunkSize].load(std::memory_order_acquire)
           != nullptr;
  }

  /// @pre `has(index)`
  Element& at(uint32_t index) const noexcept {
    return chunk_of(index).elements[index % ChunkSize];
  }
  Beside& beside(uint32_t index) const noexcept {
    return chunk_of(index).beside[index % ChunkSize];
  }

private:
  struct chunk {
    std::array<Element, ChunkSize> elements;
    std::array<Beside, ChunkSize> beside;
  };

  chunk& chunk_of(uint32_t index) const noexcept {
    return *chunks_[index / ChunkSize].load(std::memory_order_acquire);
  }

  std::array<std::atomic<chunk*>, (SizeMax + ChunkSize - 1) / ChunkSize>
    chunks_{};
};

} // namespace bulwark
