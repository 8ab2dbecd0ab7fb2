#include "runtime/database/bank_town.hpp"

#include <chrono>
#include <csignal>
#include <fstream>
#include <string_view>

using namespace std::chrono_literals;

namespace test {

namespace {

constexpr auto glance = 20ms;
constexpr int glances_max = 1'500;
constexpr auto work_patience = 60s;

} // namespace

const std::vector<std::string>& bank_members() {
  static const std::vector<std::string> names{"db-primary-1", "db-primary-2",
                                              "db-standby-1", "db-standby-2"};
  return names;
}

int64_t bank_now() {
  return std::chrono::steady_clock::now().time_since_epoch() / 1ns;
}

int64_t await_transfer(process& client, int64_t after) {
  auto line = client.wait_for_line(
    [=](const auto& each) {
      return each.starts_with("ok ")
             && std::stoll(field_of(each, "begun")) > after;
    },
    work_patience);
  return std::stoll(field_of(line, "at"));
}

bank_town::bank_town(uint64_t seed) {
  for (const auto& name : bank_members())
    start(name);
  run("bank", "BANK_CLIENT",
      {"--seed=" + std::to_string(seed), "--until=" + until().string()});
  await_primary();
  await_work(0);
}

void bank_town::start(const std::string& name) {
  run(name, "DATABASE_CLUSTER", {"--member=" + name});
}

void bank_town::kill(const std::string& name) {
  at(name).signal(SIGKILL);
  at(name).wait_exit();
  running_.erase(name);
  addresses_.erase(name);
}

std::string bank_town::await_primary() {
  for (int i = 0; i < glances_max; ++i)
    for (const auto& name : bank_members())
      if (running_.contains(name) && leads_anew(name))
        return primary_ = name;
  throw process_error{"nobody leads after epoch " + std::to_string(epoch_)};
}

const std::string& bank_town::primary() {
  for (const auto& name : bank_members())
    if (running_.contains(name) && leads_anew(name))
      primary_ = name;
  return primary_;
}

int64_t bank_town::await_work(int64_t after) {
  return await_transfer(at("bank"), after);
}

std::string bank_town::verdict() {
  std::ofstream{until()} << "now";
  return at("bank").wait_for_line("bank seed=", work_patience);
}

void bank_town::run(const std::string& name, const char* which,
                    std::vector<std::string> arguments) {
  arguments.insert(arguments.end(),
                   {"--name=" + name, "--listen=127.0.0.1:0", "--drain=0s",
                    "--data=" + (folder_.path() / name).string()});
  for (const auto& [other, address] : addresses_)
    arguments.push_back("--join=" + address);
  running_[name] =
    std::make_unique<process>(program(which), std::move(arguments));
  addresses_[name] = field_of(at(name).wait_for_line("node_started"), "listen");
}

bool bank_town::leads_anew(const std::string& name) {
  constexpr std::string_view words = " is the primary of epoch ";
  auto epoch_in = [=](const std::string& line) -> uint64_t {
    auto found = line.find(words);
    return found == line.npos ? 0
                              : std::stoull(line.substr(found + words.size()));
  };
  try {
    auto line = at(name).wait_for_line(
      [&](const std::string& each) { return epoch_in(each) > epoch_; }, glance);
    epoch_ = epoch_in(line);
    return true;
  } catch (const process_error&) {
    return false;
  }
}

} // namespace test
