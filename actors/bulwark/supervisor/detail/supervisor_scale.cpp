#include <bulwark/caf/caf_error.hpp>
#include <bulwark/supervisor/detail/check_spec.hpp>
#include <bulwark/supervisor/detail/supervisor_actor.hpp>

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
  auto least =
    std::max({settings_.min_healthy, settings_.children_min, size_t{1}});
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
  if (supervision_.ending())
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
      i < numbered_.size() && children_.find(numbered_[i]) != children_.end();
    if (!known) {
      child_key fresh = 0;
      try {
        auto spec = settings_.more(i);
        if (auto wrong = check_spec(spec, supervision_.policy()))
          throw std::invalid_argument{*wrong};
        auto there = children_.key_of(spec.id);
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
    auto state = supervision_.find(key)->state;
    if (state != child_state::stopped && state != child_state::abandoned)
      continue;
    unsettled_.insert(key);
    perform(supervision_.start(key));
  }
}

void supervisor_actor::shrink(size_t count) {
  while (numbered_.size() > count) {
    auto key = numbered_.back();
    numbered_.pop_back();
    auto it = children_.find(key);
    if (it == children_.end())
      continue;
    if (supervision_.erase(key)) {
      children_.enter(it->second, child_state::stopped, {},
                      child_next::forgotten);
      forget(it);
    } else {
      unsettled_.insert(key);
      perform(supervision_.terminate(key, now(), true));
    }
  }
}

void supervisor_actor::settled(child_key key, child_record& who,
                               const caf::error& failure) {
  if (std::exchange(who.of_batch, false) && batch_)
    --batch_->starting;
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

caf::result<child_list>
supervisor_actor::on_start_instances(start_instances& what) {
  if (!template_)
    return make_error(errc::invalid_option,
                      "strategy is " + to_string(settings_.strategy)
                        + "; start_instances needs simple_one_for_one");
  if (supervision_.ending())
    return make_error(errc::stopped, component() + " ends");
  auto room = children_max - std::min(children_max, children_.size());
  if (what.count < 1 || what.count > room)
    return make_error(errc::invalid_option,
                      "start_instances.count is " + std::to_string(what.count)
                        + "; it must be at least 1 and at most "
                        + std::to_string(room) + ", because " + component()
                        + " has " + std::to_string(children_.size())
                        + " children");
  if (batch_)
    return make_error(errc::running,
                      component() + " is starting instances already");
  auto promise = make_response_promise<child_list>();
  batch_.emplace();
  batch_->left = what.count;
  batch_->arguments = std::move(what.arguments);
  batch_->begun.reserve(what.count);
  batch_->asked = promise;
  perform(supervision_steps{});
  return promise;
}

/// Each one that is begun may be the one with which the supervisor ends.
void supervisor_actor::start_rest_of_batch() {
  if (!batch_ || std::exchange(batch_->busy, true))
    return;
  while (batch_ && batch_->may_start() && !supervision_.ending())
    start_one_of_batch();
  if (!batch_)
    return;
  batch_->busy = false;
  if (batch_->left == 0 && batch_->starting == 0)
    answer_batch();
}

void supervisor_actor::start_one_of_batch() {
  auto key = add(next_instance_id(), *template_);
  auto& who = children_.at(key);
  who.arguments = batch_->arguments;
  who.by_hand = who.of_batch = true;
  --batch_->left;
  ++batch_->starting;
  batch_->begun.push_back(key);
  perform(supervision_.start(key, settings_.strict
                                    ? supervision::if_it_fails::forget
                                    : supervision::if_it_fails::retry));
}

void supervisor_actor::answer_batch(const caf::error& failure) {
  if (!batch_)
    return;
  auto batch = *std::exchange(batch_, std::nullopt);
  if (failure)
    return batch.asked.deliver(failure);
  child_list result;
  for (auto key : batch.begun)
    if (children_.find(key) != children_.end())
      result.children.push_back(info_of(key));
  batch.asked.deliver(std::move(result));
}

} // namespace bulwark::detail
