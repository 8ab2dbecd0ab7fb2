// Real processes: what is checked is how they end.

#include "support/temp_folder.hpp"

#include <bulwark/process/detail/shell_command.hpp>

#include <catch2/catch.hpp>

#include <atomic>
#include <chrono>
#include <csignal>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

#include <sys/wait.h>

using namespace bulwark;
using namespace std::chrono_literals;
using detail::run_shell_command;

namespace {

using clock_type = std::chrono::steady_clock;

const std::atomic<bool> never{false};

std::string run(const std::string& command, const std::string& input = "",
                duration limit = 20s) {
  return run_shell_command(command, input, limit, never);
}

std::string content_of(const std::filesystem::path& file) {
  std::ostringstream result;
  result << std::ifstream{file}.rdbuf();
  return result.str();
}

/// Waits until the process `file` names is gone; false: it lives on.
bool dies(const std::filesystem::path& file) {
  auto id = std::stoi(content_of(file));
  for (auto end = clock_type::now() + 10s; clock_type::now() < end;) {
    std::ifstream status{"/proc/" + std::to_string(id) + "/stat"};
    std::string number;
    std::string name;
    std::string state;
    if (!(status >> number >> name >> state) || state == "Z")
      return true;
    std::this_thread::yield();
  }
  return false;
}

/// Sets what is done about a signal, until its end.
class disposition {
public:
  disposition(int number, void (*handler)(int))
    : number_(number), before_(std::signal(number, handler)) {}
  disposition(const disposition&) = delete;
  disposition& operator=(const disposition&) = delete;
  ~disposition() { std::signal(number_, before_); }

private:
  int number_;
  void (*before_)(int);
};

} // namespace

TEST_CASE("a command gets its input, and nothing is wrong", "[shell]") {
  test::temp_folder folder;
  auto file = folder.path() / "got";
  std::string input = "{\"words\":\"$(x) `y` 'z'\"}\n";
  CHECK(run("cat > " + file.string(), input) == "");
  CHECK(content_of(file) == input);
  CHECK(run("test -z \"$(cat)\"") == "");
}

TEST_CASE("the largest input fits", "[shell]") {
  CHECK(run("test $(wc -c) -eq 61440", std::string(60 * 1024, 'x')) == "");
}

TEST_CASE("how a command fails is told", "[shell]") {
  CHECK(run("exit 3") == "ended with code 3");
  CHECK(run("/nowhere/no_such_program 2>&-") == "ended with code 127");
  CHECK(run("kill -TERM $$") == "was ended by signal 15");
  CHECK(run("'") == "ended with code 2");
}

TEST_CASE("a command that ignores its input harms nobody", "[shell]") {
  CHECK(run("exec 0<&-", std::string(60 * 1024, 'x')) == "");
  CHECK(run("true", std::string(60 * 1024, 'x')) == "");
}

TEST_CASE("a command may write a lot", "[shell]") {
  test::temp_folder folder;
  auto file = folder.path() / "much";
  CHECK(run("cat; head -c 5000000 /dev/zero > " + file.string(), "") == "");
  CHECK(std::filesystem::file_size(file) == 5'000'000);
}

TEST_CASE("a command that hangs is killed, and all that it started",
          "[shell]") {
  test::temp_folder folder;
  auto file = folder.path() / "child";
  auto began = clock_type::now();
  CHECK(run("sleep 1000 & echo $! > " + file.string() + "; wait", "", 500ms)
        == "did not end within 500ms");
  CHECK(clock_type::now() - began >= 500ms);
  CHECK(clock_type::now() - began < 15s);
  CHECK(dies(file));
}

TEST_CASE("a command that is given up is killed at once", "[shell]") {
  std::atomic<bool> give_up{false};
  std::thread later{[&] {
    std::this_thread::yield();
    give_up = true;
  }};
  auto began = clock_type::now();
  CHECK(run_shell_command("sleep 1000", "", 1h, give_up)
        == "was given up when the node stopped");
  later.join();
  CHECK(clock_type::now() - began < 15s);
}

TEST_CASE("a command ends as ever where children are not waited for",
          "[shell]") {
  // A program may be started with this, and keeps it over exec.
  disposition ignoring{SIGCHLD, SIG_IGN};
  auto began = clock_type::now();
  CHECK(run("true") == "ended, but how is unknown: No child processes");
  CHECK(clock_type::now() - began < 15s);
}

TEST_CASE("a command has the signals of a fresh process", "[shell]") {
  // A node ignores these two; a pipe in the command would not end by itself.
  disposition pipe{SIGPIPE, SIG_IGN};
  disposition hangup{SIGHUP, SIG_IGN};
  CHECK(run("kill -PIPE $$; exit 9") == "was ended by signal 13");
  CHECK(run("kill -HUP $$; exit 9") == "was ended by signal 1");
}
