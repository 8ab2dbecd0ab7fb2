#include <bulwark/cluster/detail/second_opinion.hpp>

#include <algorithm>
#include <utility>

namespace bulwark::detail {

second_opinion::second_opinion(const noticing_options& options,
                               std::vector<std::string> others, size_t nodes,
                               time_point now)
  : asked_(std::move(others)),
    due_(now + options.opinion_time),
    few_(nodes < options.opinion_nodes) {
  if (few_)
    asked_.clear();
  if (asked_.size() > options.others_asked)
    asked_.resize(options.others_asked);
  open_ = asked_;
}

void second_opinion::answer(const std::string& from, bool reaches) {
  if (std::erase(open_, from) == 0)
    return;
  reached_ = reached_ || reaches;
  agreed_ = agreed_ || !reaches;
}

std::optional<silence_verdict> second_opinion::verdict(time_point now) const {
  if (few_)
    return silence_verdict::lost;
  if (reached_)
    return silence_verdict::unreachable;
  if (!open_.empty() && now < due_)
    return std::nullopt;
  return agreed_ ? silence_verdict::lost : silence_verdict::unreachable;
}

} // namespace bulwark::detail
