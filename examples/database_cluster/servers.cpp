#include "servers.hpp"

#include <bulwark/database/postgres_messages.hpp>
#include <bulwark/database/postgres_owner.hpp>
#include <bulwark/database/postgres_watch.hpp>
#include <bulwark/replica/role_token.hpp>

#include <iostream>
#include <string>
#include <vector>

using namespace std::chrono_literals;

namespace {

/// A base backup takes as long as it takes.
constexpr auto order_limit = 10min;

void tell(const std::string& line) {
  std::cout << line + "\n" << std::flush;
}

bool is_listed(const std::string& name, const std::string& list) {
  return list.empty() || ("," + list + ",").find("," + name + ",") != list.npos;
}

} // namespace

void add_server_options(bulwark::program_options& to) {
  to.flag("postgres", "own PostgreSQL servers: pg-1, pg-2 and pg-3")
    .value<std::string>("servers", "",
                        "own only these of them, with commas between")
    .flag("no-watch",
          "leave it to other nodes to say which of them is the primary")
    .value<uint16_t>("postgres-port", 15432,
                     "of pg-1 on 127.0.0.1; the others have the next ones");
}

void run_servers(bulwark::node& node) {
  if (!node.option<bool>("postgres"))
    return;
  bulwark::declare_postgres_messages(node);
  bulwark::postgres_watch_options watch;
  watch.servers = {"pg-1", "pg-2", "pg-3"};
  watch.token = bulwark::role_token;
  watch.notice = tell;
  bulwark::postgres_owner_options owner;
  owner.servers = watch.servers;
  owner.port = node.option<uint16_t>("postgres-port");
  for (const auto& name : watch.servers) {
    owner.name = name;
    owner.folder = node.data() / name;
    if (is_listed(name, node.option<std::string>("servers")))
      node.service(name, bulwark::postgres_owner, owner)
        .blocking()
        .timeout(order_limit);
    else
      node.remote_service(name).gate(
        {.timeout = order_limit, .stash_wait = 50ms});
    watch.owners.push_back(node.gate(name));
    ++owner.port;
  }
  if (!node.option<bool>("no-watch"))
    node.service("pg-watch", bulwark::postgres_watch, watch).singleton();
}
