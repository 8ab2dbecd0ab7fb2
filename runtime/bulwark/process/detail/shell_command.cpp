#include <bulwark/process/detail/shell_command.hpp>
#include <bulwark/text/duration_text.hpp>

#include <spawn.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace bulwark::detail {

namespace {

constexpr std::chrono::milliseconds look_again{10};

/// Both ends of a pipe, closed at the end.
class pipe_ends {
public:
  pipe_ends() { good_ = pipe2(ends_.data(), O_CLOEXEC) == 0; }
  pipe_ends(const pipe_ends&) = delete;
  pipe_ends& operator=(const pipe_ends&) = delete;

  ~pipe_ends() {
    close_end(0);
    close_end(1);
  }

  bool good() const noexcept { return good_; }
  int read_end() const noexcept { return ends_[0]; }
  int write_end() const noexcept { return ends_[1]; }

  void close_end(size_t which) noexcept {
    if (auto fd = std::exchange(ends_[which], -1); fd >= 0)
      close(fd);
  }

private:
  std::array<int, 2> ends_{-1, -1};
  bool good_ = false;
};

/// Starts the shell; returns 0, or why it could not be started.
int start(const std::string& command, const pipe_ends& input, pid_t& id) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_adddup2(&actions, input.read_end(), STDIN_FILENO);
  // The node blocks signals in its threads; the command is not to.
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  // The node ignores these, which would go on in the command.
  sigset_t usual;
  sigemptyset(&usual);
  for (auto number : {SIGPIPE, SIGHUP, SIGCHLD})
    sigaddset(&usual, number);
  posix_spawnattr_setsigdefault(&attributes, &usual);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK
                                          | POSIX_SPAWN_SETSIGDEF
                                          | POSIX_SPAWN_SETPGROUP);
  std::array<std::string, 3> words{"sh", "-c", command};
  std::array<char*, 4> arguments{words[0].data(), words[1].data(),
                                 words[2].data(), nullptr};
  auto result = posix_spawn(&id, "/bin/sh", &actions, &attributes,
                            arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  return result;
}

std::string words_for(int status) {
  if (WIFSIGNALED(status))
    return "was ended by signal " + std::to_string(WTERMSIG(status));
  auto code = WEXITSTATUS(status);
  return code == 0 ? "" : "ended with code " + std::to_string(code);
}

} // namespace

std::string run_shell_command(const std::string& command,
                              const std::string& input, duration limit,
                              const std::atomic<bool>& give_up) {
  pipe_ends pipe;
  if (!pipe.good())
    return std::string{"cannot be started: "} + std::strerror(errno);
  // Before it runs, so that one that reads nothing sends us no SIGPIPE.
  if (write(pipe.write_end(), input.data(), input.size()) < 0)
    return std::string{"cannot be told: "} + std::strerror(errno);
  pid_t id = 0;
  if (auto failure = start(command, pipe, id))
    return std::string{"cannot be started: "} + std::strerror(failure);
  pipe.close_end(0);
  pipe.close_end(1);
  using clock = std::chrono::steady_clock;
  auto end = clock::now() + limit;
  for (;;) {
    int status = 0;
    auto ended = waitpid(id, &status, WNOHANG);
    if (ended == id)
      return words_for(status);
    // Where SIGCHLD is ignored the system has taken it away, and its number
    // may be another's by now.
    if (ended < 0 && errno != EINTR)
      return std::string{"ended, but how is unknown: "} + std::strerror(errno);
    if (give_up || clock::now() >= end)
      break;
    std::this_thread::sleep_for(look_again);
  }
  kill(-id, SIGKILL);
  waitpid(id, nullptr, 0);
  if (give_up)
    return "was given up when the node stopped";
  return "did not end within " + to_text(limit);
}

} // namespace bulwark::detail
