#include <bulwark/node/detail/gate_table.hpp>

#include <utility>

namespace bulwark::detail {

gate gate_table::get(const std::string& service, const maker& make) {
  std::lock_guard guard{lock_};
  auto at = gates_.find(service);
  if (at != gates_.end())
    return at->second;
  auto made = gates_.emplace(service, make(service)).first->second;
  if (heard_)
    heard_(service, made);
  return made;
}

void gate_table::replace(const std::string& service, gate made) {
  std::lock_guard guard{lock_};
  gates_.insert_or_assign(service, std::move(made));
}

std::optional<gate> gate_table::find(const std::string& service) const {
  std::lock_guard guard{lock_};
  auto at = gates_.find(service);
  if (at == gates_.end())
    return std::nullopt;
  return at->second;
}

std::map<std::string, gate> gate_table::all() const {
  std::lock_guard guard{lock_};
  return gates_;
}

void gate_table::listen(listener heard) {
  std::lock_guard guard{lock_};
  heard_ = std::move(heard);
  for (const auto& [service, made] : gates_)
    heard_(service, made);
}

} // namespace bulwark::detail
