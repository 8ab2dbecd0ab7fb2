#include <bulwark/detail/stash.hpp>

#include <utility>

namespace bulwark::detail {

stash::stash(size_t messages_max, size_t bytes_max)
  : messages_max_(messages_max), bytes_max_(bytes_max) {}

bool stash::fits(size_t bytes) const noexcept {
  return arrived_.size() < messages_max_ && bytes_ + bytes <= bytes_max_;
}

void stash::arrive(caf::mailbox_element_ptr what, size_t bytes) {
  arrived_.push_back({std::move(what), bytes});
  bytes_ += bytes;
}

void stash::give_back(element_chain&& what) noexcept {
  returned_.prepend(std::move(what));
}

element_chain stash::take_all() noexcept {
  auto result = std::move(returned_);
  for (auto& it : arrived_)
    result.push_back(std::move(it.what));
  arrived_.clear();
  bytes_ = 0;
  return result;
}

element_chain
stash::take_if(const std::function<bool(const caf::mailbox_element&)>& wanted) {
  element_chain taken;
  element_chain kept;
  while (auto what = returned_.pop_front())
    (wanted(*what) ? taken : kept).push_back(std::move(what));
  returned_ = std::move(kept);
  for (auto& it : arrived_) {
    if (wanted(*it.what)) {
      taken.push_back(std::move(it.what));
      bytes_ -= it.bytes;
    }
  }
  std::erase_if(arrived_, [](const arrival& it) { return !it.what; });
  return taken;
}

} // namespace bulwark::detail
