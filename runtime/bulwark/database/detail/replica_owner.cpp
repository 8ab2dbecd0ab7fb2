#include <bulwark/database/detail/replica_owner.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/exit_reason.hpp>

#include <memory>

namespace bulwark::detail {

caf::actor own_replica(caf::actor_system& system,
                       const std::filesystem::path& file,
                       const replication_options& options, size_t self) {
  auto replica = std::make_shared<sqlite_replica>(file, options, self);
  return system.spawn<caf::detached>(
    [replica = std::move(replica)](caf::event_based_actor* owner) {
      return caf::behavior{[=](const replica_task& task) {
        try {
          task.run(*replica);
        } catch (const replica_error& e) {
          // Nothing more can be done with it.
          if (e.kind() == database_error::node_failed)
            owner->quit(caf::exit_reason::kill);
        }
      }};
    });
}

} // namespace bulwark::detail
