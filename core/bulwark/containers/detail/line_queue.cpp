#include <bulwark/containers/detail/line_queue.hpp>

namespace bulwark {

void line_queue::add(std::string line, line_rank rank) {
  if (size() >= lines_max_) {
    ++dropped_;
    if (!ordinary_.empty())
      ordinary_.pop_front();
    else if (rank == line_rank::ordinary)
      return;
    else
      precious_.pop_front();
  }
  auto& to = rank == line_rank::precious ? precious_ : ordinary_;
  to.push_back({++numbers_, std::move(line)});
}

std::optional<std::string> line_queue::take() {
  if (size() == 0)
    return std::nullopt;
  auto ordinary_first =
    precious_.empty()
    || (!ordinary_.empty()
        && ordinary_.front().number < precious_.front().number);
  auto& from = ordinary_first ? ordinary_ : precious_;
  auto result = std::move(from.front().text);
  from.pop_front();
  return result;
}

} // namespace bulwark
