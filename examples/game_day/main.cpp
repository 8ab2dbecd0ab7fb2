// A game day: a storefront of three nodes, and one experiment after the other
// out of the files beside this one. Prints the report of each and a summary.
// Exit code 0 only if all verdicts are as their files say.
//
// usage: game_day EXPERIMENTS PROGRAM [FOLDER]
//
// EXPERIMENTS is a folder of files, PROGRAM the program `bulwark`; FOLDER gets
// what the nodes keep.

#include "demo/child_process.hpp"
#include "demo/free_ports.hpp"
#include "demo/time_limit.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>

#include <signal.h>
#include <unistd.h>

namespace fs = std::filesystem;

namespace {

using namespace storefront;
using namespace std::chrono_literals;
using words = std::vector<std::string>;

constexpr auto start_time = 20s;
constexpr auto experiment_time = 60s;
constexpr auto stop_time = 8s;
constexpr auto day_time = 170s;

/// Alpha and beta both have the catalog; gamma asks them.
const std::map<std::string, std::string> services_of{
  {"alpha", "product_catalog,user_authentication"},
  {"beta", "product_catalog,payment_processing"},
  {"gamma", "email_notifications"},
};

std::string at(uint16_t port) {
  return "127.0.0.1:" + std::to_string(port);
}

/// Three nodes as processes on loopback, ready to be made to fail.
///
/// Confined to the main thread.
class shop {
public:
  shop(fs::path program, fs::path folder)
    : program_(std::move(program)), folder_(std::move(folder)) {
    auto ports = free_ports(2 * services_of.size());
    size_t next = 0;
    for (const auto& [name, services] : services_of) {
      links_[name] = ports[next++];
      fronts_[name] = ports[next++];
    }
    for (const auto& [name, services] : services_of)
      start(name);
  }

  /// Returns whether all serve and know each other.
  bool wait_until_started() {
    std::unique_lock guard{lock_};
    return heard_.wait_for(guard, start_time, [this] {
      return started_ == services_of.size()
             && joined_ >= services_of.size() * (services_of.size() - 1);
    });
  }

  std::string data(const std::string& name) const {
    return (folder_ / name).string();
  }

  std::string front(const std::string& name) const {
    return at(fronts_.at(name));
  }

  void stop() {
    for (auto& [name, each] : running_)
      each->send_signal(SIGTERM);
    for (auto& [name, each] : running_)
      each->wait(stop_time);
  }

private:
  void start(const std::string& name) {
    words arguments{
      "--name=" + name, "--services=" + services_of.at(name),
      "--data=" + data(name), "--listen=" + at(links_.at(name)),
      "--http=" + front(name), "--admin=127.0.0.1:0", "--chaos",
      "--service.product_catalog.hung_after=300ms",
      "--service.product_catalog.restart.initial=10ms",
      // More than experiments cause: what is shown is one replica at a time.
      "--service.product_catalog.restart.intensity=1000",
      "--service.product_catalog.supervisor.intensity=1000"};
    if (services_of.at(name).find("product_catalog") != std::string::npos)
      arguments.emplace_back("--service.product_catalog.replicas=2");
    for (const auto& [other, port] : links_)
      if (other != name)
        arguments.push_back("--join=" + at(port));
    running_[name] = std::make_unique<child_process>(
      program_, arguments, [this](const std::string& line) { hear(line); });
  }

  void hear(const std::string& line) {
    std::lock_guard guard{lock_};
    if (line.find(" node_started ") != std::string::npos)
      ++started_;
    if (line.find(" node_joined ") != std::string::npos)
      ++joined_;
    heard_.notify_all();
  }

  fs::path program_;
  fs::path folder_;
  std::map<std::string, uint16_t> links_;
  std::map<std::string, uint16_t> fronts_;
  std::mutex lock_;
  std::condition_variable heard_;
  size_t started_ = 0;
  size_t joined_ = 0;
  std::map<std::string, std::unique_ptr<child_process>> running_;
};

/// Runs one experiment; returns whether all was as its file says.
bool run(const shop& nodes, const fs::path& program, const fs::path& file) {
  words arguments{"chaos", file.string()};
  for (const auto& [name, services] : services_of)
    arguments.push_back("--data=" + nodes.data(name));
  for (const auto* name : {"alpha", "gamma"})
    arguments.push_back("--at=" + nodes.front(name));
  child_process runner{program, arguments, [](const std::string& line) {
                         std::cout << line + "\n" << std::flush;
                       }};
  return runner.wait(experiment_time) == 0;
}

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> result;
  for (const auto& each : fs::directory_iterator{folder})
    if (each.path().extension() == ".experiment")
      result.push_back(each.path());
  std::sort(result.begin(), result.end());
  return result;
}

int practise(const fs::path& experiments, const fs::path& program,
             const fs::path& folder) {
  time_limit watchdog{day_time};
  auto self = fs::read_symlink("/proc/self/exe").parent_path();
  shop nodes{self.parent_path() / "storefront" / "storefront", folder};
  if (!nodes.wait_until_started()) {
    std::cout << "the nodes did not start\n";
    return 1;
  }
  std::vector<std::string> wrong;
  auto all = files_in(experiments);
  for (const auto& each : all) {
    std::cout << "\n== " << each.filename().string() << std::endl;
    if (!run(nodes, program, each))
      wrong.push_back(each.filename().string());
  }
  nodes.stop();
  std::cout << "\n== " << all.size() - wrong.size() << " of " << all.size()
            << " experiments went as written\n";
  for (const auto& each : wrong)
    std::cout << "   not so: " << each << "\n";
  return wrong.empty() && !all.empty() ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 3 && argc != 4) {
    std::cerr << "usage: game_day EXPERIMENTS PROGRAM [FOLDER]\n";
    return 64;
  }
  auto folder = argc == 4 ? fs::path{argv[3]}
                          : fs::temp_directory_path()
                              / ("game_day-" + std::to_string(getpid()));
  try {
    auto result = practise(argv[1], argv[2], folder);
    if (argc == 3)
      fs::remove_all(folder);
    return result;
  } catch (const std::exception& e) {
    std::cerr << "game_day: " << e.what() << "\n";
    return 1;
  }
}
