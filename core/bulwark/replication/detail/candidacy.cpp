#include <bulwark/replication/detail/candidacy.hpp>

#include <algorithm>

namespace bulwark::detail {

namespace {

duration share_of(duration whole, double share) noexcept {
  return std::chrono::duration_cast<duration>(whole * share);
}

} // namespace

void candidacy::heard(time_point now, double unit_random) noexcept {
  due_ = now + patience_ + share_of(patience_, unit_random);
}

void candidacy::lost(time_point now, double unit_random) noexcept {
  constexpr double part = 0.25;
  due_ = std::min(due_, now + share_of(patience_, part * unit_random));
}

} // namespace bulwark::detail
