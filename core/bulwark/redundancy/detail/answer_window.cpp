#include <bulwark/redundancy/detail/answer_window.hpp>

namespace bulwark {

/// Forgets what is too old, and returns the part of now.
answer_window::totals& answer_window::move_to(time_point now) noexcept {
  constexpr auto count = static_cast<int64_t>(steps);
  auto step = now.time_since_epoch() / step_;
  if (step >= newest_ + count) {
    clear();
    newest_ = step;
  }
  while (newest_ < step) {
    auto& oldest = parts_[static_cast<size_t>(++newest_ % count)];
    all_.values -= oldest.values;
    all_.errors -= oldest.errors;
    all_.took -= oldest.took;
    oldest = {};
  }
  return parts_[static_cast<size_t>(newest_ % count)];
}

void answer_window::value(duration took, time_point now) noexcept {
  auto& part = move_to(now);
  for (auto* each : {&part, &all_}) {
    ++each->values;
    each->took += took;
  }
}

void answer_window::error(time_point now) noexcept {
  ++move_to(now).errors;
  ++all_.errors;
}

const answer_window::totals& answer_window::read(time_point now) noexcept {
  move_to(now);
  return all_;
}

void answer_window::clear() noexcept {
  parts_ = {};
  all_ = {};
}

} // namespace bulwark
