#pragma once

#include "support/process.hpp"

#include <bulwark/time/time.hpp>

#include <filesystem>
#include <memory>
#include <string>

#include <sys/types.h>

namespace test {

/// A folder below the system's temporary one that is removed with this object,
/// and also when the test is killed. Owned by whoever runs servers: `nobody`
/// where the test is root.
///
/// Confined to one thread.
class server_folder {
public:
  server_folder();
  server_folder(const server_folder&) = delete;
  server_folder& operator=(const server_folder&) = delete;
  ~server_folder();

  const std::filesystem::path& path() const { return path_; }

private:
  void start_janitor();

  std::filesystem::path path_;
  pid_t janitor_ = -1;
  int alive_ = -1;
};

/// A PostgreSQL server of its own, on loopback, with an empty database that is
/// gone with this object. It runs as an unprivileged user, also where the test
/// is root, because it refuses anything else. Durability is switched off.
///
/// Its programs are in the folder that the build tells in the environment as
/// `POSTGRES_BIN`.
///
/// Confined to one thread.
class postgres_server {
public:
  /// Makes a database and starts the server.
  /// @throws process_error if it does not take connections in time
  postgres_server();

  /// For `postgres_options::connection`.
  std::string address() const;

  /// Kills it and all that belongs to it with SIGKILL, and waits for its end.
  void kill();

  /// Starts it again, on the same port and with the same data.
  /// @throws process_error if it does not take connections in time
  void start();

private:
  bool try_start();

  server_folder folder_;
  int port_ = 0;
  std::unique_ptr<process> server_;
};

} // namespace test
