#include "support/postgres_server.hpp"

#include <pwd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace test {

namespace {

[[noreturn]] void fail(const std::string& what) {
  throw process_error{what + ": " + std::strerror(errno)};
}

/// Removes the folder `$0` when nobody can write to its input any more. The
/// last processes of a server may still write to the folder.
constexpr const char* janitor_script =
  "cat; for i in 1 2 3 4 5; do rm -rf \"$0\" && exit; sleep 1; done";

/// Returns a port that is free now.
int free_port() {
  const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  if (bind(probe, plain, size) != 0 || getsockname(probe, plain, &size) != 0)
    fail("no free port");
  close(probe);
  return ntohs(address.sin_port);
}

/// Returns the processes that this one has started and not lost.
std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> result;
  for (auto& each : std::filesystem::directory_iterator{"/proc"}) {
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

/// Runs a program of PostgreSQL as somebody who may run it.
std::unique_ptr<process> run(const std::string& name,
                             std::vector<std::string> arguments) {
  auto path = program("POSTGRES_BIN") / name;
  if (geteuid() != 0)
    return std::make_unique<process>(path, std::move(arguments));
  // The kernel forgets what the harness asked for, to have it die with the
  // test, when its user changes.
  std::vector<std::string> all{"--reuid=nobody", "--regid=nogroup",
                               "--clear-groups", "--pdeathsig=KILL",
                               path.string()};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return std::make_unique<process>("/usr/bin/setpriv", std::move(all));
}

} // namespace

server_folder::server_folder() {
  auto pattern =
    (std::filesystem::temp_directory_path() / "bulwark-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr)
    fail("no temporary folder");
  path_ = pattern;
  start_janitor();
  if (geteuid() != 0)
    return;
  const auto* nobody = getpwnam("nobody");
  if (nobody == nullptr
      || chown(path_.c_str(), nobody->pw_uid, nobody->pw_gid) != 0)
    fail("cannot give " + path_.string() + " to nobody");
}

void server_folder::start_janitor() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0)
    fail("pipe");
  janitor_ = fork();
  if (janitor_ == 0) {
    // Whatever kills the group of the test must not kill it.
    setsid();
    if (dup2(ends[0], 0) == 0)
      execl("/bin/sh", "sh", "-c", janitor_script, path_.c_str(), nullptr);
    _exit(127);
  }
  close(ends[0]);
  alive_ = ends[1];
  if (janitor_ < 0)
    fail("fork");
}

server_folder::~server_folder() {
  close(alive_);
  while (janitor_ > 0 && waitpid(janitor_, nullptr, 0) < 0 && errno == EINTR)
    continue;
}

postgres_server::postgres_server() {
  auto made =
    run("initdb", {"--pgdata", (folder_.path() / "data").string(),
                   "--username=bulwark", "--auth=trust", "--encoding=UTF8",
                   "--locale=C", "--no-sync", "--no-instructions"});
  if (made->wait_exit(std::chrono::seconds{60}) != 0)
    throw process_error{"initdb failed; its last line: "
                        + (made->lines().empty() ? "" : made->lines().back())};
  port_ = free_port();
  start();
}

std::string postgres_server::address() const {
  return "host=127.0.0.1 port=" + std::to_string(port_)
         + " user=bulwark dbname=postgres sslmode=disable";
}

void postgres_server::kill() {
  // They would serve on until they see that it is gone.
  auto sessions = children_of(server_->id());
  server_->signal(SIGKILL);
  for (auto each : sessions)
    ::kill(each, SIGKILL);
  server_->wait_exit();
  server_.reset();
}

void postgres_server::start() {
  // As long as a process of one that was killed has not seen that, the next
  // one refuses to start.
  constexpr int attempts_max = 100;
  for (int i = 0; i < attempts_max; ++i)
    if (try_start())
      return;
  throw process_error{"postgres did not start"};
}

bool postgres_server::try_start() {
  auto fresh =
    run("postgres", {"-D", (folder_.path() / "data").string(), "-p",
                     std::to_string(port_), "-c", "listen_addresses=127.0.0.1",
                     "-c", "unix_socket_directories=", "-c", "fsync=off", "-c",
                     "shared_buffers=16MB", "-c", "max_connections=40", "-c",
                     "autovacuum=off"});
  auto has = [](const std::string& line, const char* what) {
    return line.find(what) != std::string::npos;
  };
  // A client that comes too early is told what is fatal for it alone.
  auto refuses = [has](const std::string& line) {
    return has(line, "FATAL:") && !has(line, "the database system is");
  };
  auto line = fresh->wait_for_line([&](const std::string& each) {
    return has(each, "ready to accept connections") || refuses(each);
  });
  if (refuses(line)) {
    fresh->wait_exit();
    return false;
  }
  server_ = std::move(fresh);
  return true;
}

} // namespace test
