#include <bulwark/database/database_cluster.hpp>

// The code of docs/database.md.

namespace pages {

bulwark::query_result written_and_read(caf::actor_system& system) {
  bulwark::database_cluster database{
    system,
    {.folder = "/var/lib/shop",
     .active = {"db-primary-1", "db-primary-2"},
     .standby = {"db-standby-1", "db-standby-2"},
     .min_healthy = 2}};

  auto written = database.execute_write(
    {"order 7", {{"insert into orders values (?, ?)", {"7", "tea"}}}});
  auto read = database.execute_query({"select * from orders"}, written.where);
  return read;
}

} // namespace pages
