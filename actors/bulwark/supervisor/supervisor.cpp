#include <bulwark/supervision/restart_options.hpp>
#include <bulwark/supervisor/detail/check_spec.hpp>
#include <bulwark/supervisor/detail/supervisor_actor.hpp>
#include <bulwark/supervisor/supervisor.hpp>
#include <bulwark/text/detail/log_text.hpp>
#include <bulwark/text/duration_text.hpp>

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>

#include <set>
#include <stdexcept>
#include <utility>

namespace bulwark {

namespace {

using complaint = std::optional<std::string>;

void require_valid(const supervisor_settings& settings) {
  if (auto wrong = validate(settings))
    throw std::invalid_argument{*wrong};
}

caf::actor spawn(caf::actor_system& system, supervisor_settings settings,
                 std::optional<birth> born,
                 std::shared_ptr<detail::supervisor_memory> memory) {
  return system.spawn<detail::supervisor_actor>(
    std::move(settings), std::move(born), std::move(memory));
}

} // namespace

complaint validate(const supervisor_settings& settings) {
  if (settings.path.empty() || settings.path.back() == '/')
    return "supervisor.path is " + bulwark::quoted(settings.path)
           + "; it must end with a name";
  auto parent = detail::policy_of(settings);
  if (auto wrong = validate(parent))
    return wrong;
  if (settings.min_healthy > settings.children.size())
    return "supervisor.min_healthy is " + std::to_string(settings.min_healthy)
           + "; it must be at most the number of children, which is "
           + std::to_string(settings.children.size());
  if (auto wrong = validate_severity_shift(settings.severity_shift))
    return "supervisor." + *wrong;
  if (settings.more && settings.children.size() > settings.children_max)
    return "supervisor.children_max is " + std::to_string(settings.children_max)
           + "; it must be at least the number of children, which is "
           + std::to_string(settings.children.size());
  if (settings.more && settings.children_min > settings.children.size())
    return "supervisor.children_min is " + std::to_string(settings.children_min)
           + "; it must be at most the number of children, which is "
           + std::to_string(settings.children.size());
  std::set<std::string> known;
  for (const auto& spec : settings.children) {
    if (auto wrong = detail::check_spec(spec, parent))
      return wrong;
    if (!known.insert(spec.id).second)
      return "child.id is " + bulwark::quoted(spec.id)
             + "; it must be unique among its siblings";
  }
  if (settings.strategy == restart_strategy::simple_one_for_one
      && settings.children.size() != 1)
    return "supervisor.children are " + std::to_string(settings.children.size())
           + "; with the strategy simple_one_for_one it must be 1, the "
             "template";
  return std::nullopt;
}

caf::actor spawn_supervisor(caf::actor_system& system,
                            supervisor_settings settings) {
  require_valid(settings);
  return spawn(system, std::move(settings), std::nullopt,
               std::make_shared<detail::supervisor_memory>());
}

child_spec supervisor_child(supervisor_settings settings,
                            restart_options restart) {
  require_valid(settings);
  child_spec result;
  result.id = settings.path.substr(settings.path.rfind('/') + 1);
  result.kind = child_kind::supervisor;
  result.restart = restart;
  result.start = [settings = std::move(settings),
                  memory = std::make_shared<detail::supervisor_memory>()](
                   run_context eu, const birth& born) {
    auto handle = spawn(eu.system(), settings, born, memory);
    return caf::actor_cast<caf::strong_actor_ptr>(handle);
  };
  return result;
}

} // namespace bulwark
