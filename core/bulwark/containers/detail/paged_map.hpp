#pragma once

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <new>
#include <stdexcept>
#include <tuple>
#include <utility>
#include <vector>

namespace bulwark {

/// A map whose keys only grow: each new one is greater than all before it,
/// also than those that were erased. In return it finds, adds and erases
/// without walking a tree, and an element costs little more than itself.
///
/// Neighbours share a page of about 4 KiB, which is given back when the last
/// of them is erased. So an element that outlives all its neighbours keeps a
/// page alone.
///
/// References and iterators stay valid until their element is erased; `end`
/// only until the map changes.
///
/// Confined to one actor.
template <class T>
class paged_map {
public:
  using key_type = uint64_t;
  using mapped_type = T;
  using value_type = std::pair<const key_type, T>;

private:
  static constexpr size_t page_size = 4096 - 64;
  static constexpr size_t slots =
    std::clamp<size_t>(page_size / sizeof(value_type), 1, 64);

  struct page {
    explicit page(uint64_t n) : number(n) {}

    ~page() {
      for (auto slot = first_from(0); slot < slots; slot = first_from(slot + 1))
        std::destroy_at(&at(slot));
    }

    page(const page&) = delete;
    page& operator=(const page&) = delete;

    value_type& at(size_t slot) noexcept {
      return *std::launder(
        reinterpret_cast<value_type*>(&storage[slot * sizeof(value_type)]));
    }

    bool has(size_t slot) const noexcept { return (used >> slot & 1) != 0; }

    /// Returns the first element in `slot` or behind it, or `slots`.
    size_t first_from(size_t slot) const noexcept {
      auto rest = slot < 64 ? used >> slot : 0;
      return rest != 0 ? slot + static_cast<size_t>(std::countr_zero(rest))
                       : slots;
    }

    /// @pre there is one before `slot`
    size_t last_before(size_t slot) const noexcept {
      auto rest = slot < 64 ? used & ((uint64_t{1} << slot) - 1) : used;
      return 63 - static_cast<size_t>(std::countl_zero(rest));
    }

    uint64_t number;
    uint64_t used = 0;
    page* before = nullptr;
    page* next = nullptr;
    alignas(value_type) std::byte storage[slots * sizeof(value_type)];
  };

  template <class Value>
  class walker {
  public:
    using iterator_category = std::bidirectional_iterator_tag;
    using value_type = paged_map::value_type;
    using difference_type = std::ptrdiff_t;
    using pointer = Value*;
    using reference = Value&;

    walker() = default;

    /// From one that may change its element to one that may not.
    operator walker<const Value>() const noexcept { return {page_, slot_}; }

    Value& operator*() const noexcept { return page_->at(slot_); }
    Value* operator->() const noexcept { return &page_->at(slot_); }

    walker& operator++() noexcept {
      slot_ = page_->first_from(slot_ + 1);
      if (slot_ == slots && page_->next != nullptr) {
        page_ = page_->next;
        slot_ = page_->first_from(0);
      }
      return *this;
    }

    walker& operator--() noexcept {
      if (slot_ == page_->first_from(0)) {
        page_ = page_->before;
        slot_ = slots;
      }
      slot_ = page_->last_before(slot_);
      return *this;
    }

    friend bool operator==(const walker&, const walker&) = default;

  private:
    friend class paged_map;
    template <class>
    friend class walker;

    walker(page* at, size_t slot) noexcept : page_(at), slot_(slot) {}

    page* page_ = nullptr;
    size_t slot_ = 0;
  };

public:
  using iterator = walker<value_type>;
  using const_iterator = walker<const value_type>;

  paged_map() = default;

  paged_map(paged_map&& other) noexcept
    : pages_(std::move(other.pages_)), size_(std::exchange(other.size_, 0)) {}

  paged_map& operator=(paged_map&& other) noexcept {
    pages_ = std::move(other.pages_);
    size_ = std::exchange(other.size_, 0);
    return *this;
  }

  /// Adds an element behind all others.
  /// @pre no key was ever as great
  template <class... Args>
  iterator emplace_back(key_type key, Args&&... args) {
    auto number = key / slots;
    if (pages_.empty() || pages_.back()->number != number)
      add_page(number);
    iterator result{pages_.back().get(), key % slots};
    assert(result.page_->first_from(result.slot_) == slots);
    construct(result, key, std::forward<Args>(args)...);
    result.page_->used |= uint64_t{1} << result.slot_;
    ++size_;
    return result;
  }

