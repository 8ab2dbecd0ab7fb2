#include <bulwark/replication/detail/acknowledgements.hpp>

#include <algorithm>
#include <functional>

namespace bulwark::detail {

void acknowledgements::on_stored(size_t other, const log_position& where,
                                 const log_index& own) {
  // Entries that the index has forgotten were acknowledged long ago.
  if (where.sequence <= stored_[other] || !own.holds(where))
    return;
  stored_[other] = where.sequence;
  settle(own);
}

void acknowledgements::settle(const log_index& own) {
  auto everywhere = own.last().sequence;
  if (needed_ > 0) {
    auto sorted = stored_;
    auto nth = sorted.begin() + static_cast<std::ptrdiff_t>(needed_ - 1);
    std::nth_element(sorted.begin(), nth, sorted.end(), std::greater<>{});
    everywhere = *nth;
  }
  auto where = own.at(everywhere);
  if (where && where->epoch == epoch_)
    acknowledged_ = std::max(acknowledged_, everywhere);
}

} // namespace bulwark::detail
