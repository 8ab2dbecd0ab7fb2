// The database of the document that the project grew from: four files, two
// active, two standby. Ten queries; db-primary-1 fails, a standby is promoted,
// and nothing that was acknowledged is lost.
#include "demo.hpp"

#include <bulwark/database/database_cluster.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <string>
#include <system_error>

using namespace std::chrono_literals;

namespace {

/// A folder of its own, removed at the end.
class demo_folder {
public:
  demo_folder()
    : path_(
      (std::filesystem::temp_directory_path() / "bulwark-db-XXXXXX").string()) {
    if (mkdtemp(path_.data()) == nullptr)
      throw std::runtime_error{"no temporary folder"};
  }

  demo_folder(const demo_folder&) = delete;
  demo_folder& operator=(const demo_folder&) = delete;

  ~demo_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::string& path() const { return path_; }

private:
  std::string path_;
};

void print(const std::string& line) {
  std::cout << line << std::endl;
}

bulwark::database_cluster_options options_in(const std::string& folder) {
  return {.folder = folder,
          .active = {"db-primary-1", "db-primary-2"},
          .standby = {"db-standby-1", "db-standby-2"},
          .min_healthy = 2,
          .retry = {.initial = 10ms},
          .notice = print};
}

void show(const std::string& what, const bulwark::query_result& result) {
  auto tries = " (retry_count " + std::to_string(result.retry_count) + ")";
  if (result.success)
    print(what + " executed successfully on " + result.executed_on + ": "
          + result.result + tries);
  else
    print(what + " failed: " + result.error + tries);
}

void fill(bulwark::database_cluster& database) {
  database.execute_write(
    {"", {{"create table users (id integer primary key, name text)"}}, true});
  for (int i = 0; i < 10; ++i)
    database.execute_write(
      {"",
       {{"insert into users values (?, ?)",
         {std::to_string(i), "user " + std::to_string(i)}}}});
}

void run(bulwark::database_cluster& database) {
  print("Database cluster setup complete");
  fill(database);
  for (int i = 0; i < 10; ++i)
    show("Query " + std::to_string(i),
         database.execute_query(
           {"select name from users where id = ?", {std::to_string(i)}}));

  database.fail("db-primary-1");
  print("System Health: " + to_text(database.health()));

  auto rename = bulwark::write_request{
    "rename 7", {{"update users set name = 'Ada' where id = 7"}}};
  auto written = database.execute_write(rename);
  show("Write", written);
  show("The same write", database.execute_write(rename));
  show("Query", database.execute_query({"select name from users where id = 7"},
                                       written.where));

  database.report_load(database.primary(), 0.8);
  show("Write", database.execute_write({"", {{"delete from users"}}}));
  database.report_load(database.primary(), 0);

  database.come_back("db-primary-1");
  print("System Health: " + to_text(database.health()));
}

} // namespace

int run_demo() {
  try {
    demo_folder folder;
    caf::actor_system_config config;
    caf::actor_system system{config};
    bulwark::database_cluster database{system, options_in(folder.path())};
    run(database);
    return EXIT_SUCCESS;
  } catch (const std::exception& e) {
    std::cerr << "database_cluster: " << e.what() << std::endl;
    return EXIT_FAILURE;
  }
}
