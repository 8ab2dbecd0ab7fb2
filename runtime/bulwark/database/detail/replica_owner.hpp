#pragma once

#include <bulwark/database/detail/sqlite_replica.hpp>
#include <bulwark/replication/replication_options.hpp>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/allowed_unsafe_message_type.hpp>

#include <cstddef>
#include <filesystem>
#include <functional>

namespace bulwark::detail {

/// What a replica's owner does with it, in its own thread. Within a process
/// only.
struct replica_task {
  std::function<void(sqlite_replica&)> run;
};

/// Starts the one actor that has that file, on a thread of its own. It answers
/// each task once it is done, and ends where the file has failed.
/// @throws replica_error if the file cannot be opened
caf::actor own_replica(caf::actor_system& system,
                       const std::filesystem::path& file,
                       const replication_options& options, size_t self);

} // namespace bulwark::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::replica_task)
