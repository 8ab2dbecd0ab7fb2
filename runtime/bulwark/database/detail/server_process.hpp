#pragma once

#include <bulwark/time/time.hpp>

#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

namespace bulwark::detail {

/// A program that runs as an unprivileged user, as `nobody` where this process
/// is root, and dies with the thread that has started it. What it prints goes
/// to the end of a file.
///
/// Confined to one thread.
class server_process {
public:
  /// @throws std::system_error
  server_process(const std::filesystem::path& program,
                 const std::vector<std::string>& arguments,
                 const std::filesystem::path& log);

  server_process(const server_process&) = delete;
  server_process& operator=(const server_process&) = delete;

  /// Kills it, and waits for its end.
  ~server_process();

  bool runs();

  /// Returns its exit code, or 128 plus the number of the signal that ended it;
  /// -1: it has not ended by then.
  int wait(duration limit);

  /// Asks it to read its settings again.
  void reload();

  /// Ends it and the processes that it has started with SIGKILL.
  void kill();

private:
  pid_t id_ = -1;
  int status_ = 0;
};

/// Runs a program to its end. Returns "", or what went wrong.
std::string run_program(const std::filesystem::path& program,
                        const std::vector<std::string>& arguments,
                        const std::filesystem::path& log, duration limit);

/// Gives a folder to the user that server processes run as. Makes it.
/// @throws std::system_error
void give_to_servers(const std::filesystem::path& folder);

} // namespace bulwark::detail
