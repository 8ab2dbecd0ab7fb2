#include <bulwark/events/detail/severity_rules.hpp>
#include <bulwark/ledger/detail/outage_check.hpp>

#include <utility>

namespace bulwark {

namespace {

event estimated(event_kind kind, const std::string& path) {
  event result;
  result.kind = kind;
  result.level = severity_of(kind);
  result.component = path;
  result.reason = "found out after events were dropped";
  if (classify(kind) == event_class::failure)
    result.type_word = "unknown";
  result.with("estimated", "true");
  return result;
}

} // namespace

void outage_check::begin(const fault_tolerance_report& of,
                         const std::string& node) {
  ++round_;
  left_ = 1;
  known_.clear();
  settled_.clear();
  crowded_ = false;
  auto open = std::make_shared<paths>();
  for (const auto& each : of.components) {
    if (each.node != node)
      continue;
    crowded_ |= each.kind == component_kind::others;
    if (each.kind != component_kind::replica
        && each.kind != component_kind::service)
      continue;
    known_.emplace(each.path, known{each.kind, each.condition});
    if (each.condition == component_condition::failed)
      open->insert(each.path);
  }
  open_ = std::move(open);
}

void outage_check::changed(const std::string& path) {
  if (left_ == 0)
    return;
  known_.erase(path);
  settled_.insert(path);
  // Somebody has not answered for long, and is not going to.
  if (settled_.size() > changes_max)
    left_ = 0;
}

std::vector<event>
outage_check::answered(uint64_t round, size_t more,
                       const std::vector<component_state>& share) {
  std::vector<event> result;
  if (left_ == 0 || round != round_)
    return result;
  left_ += more;
  for (const auto& each : share)
    look(each, result);
  if (--left_ == 0)
    end(result);
  return result;
}

void outage_check::look(const component_state& at, std::vector<event>& out) {
  if (!settled_.insert(at.path).second)
    return;
  auto entry = known_.extract(at.path);
  auto condition =
    entry.empty() ? component_condition::healthy : entry.mapped().condition;
  auto open = condition == component_condition::failed;
  if (open && at.state == supervised_state::up) {
    out.push_back(estimated(at.is_service ? event_kind::service_up
                                          : event_kind::child_restarted,
                            at.path));
  } else if (open && at.state == supervised_state::ended) {
    out.push_back(estimated(event_kind::child_stopped, at.path));
  } else if (!open && at.state == supervised_state::down
             && condition != component_condition::stopped
             && (!entry.empty() || !crowded_)) {
    out.push_back(estimated(at.is_service ? event_kind::service_down
                                          : event_kind::child_failed,
                            at.path));
  }
}

/// A replica that nobody has is there no more.
void outage_check::end(std::vector<event>& out) {
  for (const auto& [path, each] : known_)
    if (each.kind == component_kind::replica
        && each.condition == component_condition::failed)
      out.push_back(estimated(event_kind::child_stopped, path));
  known_.clear();
  settled_.clear();
}

} // namespace bulwark
