#include "support/process.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace test {

namespace {

// The harness waits for real processes, so it alone asks for the real time.
bulwark::time_point now() {
  return std::chrono::steady_clock::now();
}

// How long to wait before the exit of the program is looked for again.
constexpr std::chrono::milliseconds slice{10};

// What is written while nobody reads must fit, or the program would block.
constexpr int pipe_size = 1 << 20;

// Runs in the child, between fork and exec: async-signal-safe calls only.
[[noreturn]] void become(const char* program, char* const* arguments,
                         int output, pid_t parent) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (int number = 1; number < NSIG; ++number)
    ::signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  const int nothing = open("/dev/null", O_RDONLY);
  if (getppid() == parent && nothing >= 0 && dup2(nothing, 0) == 0
      && dup2(output, 1) == 1 && dup2(output, 2) == 2)
    execv(program, arguments);
  _exit(127);
}

} // namespace

std::filesystem::path program(const char* variable) {
  if (const auto* path = std::getenv(variable))
    return path;
  throw process_error{std::string{variable} + " is not set: run this by ctest"};
}

process::process(const std::filesystem::path& program,
                 std::vector<std::string> arguments)
  : name_(program.filename().string()) {
  if (access(program.c_str(), X_OK) != 0)
    throw process_error{program.string() + ": " + std::strerror(errno)};
  start(program, std::move(arguments));
}

void process::start(const std::filesystem::path& program,
                    std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), program.string());
  std::vector<char*> pointers;
  for (auto& argument : arguments)
    pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0)
    throw process_error{std::string{"pipe: "} + std::strerror(errno)};
  fcntl(ends[1], F_SETPIPE_SZ, pipe_size);
  // A signal for the program must not run a handler of the test in its copy.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const auto parent = getpid();
  id_ = fork();
  if (id_ == 0)
    become(program.c_str(), pointers.data(), ends[1], parent);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  close(ends[1]);
  output_ = ends[0];
  if (id_ < 0) {
    close(output_);
    throw process_error{std::string{"fork: "} + std::strerror(errno)};
  }
  // Done on both sides: whichever comes first, the group exists from here on.
  setpgid(id_, id_);
}

process::~process() {
  // The program is waited for only now, even if it ended long ago: until then
  // the system gives its number to nobody else.
  kill(-id_, SIGKILL);
  while (waitpid(id_, nullptr, 0) < 0 && errno == EINTR)
    continue;
  close(output_);
}

std::string process::wait_for_line(const std::string& text,
                                   bulwark::duration timeout) {
  return wait_for(
    [&text](const std::string& line) {
      return line.find(text) != std::string::npos;
    },
    "'" + text + "'", timeout);
}

std::string process::wait_for_line(const predicate& matches,
                                   bulwark::duration timeout) {
  return wait_for(matches, "what the test looks for", timeout);
}

std::string process::wait_for(const predicate& matches,
                              const std::string& description,
                              bulwark::duration timeout) {
  const auto deadline = now() + timeout;
  for (;;) {
    while (seen_ < lines_.size()) {
      const auto& line = lines_[seen_++];
      if (matches(line))
        return line;
    }
    if (!open_)
      fail("ended without a line with " + description);
    if (now() >= deadline)
      fail("printed in time no line with " + description);
    read_for(deadline - now());
  }
}

void process::signal(int number) {
  kill(id_, number);
}

int process::wait_exit(bulwark::duration timeout) {
  const auto deadline = now() + timeout;
  for (;;) {
    siginfo_t info{};
    if (waitid(P_PID, static_cast<id_t>(id_), &info,
               WEXITED | WNOHANG | WNOWAIT)
          == 0
        && info.si_pid == id_) {
      while (open_ && read_for({}))
        continue;
      return info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
    }
    if (now() >= deadline)
      fail("did not end in time");
    read_for(slice);
  }
}

bool process::has_line(const std::string& text) const {
  return std::any_of(lines_.begin(), lines_.end(), [&](const auto& line) {
    return line.find(text) != std::string::npos;
  });
}

bool process::read_for(bulwark::duration time) {
  using std::chrono::milliseconds;
  const auto wait = std::chrono::ceil<milliseconds>(time);
  pollfd source{output_, POLLIN, 0};
  if (poll(&source, open_ ? 1 : 0, static_cast<int>(wait.count())) <= 0)
    return false;
  std::array<char, 16 * 1024> buffer;
  const auto size = read(output_, buffer.data(), buffer.size());
  if (size < 0)
    return errno == EINTR;
  take({buffer.data(), static_cast<size_t>(size)});
  return size > 0;
}

void process::take(std::string_view data) {
  if (data.empty()) {
    open_ = false;
    if (!unfinished_.empty())
      lines_.push_back(std::exchange(unfinished_, {}));
    return;
  }
  for (size_t end; (end = data.find('\n')) != std::string_view::npos;
       data.remove_prefix(end + 1)) {
    unfinished_.append(data.substr(0, end));
    lines_.push_back(std::exchange(unfinished_, {}));
  }
  unfinished_.append(data);
  if (lines_.size() > lines_max)
    fail("printed more than 1,000,000 lines");
}

void process::fail(const std::string& what) const {
  constexpr size_t shown_max = 200;
  auto text = name_ + " " + what + "; its output:";
  const auto first = lines_.size() > shown_max ? lines_.size() - shown_max : 0;
  for (auto i = first; i < lines_.size(); ++i)
    text += "\n  " + lines_[i];
  throw process_error{text};
}

std::string field_of(const std::string& line, const std::string& key) {
  const auto start = (" " + line).find(" " + key + "=");
  if (start == std::string::npos)
    return "";
  auto value = line.substr(start + key.size() + 1);
  if (value.starts_with('"'))
    return value.substr(1, value.find('"', 1) - 1);
  return value.substr(0, value.find(' '));
}

} // namespace test
