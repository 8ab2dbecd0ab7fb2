#include "demo/child_process.hpp"

#include <array>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace storefront {

namespace {

using clock = std::chrono::steady_clock;

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

/// Runs in the new process: only calls that are safe after a fork.
[[noreturn]] void become(char* const* arguments, int output) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  execv(arguments[0], arguments);
  _exit(127);
}

} // namespace

child_process::child_process(const std::filesystem::path& program,
                             const std::vector<std::string>& arguments,
                             line_taker take) {
  auto name = program.string();
  auto copies = arguments;
  std::vector<char*> pointers{name.data()};
  for (auto& each : copies)
    pointers.push_back(each.data());
  pointers.push_back(nullptr);
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0)
    fail("pipe");
  id_ = fork();
  if (id_ == 0)
    become(pointers.data(), ends[1]);
  auto error = errno;
  close(ends[1]);
  if (id_ < 0) {
    close(ends[0]);
    errno = error;
    fail("fork");
  }
  reader_ =
    std::thread{[this, from = ends[0], take] { read_lines(from, take); }};
}

child_process::~child_process() {
  if (!ended_) {
    kill(id_, SIGKILL);
    waitpid(id_, nullptr, 0);
  }
  reader_.join();
}

void child_process::send_signal(int signal) {
  if (!ended_)
    kill(id_, signal);
}

std::optional<int> child_process::wait(bulwark::duration timeout) {
  auto deadline = clock::now() + timeout;
  while (!ended_) {
    int status = 0;
    if (waitpid(id_, &status, WNOHANG) == id_)
      ended_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    else if (clock::now() >= deadline)
      break;
    else
      std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  return ended_;
}

void child_process::read_lines(int from, const line_taker& take) {
  std::string text;
  std::array<char, 4096> chunk;
  while (true) {
    auto came = read(from, chunk.data(), chunk.size());
    if (came < 0 && errno == EINTR)
      continue;
    if (came <= 0)
      break;
    text.append(chunk.data(), static_cast<size_t>(came));
    for (size_t end = 0; (end = text.find('\n')) != std::string::npos;) {
      take(text.substr(0, end));
      text.erase(0, end + 1);
    }
  }
  close(from);
}

} // namespace storefront
