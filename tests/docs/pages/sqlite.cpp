#include <bulwark/bulwark.hpp>
#include <bulwark/database/database_cluster.hpp>
#include <bulwark/database/database_member.hpp>
#include <bulwark/database/database_messages.hpp>

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

void member(bulwark::node& node,
            const bulwark::database_member_options& options) {
  bulwark::declare_database_messages(node);
  node.service("db-primary-1", bulwark::database_member, options).blocking();
}

} // namespace pages
