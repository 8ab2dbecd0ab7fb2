#include <bulwark/ledger/detail/fold_step.hpp>

namespace bulwark {

void fold_step::know(uint32_t which, component_kind kind) {
  if (names_.components()[which].others)
    kind = component_kind::others;
  auto& who = fold_.components[which];
  if (who.kind == component_kind::replica)
    who.kind = kind;
}

presence fold_step::presence_of(uint32_t which) const {
  const auto& who = fold_.components[which];
  const auto& names = names_.components()[which];
  auto on = names.itself == no_number ? names.node : names.itself;
  const auto& node = fold_.nodes[on];
  if (names.others)
    return presence::up;
  if (node.stopped || who.stopped)
    return presence::absent;
  // What lived on a lost node is down until others see the node again, also
  // when that has begun to start it: it is one outage.
  if (who.failing || !node.lost_by.empty())
    return presence::down;
  if (who.awaited)
    return presence::absent;
  return presence::up;
}

void fold_step::look_at_node(uint32_t which) {
  if (auto itself = fold_.nodes[which].itself; itself != no_number)
    look_at(itself);
  for (auto number : names_.living_on(which))
    if (fold_.components[number].track.now != presence::unknown)
      look_at(number);
}

void fold_step::look_at(uint32_t which) {
  auto& who = fold_.components[which];
  auto now = presence_of(which);
  if (now != presence::down)
    who.down_since = ledger_clock::never;
  else if (who.track.now != presence::down)
    who.down_since = mark_.at;
  who.track.turn(now, mark_.at);
  count(which, who, now);
}

// Keeps the counts of the cluster's service and of the whole system.
void fold_step::count(uint32_t which, component& who, presence now) {
  auto counts =
    who.kind != component_kind::replica && who.kind != component_kind::others;
  if (counts && fold_.system.now == presence::unknown)
    fold_.system.turn(presence::up, mark_.at);
  auto down = counts && now == presence::down;
  if (down != who.counted_down)
    down ? ++fold_.system_down : --fold_.system_down;
  who.counted_down = down;
  auto number = names_.components()[which].service;
  if (who.kind != component_kind::service || number == no_number
      || who.counted_as == now)
    return;
  auto& members = fold_.services[number].members;
  if (who.counted_as != presence::unknown)
    --members[static_cast<size_t>(who.counted_as)];
  ++members[static_cast<size_t>(now)];
  who.counted_as = now;
  touched_.push_back(number);
}

// Only now, so that what changes by one mark changes at once.
void fold_step::settle() {
  for (auto number : touched_) {
    auto& service = fold_.services[number];
    auto has = [&](presence what) {
      return service.members[static_cast<size_t>(what)] > 0;
    };
    auto next = has(presence::up)     ? presence::up
                : has(presence::down) ? presence::down
                                      : presence::absent;
    auto last = service.track.now;
    if (next == last)
      continue;
    service.track.turn(next, mark_.at);
    if (next == presence::down) {
      ++service.sums.failures;
      service.sums.last_failure = mark_.at;
      service.sums.add_outage(mark_.at);
    } else if (last == presence::down && next == presence::up) {
      ++service.sums.recoveries;
      service.sums.add_recovery(mark_.at - service.sums.last_outage);
    }
  }
  if (fold_.system.now != presence::unknown)
    fold_.system.turn(fold_.system_down > 0 ? presence::down : presence::up,
                      mark_.at);
}

} // namespace bulwark
