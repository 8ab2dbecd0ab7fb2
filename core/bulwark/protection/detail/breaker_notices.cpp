#include <bulwark/protection/detail/breaker_notices.hpp>

#include <tuple>

namespace bulwark {

namespace {

auto place_of(const breaker_notice& notice) {
  return std::tuple{notice.boot, notice.number};
}

auto place_of(const breaker_order& order) {
  return std::tie(order.version, order.node);
}

} // namespace

std::optional<breaker_notice>
breaker_notices::changed(const breaker_change& change) {
  auto& own = known_[node_];
  auto opened = change.to == breaker_state::open;
  auto well = change.to == breaker_state::closed
              && change.why == breaker_cause::probes_succeeded;
  // Others have no use for that, but to the next opening it matters.
  if (change.why == breaker_cause::told_by_operator
      && change.to == breaker_state::closed)
    own.open = false;
  // That it opens again, or was only careful, is no news.
  if ((!opened && !well) || own.open == opened)
    return std::nullopt;
  own = {node_, boot_, own.boot == boot_ ? own.number + 1 : 1, opened};
  return own;
}

breaker_order breaker_notices::order(bool forced_open) {
  order_ = {order_.version + 1, node_, forced_open};
  return order_;
}

breaker_advice breaker_notices::heard(const breaker_notice& notice) {
  if (notice.node == node_)
    return breaker_advice::nothing;
  auto known = known_.find(notice.node);
  if (known == known_.end()) {
    if (known_.size() > origins_max)
      return breaker_advice::nothing;
    known = known_.emplace(notice.node, breaker_notice{}).first;
  }
  if (place_of(notice) <= place_of(known->second))
    return breaker_advice::nothing;
  known->second = notice;
  return notice.open ? breaker_advice::caution : breaker_advice::nothing;
}

breaker_advice breaker_notices::heard(const breaker_order& order) {
  if (place_of(order) <= place_of(order_))
    return breaker_advice::nothing;
  auto before = order_.forced_open;
  order_ = order;
  if (order.forced_open == before)
    return breaker_advice::nothing;
  return order.forced_open ? breaker_advice::force_open
                           : breaker_advice::release;
}

breaker_knowledge breaker_notices::knowledge() const {
  breaker_knowledge result{{}, order_};
  for (const auto& [node, notice] : known_)
    if (notice.number > 0)
      result.notices.push_back(notice);
  return result;
}

} // namespace bulwark
