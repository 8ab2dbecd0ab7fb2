#include <bulwark/cluster/detail/send_queue.hpp>

#include <algorithm>
#include <utility>

namespace bulwark::detail {

void send_queue::append(std::string_view bytes) {
  size_ += bytes.size();
  while (!bytes.empty()) {
    if (blocks_.empty() || blocks_.back().size() == block_size)
      blocks_.push_back(fresh());
    auto& last = blocks_.back();
    auto some = std::min(bytes.size(), block_size - last.size());
    last.insert(last.end(), bytes.data(), bytes.data() + some);
    bytes.remove_prefix(some);
  }
}

std::string_view send_queue::front() const noexcept {
  if (blocks_.empty())
    return {};
  const auto& first = blocks_.front();
  return {first.data() + sent_, first.size() - sent_};
}

void send_queue::sent(size_t count) {
  sent_ += count;
  size_ -= count;
  if (sent_ < blocks_.front().size())
    return;
  spare_ = std::move(blocks_.front());
  spare_.clear();
  blocks_.pop_front();
  sent_ = 0;
}

void send_queue::clear() noexcept {
  blocks_.clear();
  spare_ = block{};
  sent_ = size_ = 0;
}

send_queue::block send_queue::fresh() {
  auto result = std::exchange(spare_, {});
  result.reserve(block_size);
  return result;
}

} // namespace bulwark::detail
