#pragma once

#include "support/postgres_server.hpp"
#include "support/process.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <sys/types.h>

namespace test {

/// The servers of examples/database_cluster.
const std::vector<std::string>& bank_servers();

/// Three PostgreSQL servers with their owners and their watch in one process;
/// or with the owner of pg-1 in a process of its own, which can be frozen with
/// its server. And a client.
///
/// Confined to one thread.
class postgres_town {
public:
  explicit postgres_town(uint64_t seed, bool apart = false);

  /// Waits until another primary serves than before.
  void await_primary();

  /// As that of `bank_town`.
  int64_t await_work(int64_t after);

  void await_follower(const std::string& name);

  const std::string& primary() const { return primary_; }

  /// Kills a server and its sessions with SIGKILL.
  void kill(const std::string& name) const;

  /// Sends pg-1, its sessions and its owner a signal. @pre apart
  void signal_apart(int number) const;

  std::string verdict();

private:
  std::filesystem::path until() const { return folder_.path() / "until"; }
  std::vector<pid_t> processes_of(const std::string& name) const;
  std::unique_ptr<process> run(std::vector<std::string> arguments) const;

  server_folder folder_;
  std::string port_;
  std::unique_ptr<process> watch_;
  std::unique_ptr<process> apart_;
  std::unique_ptr<process> bank_;
  std::string primary_;
};

} // namespace test
