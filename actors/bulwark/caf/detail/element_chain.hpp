#pragma once

#include <bulwark/caf/detail/element.hpp>

#include <cstddef>
#include <utility>

namespace bulwark::detail {

/// Mailbox elements in order, linked by the link that CAF gives them: moving
/// messages between a mailbox, a chain and another mailbox allocates nothing.
///
/// Confined to one thread; whoever shares one guards it.
class element_chain {
public:
  element_chain() = default;

  element_chain(element_chain&& other) noexcept { swap(other); }

  element_chain& operator=(element_chain&& other) noexcept {
    element_chain tmp{std::move(other)};
    swap(tmp);
    return *this;
  }

  ~element_chain() {
    while (!empty())
      pop_front();
  }

  bool empty() const noexcept { return head_ == nullptr; }

  size_t size() const noexcept { return size_; }

  void push_back(element_ptr what) noexcept {
    auto* last = what.release();
    last->next = nullptr;
    if (tail_ == nullptr)
      head_ = last;
    else
      tail_->next = last;
    tail_ = last;
    ++size_;
  }

  /// Returns the first element, or null.
  element_ptr pop_front() noexcept {
    if (head_ == nullptr)
      return nullptr;
    element_ptr result{head_};
    head_ = static_cast<element*>(head_->next);
    if (head_ == nullptr)
      tail_ = nullptr;
    result->next = nullptr;
    --size_;
    return result;
  }

  template <class F>
  void for_each(F f) const {
    for (const auto* each = head_; each != nullptr;
         each = static_cast<const element*>(each->next))
      f(*each);
  }

  /// Puts all of `other` behind the last element.
  void append(element_chain&& other) noexcept {
    if (other.empty())
      return;
    if (tail_ == nullptr)
      head_ = other.head_;
    else
      tail_->next = other.head_;
    tail_ = other.tail_;
    size_ += other.size_;
    other.head_ = other.tail_ = nullptr;
    other.size_ = 0;
  }

  /// Puts all of `other` before the first element.
  void prepend(element_chain&& other) noexcept {
    other.append(std::move(*this));
    swap(other);
  }

private:
  void swap(element_chain& other) noexcept {
    std::swap(head_, other.head_);
    std::swap(tail_, other.tail_);
    std::swap(size_, other.size_);
  }

  element* head_ = nullptr;
  element* tail_ = nullptr;
  size_t size_ = 0;
};

} // namespace bulwark::detail
