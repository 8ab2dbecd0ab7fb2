#include <bulwark/caf_error.hpp>
#include <bulwark/detail/check_spec.hpp>
#include <bulwark/detail/supervisor_actor.hpp>

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <utility>

namespace bulwark::detail {

child_key supervisor_actor::add_alone(child_spec spec) {
  child_pattern alone{std::move(spec)};
  return add(alone.spec->id, alone);
}

void supervisor_actor::apply_scale() {
  auto& children = settings_.children;
  auto count = memory_->scaled.value_or(children.size());
  if (count < children.size())
    children.resize(count);
  while (children.size() < count)
    children.push_back(settings_.more(children.size()));
  for (auto& spec : children)
    numbered_.push_back(add_alone(std::move(spec)));
}

caf::result<caf::unit_t> supervisor_actor::on_scale(size_t count) {
  auto least = std::max(settings_.min_healthy, size_t{1});
  if (!settings_.more)
    return make_error(errc::invalid_option,
                      "supervisor.more is empty; the number of children of "
                        + component() + " is fixed");
  if (count < least || count > settings_.children_max)
    return make_error(errc::invalid_option,
                      "scale_children.count is " + std::to_string(count)
                        + "; it must be at least " + std::to_string(least)
                        + " and at most "
                        + std::to_string(settings_.children_max));
  if (book_.ending())
    return make_error(errc::stopped, component() + " ends");
  if (scaling_)
    return make_error(errc::running, component() + " is being scaled already");
  auto promise = make_response_promise<caf::unit_t>();
  scale_failure_ = caf::error{};
  memory_->scaled = count;
  shrink(count);
  grow(count);
  scaling_ = promise;
  answer_scaling();
  return promise;
}

/// Also brings back those that somebody has deleted or terminated meanwhile.
void supervisor_actor::grow(size_t count) {
  for (size_t i = 0; i < count; ++i) {
    bool known =
      i < numbered_.size() && seats_.find(numbered_[i]) != seats_.end();
    if (!known) {
      child_key fresh = 0;
      try {
        auto spec = settings_.more(i);
        if (auto wrong = check_spec(spec, book_.policy()))
          throw std::invalid_argument{*wrong};
        auto there = seats_.key_of(spec.id);
        fresh = there ? *there : add_alone(std::move(spec));
      } catch (...) {
        scale_failure_ =
          make_error(errc::invalid_option, describe(std::current_exception()));
        memory_->scaled = i;
        return;
      }
      numbered_.resize(std::max(numbered_.size(), i + 1));
      numbered_[i] = fresh;
    }
    auto key = numbered_[i];
    auto state = book_.find(key)->state;
    if (state != child_state::stopped && state != child_state::abandoned)
      continue;
    unsettled_.insert(key);
    perform(book_.start(key, now()));
  }
}

void supervisor_actor::shrink(size_t count) {
  while (numbered_.size() > count) {
    auto key = numbered_.back();
    numbered_.pop_back();
    auto it = seats_.find(key);
    if (it == seats_.end())
      continue;
    if (book_.erase(key)) {
      seats_.enter(it->second, child_state::stopped, {}, child_next::forgotten);
      forget(it);
    } else {
      unsettled_.insert(key);
      perform(book_.terminate(key, now(), true));
    }
  }
}

void supervisor_actor::settled(child_key key, const caf::error& failure) {
  if (unsettled_.erase(key) != 0 && failure && !scale_failure_)
    scale_failure_ = failure;
}

void supervisor_actor::answer_scaling() {
  if (!scaling_ || !unsettled_.empty())
    return;
  auto promise = *std::exchange(scaling_, std::nullopt);
  if (scale_failure_)
    promise.deliver(std::exchange(scale_failure_, caf::error{}));
  else
    promise.deliver(caf::unit);
}

} // namespace bulwark::detail
