#include <bulwark/gate/detail/prospects.hpp>

#include <algorithm>

namespace bulwark {

void prospects::declare(size_t first, size_t count) noexcept {
  auto end = std::min(first + count, replicas_max);
  for (auto i = first; i < end; ++i)
    if (!in_use(i))
      views_[i] = expected_state::coming;
  replicas_ = std::max(replicas_, end);
}

void prospects::expect_of_all(expected_state view) noexcept {
  for (size_t i = 0; i < replicas_; ++i)
    if (in_use(i))
      views_[i] = view;
}

size_t prospects::replicas_in_use() const noexcept {
  size_t result = 0;
  for (size_t i = 0; i < replicas_; ++i)
    result += in_use(i);
  return result;
}

bool prospects::others_come(size_t than) const noexcept {
  for (size_t i = 0; i < replicas_; ++i)
    if (i != than && views_[i] == expected_state::coming)
      return true;
  return false;
}

std::optional<errc> prospects::hopeless(bool local_only, time_point now) const {
  if (!local_only && peers_.may_come(now))
    return std::nullopt;
  bool failed = false;
  bool stopped = false;
  bool known = !peers_.nowhere();
  auto end = local_only ? replicas_ : slots_max;
  for (size_t i = 0; i < end; ++i) {
    if (views_[i] == expected_state::coming)
      return std::nullopt;
    known |= views_[i] != expected_state::unused;
    failed |= views_[i] == expected_state::failed;
    stopped |=
      views_[i] == expected_state::stopped || views_[i] == expected_state::gone;
  }
  return failed    ? errc::service_failed
         : stopped ? errc::stopped
         : known   ? errc::unreachable
                   : errc::no_such_service;
}

} // namespace bulwark
