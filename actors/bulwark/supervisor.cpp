#include <bulwark/detail/supervisor_actor.hpp>
#include <bulwark/duration_text.hpp>
#include <bulwark/log_text.hpp>
#include <bulwark/supervisor.hpp>
#include <bulwark/validate.hpp>

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/execution_unit.hpp>

#include <algorithm>
#include <set>
#include <stdexcept>
#include <utility>

namespace bulwark {

namespace {

using complaint = std::optional<std::string>;

constexpr size_t id_max = 64;

complaint check_id(const std::string& id, std::set<std::string>& known) {
  auto printable = std::all_of(id.begin(), id.end(), [](char c) {
    return c > ' ' && c < '\x7f' && c != '/';
  });
  if (id.empty() || id.size() > id_max || !printable)
    return "child.id is " + bulwark::quoted(id.substr(0, id_max))
           + "; it must be 1 to 64 printable characters, without spaces and "
             "'/'";
  if (!known.insert(id).second)
    return "child.id is " + bulwark::quoted(id)
           + "; it must be unique among its siblings";
  return std::nullopt;
}

complaint check_child(const child_spec& spec, std::set<std::string>& known) {
  if (auto wrong = check_id(spec.id, known))
    return wrong;
  if (!spec.start)
    return "child.start of " + spec.id + " is empty; it must be a function";
  if (auto wrong = validate(spec.restart))
    return spec.id + ": " + *wrong;
  return std::nullopt;
}

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
  if (auto wrong = validate(settings.limits))
    return wrong;
  if (settings.abandon_after < duration::zero()
      || settings.abandon_after > option_duration_max)
    return "supervisor.abandon_after is " + to_text(settings.abandon_after)
           + "; it must be 0ms to " + to_text(option_duration_max);
  if (settings.min_healthy > settings.children.size())
    return "supervisor.min_healthy is " + std::to_string(settings.min_healthy)
           + "; it must be at most the number of children, which is "
           + std::to_string(settings.children.size());
  std::set<std::string> known;
  for (const auto& spec : settings.children)
    if (auto wrong = check_child(spec, known))
      return wrong;
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
                   caf::execution_unit* eu, const birth& born) {
    auto handle = spawn(eu->system(), settings, born, memory);
    return caf::actor_cast<caf::strong_actor_ptr>(handle);
  };
  return result;
}

} // namespace bulwark