  /// @pre the element is there
  void erase(const_iterator what) noexcept {
    auto& from = *what.page_;
    std::destroy_at(&from.at(what.slot_));
    from.used &= ~(uint64_t{1} << what.slot_);
    --size_;
    if (from.used == 0)
      drop_page(from);
  }

  /// Does nothing where there is none.
  void erase(key_type key) noexcept {
    if (auto it = find(key); it != end())
      erase(it);
  }

  void clear() noexcept {
    pages_.clear();
    size_ = 0;
  }

  iterator find(key_type key) noexcept { return locate(key); }
  const_iterator find(key_type key) const noexcept { return locate(key); }

  /// @throws std::out_of_range where there is none
  T& at(key_type key) { return known(key)->second; }
  const T& at(key_type key) const { return known(key)->second; }

  /// Returns the first element whose key is `key` or greater, or `end`.
  iterator lower_bound(key_type key) noexcept {
    auto at = place_of(key / slots);
    if (at == pages_.size())
      return last();
    auto& in = *pages_[at];
    if (in.number != key / slots)
      return {&in, in.first_from(0)};
    auto slot = in.first_from(key % slots);
    if (slot < slots || at + 1 == pages_.size())
      return {&in, slot};
    return {in.next, in.next->first_from(0)};
  }

  iterator begin() noexcept { return first(); }
  iterator end() noexcept { return last(); }
  const_iterator begin() const noexcept { return first(); }
  const_iterator end() const noexcept { return last(); }

  auto rbegin() noexcept { return std::make_reverse_iterator(end()); }
  auto rend() noexcept { return std::make_reverse_iterator(begin()); }

  size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }

private:
  iterator first() const noexcept {
    if (pages_.empty())
      return {};
    auto* in = pages_.front().get();
    return {in, in->first_from(0)};
  }

  iterator last() const noexcept {
    return pages_.empty() ? iterator{} : iterator{pages_.back().get(), slots};
  }

  iterator locate(key_type key) const noexcept {
    auto at = place_of(key / slots);
    if (at == pages_.size() || pages_[at]->number != key / slots
        || !pages_[at]->has(key % slots))
      return last();
    return {pages_[at].get(), key % slots};
  }

  iterator known(key_type key) const {
    auto result = locate(key);
    if (result == last())
      throw std::out_of_range{"no element has this key"};
    return result;
  }

  /// Returns where the page of this number is, or the first one behind it.
  size_t place_of(uint64_t number) const noexcept {
    if (pages_.empty() || number <= pages_.front()->number)
      return 0;
    // Numbers grow by one at least, so that it cannot be any further.
    auto most = number - pages_.front()->number;
    auto behind = [](const auto& each, uint64_t n) { return each->number < n; };
    if (most < pages_.size() && pages_[most]->number == number)
      return most;
    auto stop =
      pages_.begin()
      + static_cast<std::ptrdiff_t>(std::min<uint64_t>(most, pages_.size()));
    auto found = std::lower_bound(pages_.begin(), stop, number, behind);
    return static_cast<size_t>(found - pages_.begin());
  }

  /// A page that got nothing in it is given back.
  template <class... Args>
  void construct(iterator at, key_type key, Args&&... args) {
    try {
      ::new (static_cast<void*>(&at.page_->at(at.slot_)))
        value_type(std::piecewise_construct, std::forward_as_tuple(key),
                   std::forward_as_tuple(std::forward<Args>(args)...));
    } catch (...) {
      if (at.page_->used == 0)
        drop_page(*at.page_);
      throw;
    }
  }

  void add_page(uint64_t number) {
    pages_.push_back(std::make_unique<page>(number));
    if (pages_.size() < 2)
      return;
    auto* before = pages_[pages_.size() - 2].get();
    before->next = pages_.back().get();
    pages_.back()->before = before;
  }

  void drop_page(page& what) noexcept {
    if (what.before != nullptr)
      what.before->next = what.next;
    if (what.next != nullptr)
      what.next->before = what.before;
    pages_.erase(pages_.begin()
                 + static_cast<std::ptrdiff_t>(place_of(what.number)));
  }

  std::vector<std::unique_ptr<page>> pages_;
  size_t size_ = 0;
};

} // namespace bulwark
