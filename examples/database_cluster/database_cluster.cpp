// A database that survives its servers. Without options: the demo, in this
// process. With `--member=NAME` this process owns one of the four files, and
// with `--visit` it writes to them; with `--postgres` it owns PostgreSQL
// servers. See docs/database.md.
#include "demo.hpp"
#include "members.hpp"
#ifdef WITH_POSTGRES
#  include "servers.hpp"
#endif

#include <bulwark/bulwark.hpp>

#include <string>

int main(int argc, char** argv) {
  if (argc == 1)
    return run_demo();
  bulwark::application app;
  app.name = "database_cluster";
  app.options.optional<std::string>("member", "own the file of this member")
    .flag("visit", "write to the database each second");
#ifdef WITH_POSTGRES
  add_server_options(app.options);
#endif
  return bulwark::run(argc, argv, app, [](bulwark::node& node) {
    if (node.has_option("member"))
      own_member(node, node.option<std::string>("member"));
    if (node.option<bool>("visit"))
      visit_members(node);
#ifdef WITH_POSTGRES
    run_servers(node);
#endif
  });
}
