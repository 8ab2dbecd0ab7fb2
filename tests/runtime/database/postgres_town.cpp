#include "runtime/database/postgres_town.hpp"

#include "runtime/database/bank_town.hpp"

#include <csignal>
#include <fstream>
#include <sstream>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace std::chrono_literals;

namespace test {

namespace {

constexpr auto server_patience = 60s;

bool is_free(uint16_t port) {
  auto probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  auto result =
    bind(probe, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  close(probe);
  return result;
}

/// The first of three that are free now.
uint16_t three_free_ports() {
  auto start = 20'000 + getpid() % 10'000;
  for (int i = start; i < start + 1'000; ++i) {
    auto port = static_cast<uint16_t>(i);
    if (is_free(port) && is_free(static_cast<uint16_t>(port + 1))
        && is_free(static_cast<uint16_t>(port + 2)))
      return port;
  }
  throw process_error{"no free ports"};
}

} // namespace

const std::vector<std::string>& bank_servers() {
  static const std::vector<std::string> names{"pg-1", "pg-2", "pg-3"};
  return names;
}

postgres_town::postgres_town(uint64_t seed, bool apart)
  : port_(std::to_string(three_free_ports())) {
  if (apart) {
    watch_ = run({"--name=watch", "--voters=watch", "--listen=127.0.0.1:0",
                  "--servers=pg-2,pg-3", "--lease=1500ms"});
    auto address = field_of(watch_->wait_for_line("node_started"), "listen");
    apart_ = run({"--name=apart", "--voters=watch", "--listen=127.0.0.1:0",
                  "--servers=pg-1", "--no-watch", "--lease=1500ms",
                  "--join=" + address});
  } else {
    watch_ = run({"--name=watch"});
  }
  await_primary();
  bank_ = std::make_unique<process>(
    program("BANK_CLIENT"),
    std::vector<std::string>{"--name=bank", "--seed=" + std::to_string(seed),
                             "--until=" + until().string(), "--drain=0s",
                             "--data=" + (folder_.path() / "bank").string(),
                             "--postgres-port=" + port_});
  await_work(0);
}

void postgres_town::await_primary() {
  auto line =
    watch_->wait_for_line(" is the primary of timeline ", server_patience);
  primary_ = line.substr(0, line.find(' '));
}

int64_t postgres_town::await_work(int64_t after) {
  return await_transfer(*bank_, after);
}

void postgres_town::await_follower(const std::string& name) {
  watch_->wait_for_line(name + " follows ", server_patience);
}

void postgres_town::kill(const std::string& name) const {
  for (auto each : processes_of(name))
    ::kill(each, SIGKILL);
}

void postgres_town::signal_apart(int number) const {
  apart_->signal(number);
  for (auto each : processes_of("pg-1"))
    ::kill(each, number);
}

std::string postgres_town::verdict() {
  std::ofstream{until()} << "now";
  return bank_->wait_for_line("bank seed=", server_patience);
}

std::vector<pid_t> postgres_town::processes_of(const std::string& name) const {
  auto where = apart_ && name == "pg-1" ? "apart" : "watch";
  pid_t server = 0;
  std::ifstream{folder_.path() / where / name / "data" / "postmaster.pid"}
    >> server;
  if (server <= 1)
    throw process_error{"no process of " + name};
  std::vector<pid_t> result{server};
  for (const auto& each : std::filesystem::directory_iterator{"/proc"}) {
    std::ifstream file{each.path() / "stat"};
    std::string line;
    if (!std::getline(file, line))
      continue;
    // "17 (name) S 1 ...": the name may hold anything.
    std::istringstream rest{line.substr(line.rfind(')') + 1)};
    char state = 0;
    pid_t of = 0;
    if (rest >> state >> of && of == server)
      result.push_back(std::stoi(each.path().filename()));
  }
  return result;
}

std::unique_ptr<process>
postgres_town::run(std::vector<std::string> arguments) const {
  auto name = arguments.front().substr(arguments.front().find('=') + 1);
  arguments.insert(arguments.end(),
                   {"--postgres", "--drain=0s", "--postgres-port=" + port_,
                    "--data=" + (folder_.path() / name).string()});
  return std::make_unique<process>(program("DATABASE_CLUSTER"),
                                   std::move(arguments));
}

} // namespace test
