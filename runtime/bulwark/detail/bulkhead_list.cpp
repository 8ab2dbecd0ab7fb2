#include <bulwark/config_error.hpp>
#include <bulwark/detail/bulkhead_list.hpp>
#include <bulwark/log_text.hpp>
#include <bulwark/validate.hpp>

namespace bulwark::detail {

void bulkhead_list::declare(const std::string& name,
                            const bulkhead_options& options) {
  if (auto complaint = validate_name("bulkhead name", name))
    throw config_error{*complaint};
  if (auto complaint = validate(options))
    throw config_error{"bulkhead " + name + ": " + *complaint};
  if (!declared_.emplace(name, options).second)
    throw config_error{"bulkhead " + name
                       + " is declared twice; names must be unique"};
}

const bulkhead& bulkhead_list::get(const std::string& name,
                                   const std::string& who,
                                   caf::actor_system& sys,
                                   const emitter& events) {
  auto known = made_.find(name);
  if (known != made_.end())
    return known->second;
  auto declared = declared_.find(name);
  if (declared != declared_.end())
    return made_.emplace(name, bulkhead{sys, name, declared->second, events})
      .first->second;
  std::string names;
  for (const auto& [each, options] : declared_)
    names += (names.empty() ? "" : ", ") + each;
  throw config_error{who + ": bulkhead is " + bulwark::quoted(name)
                     + "; it must be declared on this node before; known here: "
                     + (names.empty() ? "none" : names)};
}

bulkhead bulkhead_list::find(const std::string& name) const {
  auto known = made_.find(name);
  return known == made_.end() ? bulkhead{} : known->second;
}

void bulkhead_list::start(caf::actor_system& sys, const emitter& events) {
  for (const auto& [name, options] : declared_)
    get(name, "node", sys, events);
}

void bulkhead_list::stop() {
  for (const auto& [name, each] : made_)
    each.stop();
  made_.clear();
}

} // namespace bulwark::detail
