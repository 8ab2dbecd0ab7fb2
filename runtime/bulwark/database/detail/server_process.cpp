#include <bulwark/database/detail/server_process.hpp>

#include <pwd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <fstream>
#include <sstream>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace bulwark::detail {

namespace {

constexpr auto look_again = std::chrono::milliseconds{10};

[[noreturn]] void refuse_process(const std::string& what) {
  throw std::system_error{errno, std::generic_category(), what};
}

/// Whom servers run as where this process is root.
const passwd& nobody_of_system() {
  const auto* found = getpwnam("nobody");
  if (found == nullptr)
    refuse_process("no user \"nobody\"");
  return *found;
}

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> result;
  for (auto& each : words)
    result.push_back(each.data());
  result.push_back(nullptr);
  return result;
}

/// In the child: only what may be done between fork and exec.
[[noreturn]] void become(char* const* words, int log, uid_t user, gid_t group,
                         pid_t parent) {
  setsid();
  dup2(log, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  auto changed = user == geteuid()
                 || (setresgid(group, group, group) == 0
                     && setresuid(user, user, user) == 0);
  // The kernel forgets it when the user changes.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (changed && getppid() == parent)
    execv(words[0], words);
  _exit(127);
}

/// Returns the processes that this one has started and not lost.
std::vector<pid_t> started_by(pid_t parent) {
  std::vector<pid_t> result;
  std::error_code ignored;
  for (const auto& each :
       std::filesystem::directory_iterator{"/proc", ignored}) {
    std::ifstream file{each.path() / "stat"};
    std::string line;
    if (!std::getline(file, line))
      continue;
    // "17 (name) S 1 ...": the name may hold anything.
    std::istringstream rest{line.substr(line.rfind(')') + 1)};
    char state = 0;
    pid_t of = 0;
    if (rest >> state >> of && of == parent)
      result.push_back(std::stoi(each.path().filename()));
  }
  return result;
}

} // namespace

server_process::server_process(const std::filesystem::path& program,
                               const std::vector<std::string>& arguments,
                               const std::filesystem::path& log) {
  std::vector<std::string> words{program.string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  auto pointers = pointers_to(words);
  uid_t user = geteuid();
  gid_t group = getegid();
  if (user == 0) {
    user = nobody_of_system().pw_uid;
    group = nobody_of_system().pw_gid;
  }
  auto parent = getpid();
  auto output =
    ::open(log.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
  if (output < 0)
    refuse_process(log.string());
  id_ = fork();
  if (id_ == 0)
    become(pointers.data(), output, user, group, parent);
  ::close(output);
  if (id_ < 0)
    refuse_process("fork");
}

server_process::~server_process() {
  kill();
}

bool server_process::runs() {
  return wait(duration::zero()) < 0;
}

int server_process::wait(duration limit) {
  using std::chrono::steady_clock;
  auto until = steady_clock::now() + limit;
  while (id_ > 0) {
    auto ended = waitpid(id_, &status_, WNOHANG);
    if (ended == id_ || (ended < 0 && errno != EINTR)) {
      id_ = -1;
      break;
    }
    if (steady_clock::now() >= until)
      return -1;
    std::this_thread::sleep_for(look_again);
  }
  return WIFSIGNALED(status_) ? 128 + WTERMSIG(status_) : WEXITSTATUS(status_);
}

void server_process::reload() {
  if (id_ > 0)
    ::kill(id_, SIGHUP);
}

void server_process::kill() {
  if (id_ <= 0)
    return;
  // Its sessions would serve on until they see that it is gone.
  auto sessions = started_by(id_);
  ::kill(id_, SIGKILL);
  for (auto each : sessions)
    ::kill(each, SIGKILL);
  wait(std::chrono::seconds{10});
}

std::string run_program(const std::filesystem::path& program,
                        const std::vector<std::string>& arguments,
                        const std::filesystem::path& log, duration limit) {
  server_process running{program, arguments, log};
  auto code = running.wait(limit);
  auto name = program.filename().string();
  if (code == 0)
    return "";
  return code < 0 ? name + " was not done in time"
                  : name + " ended with " + std::to_string(code) + ", see "
                      + log.string();
}

void give_to_servers(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  if (geteuid() == 0
      && chown(folder.c_str(), nobody_of_system().pw_uid,
               nobody_of_system().pw_gid)
           != 0)
    refuse_process(folder.string());
}

} // namespace bulwark::detail
