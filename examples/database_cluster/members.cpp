#include "members.hpp"

#include <bulwark/database/database_client.hpp>
#include <bulwark/database/database_member.hpp>
#include <bulwark/database/database_messages.hpp>
#include <bulwark/options/config_error.hpp>

#include <caf/event_based_actor.hpp>

#include <algorithm>
#include <iostream>
#include <memory>

using namespace std::chrono_literals;

namespace {

void say(const std::string& line) {
  std::cout << line + "\n" << std::flush;
}

/// Who asks a member that is gone wants to know that, and not to wait.
caf::actor member_elsewhere(bulwark::node& node, const std::string& name) {
  node.remote_service(name).gate({.timeout = 3s, .stash_wait = 50ms});
  return node.gate(name);
}

caf::behavior visitor(caf::event_based_actor* self,
                      const bulwark::database_client_options& database) {
  auto client =
    std::make_shared<bulwark::database_client>(self->system(), database);
  self->send(self, caf::tick_atom_v);
  return {[=](caf::tick_atom tick) {
    auto made = client->execute_write(
      {"",
       {{"create table if not exists visits (id integer primary key)"}},
       true});
    if (made.success)
      made = client->execute_write(
        {"", {{"insert into visits default values returning id"}}});
    auto seen =
      client->execute_query({"select count(*) from visits"}, made.where);
    say((made.success
           ? "visit " + made.result + " written on " + made.executed_on
           : "visit failed: " + made.error)
        + "; "
        + (seen.success ? seen.result + " seen on " + seen.executed_on
                        : seen.error));
    self->delayed_send(self, 1s, tick);
  }};
}

} // namespace

std::vector<std::string> member_names() {
  return {"db-primary-1", "db-primary-2", "db-standby-1", "db-standby-2"};
}

void own_member(bulwark::node& node, const std::string& name) {
  auto names = member_names();
  auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end())
    throw bulwark::config_error{"--member is " + name
                                + "; it must be db-primary-1, db-primary-2, "
                                  "db-standby-1 or db-standby-2"};
  bulwark::declare_database_messages(node);
  bulwark::database_member_options options;
  options.file = node.data() / (name + ".db");
  options.replication.members = names;
  options.self = static_cast<size_t>(found - names.begin());
  for (const auto& each : names)
    options.members.push_back(each == name ? caf::actor{}
                                           : member_elsewhere(node, each));
  if (node.has_option("voters"))
    options.may_look = [role = node.role("database")] { return role.held(); };
  options.notice = say;
  node.service(name, bulwark::database_member, options).blocking();
}

void visit_members(bulwark::node& node) {
  bulwark::declare_database_messages(node);
  bulwark::database_client_options database{member_names(), {}};
  database.retry = {.attempts = 10, .max = 500ms};
  for (const auto& each : database.names)
    database.members.push_back(member_elsewhere(node, each));
  node.service("visitor", visitor, database).blocking();
}
