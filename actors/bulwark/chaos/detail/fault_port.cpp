#include <bulwark/chaos/detail/fault_port.hpp>

#include <caf/actor_clock.hpp>
#include <caf/actor_system.hpp>

#include <algorithm>

namespace bulwark::detail {

namespace {

/// What strikes a gate: each kind has a place of its own, so that none hides
/// another one.
constexpr size_t refusal_place = 0;
constexpr size_t flood_place = 1;

bool is_at_gate(fault_kind kind) {
  return kind == fault_kind::refuse || kind == fault_kind::flood;
}

/// A short delay is not to become one of `look_every`.
duration step_of(duration delay) {
  return delay == duration::zero()
           ? fault_port::look_every
           : std::min<duration>(delay, fault_port::look_every);
}

} // namespace

time_point fault_port::now() const {
  return sys_.clock().now();
}

std::optional<std::string> fault_port::lend(const std::string& id,
                                            const fault& what,
                                            fault_leases::places at,
                                            uint64_t random) {
  std::lock_guard guard{lock_};
  random_ += random;
  auto of_gate = is_at_gate(what.kind);
  auto place = what.kind == fault_kind::refuse ? refusal_place : flood_place;
  auto why = of_gate ? at_gate_.grant(id, what, now(), uint64_t{1} << place)
                     : at_replicas_.grant(id, what, now(), at);
  note_armed();
  return why;
}

bool fault_port::renew(const std::string& id) {
  std::lock_guard guard{lock_};
  // Both: an id is of one of them.
  auto at_gate = at_gate_.renew(id, now());
  return at_replicas_.renew(id, now()) || at_gate;
}

bool fault_port::lasts(const std::string& id) {
  std::lock_guard guard{lock_};
  return at_replicas_.lasts(id, now()) || at_gate_.lasts(id, now());
}

void fault_port::lift(const std::string& id) {
  {
    std::lock_guard guard{lock_};
    at_replicas_.end(id);
    at_gate_.end(id);
    note_armed();
  }
  lifted_.notify_all();
}

std::optional<fault_strike> fault_port::strike(size_t replica) {
  std::lock_guard guard{lock_};
  auto result = at_replicas_.strike(now(), ++random_, replica);
  note_armed();
  return result;
}

bool fault_port::refuses() {
  std::lock_guard guard{lock_};
  auto result = at_gate_.strike(now(), ++random_, refusal_place).has_value();
  note_armed();
  return result;
}

void fault_port::hold(const fault_strike& by,
                      const std::function<bool()>& given_up) {
  auto began = now();
  std::unique_lock guard{lock_};
  while (
    at_replicas_.lasts(by.id, now()) && !given_up()
    && (by.what.delay == duration::zero() || now() - began < by.what.delay))
    lifted_.wait_for(guard, step_of(by.what.delay));
}

void fault_port::keep(duration length, const std::function<bool()>& given_up) {
  auto until = now() + length;
  std::unique_lock guard{lock_};
  for (auto left = length; left > duration::zero() && !given_up();
       left = until - now())
    lifted_.wait_for(guard, std::min<duration>(left, look_every));
}

void fault_port::note_armed() {
  armed_ =
    !at_replicas_.active(now()).empty() || !at_gate_.active(now()).empty();
}

} // namespace bulwark::detail
