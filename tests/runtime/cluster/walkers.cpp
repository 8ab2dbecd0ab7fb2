#include "runtime/cluster/walkers.hpp"

#include <bulwark/http/client.hpp>
#include <bulwark/journal/journal_error.hpp>
#include <bulwark/journal/journal_reader.hpp>
#include <bulwark/ledger/ledger.hpp>
#include <bulwark/ledger/report_json.hpp>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

namespace test {

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

/// A node is dialled each 2 s at the latest, and greeted within 10 s; a
/// handshake that a cut held up is given up after 20 s.
constexpr auto members_within = 60s * TEST_SHARE;

uint16_t port_in(const std::string& address) {
  return static_cast<uint16_t>(
    std::stoul(address.substr(address.rfind(':') + 1)));
}

} // namespace

walkers::walkers() {
  for (const auto& name : walk_names)
    ports_[name] = network.open(name);
  for (const auto& name : walk_names)
    start(name);
}

void walkers::start(const std::string& name) {
  auto loopback = [](uint16_t port) {
    return "127.0.0.1:" + std::to_string(port);
  };
  auto next = std::find(walk_names.begin(), walk_names.end(), name) + 1;
  const auto& other = next == walk_names.end() ? walk_names.front() : *next;
  std::vector<std::string> arguments{"--name=" + name,
                                     "--cluster=walk",
                                     "--listen=127.0.0.1:0",
                                     "--admin=127.0.0.1:0",
                                     "--advertise=" + loopback(ports_[name]),
                                     "--join=" + loopback(ports_[other]),
                                     "--voters=alpha,beta,gamma",
                                     "--lease=1500ms",
                                     "--drain=0s",
                                     "--data=" + folder(name)};
  auto& it = all_[name];
  it = std::make_unique<test::process>(test::program("ROLE_NODE"), arguments);
  network.starts(name, it->id());
  auto line = it->wait_for_line("node_started");
  network.listens(name, port_in(field_of(line, "listen")));
  admins_[name] = port_in(field_of(line, "admin"));
}

void walkers::kill(const std::string& name, int signal) {
  all_[name]->signal(signal);
  all_[name]->wait_exit();
  remember(name);
  all_.erase(name);
}

void walkers::signal(const std::string& name, int number) {
  all_[name]->signal(number);
}

void walkers::cut_off(const std::string& name, bool in, bool out) {
  for (const auto& other : walk_names)
    if (other != name) {
      if (in)
        network.cut(other, name);
      if (out)
        network.cut(name, other);
    }
}

void walkers::pass(duration time) {
  auto end = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < end)
    for (auto& [name, each] : all_)
      read(*each, 20ms);
}

std::map<std::string, std::string> walkers::states(const std::string& name) {
  std::map<std::string, std::string> result;
  try {
    http_client client{"127.0.0.1", admins_[name]};
    auto reply = client.request("GET", "/api/members", "", 2s);
    if (reply.status != 200)
      return result;
    auto body = nlohmann::json::parse(reply.body);
    for (const auto& each : body.at("members"))
      result[each.at("node").get<std::string>()] =
        each.at("state").get<std::string>();
  } catch (const http_error&) {
    // It is busy, and asked again.
  }
  return result;
}

void walkers::await_members() {
  auto end = std::chrono::steady_clock::now() + members_within;
  std::string missing = "?";
  while (!missing.empty()) {
    if (std::chrono::steady_clock::now() > end)
      FAIL("not all are members: " << missing);
    pass(50ms);
    missing.clear();
    for (const auto& name : walk_names)
      for (auto known = states(name); const auto& other : walk_names)
        if (other != name && known[other] != "up")
          missing += " " + name + ":" + other + "=" + known[other];
  }
}

void walkers::await_answers() {
  for (auto& [name, each] : all_) {
    each->wait_for_line(
      [](const auto& line) { return line.starts_with("answer "); });
    auto line = each->wait_for_line("requests asked=");
    auto before = std::stoull(field_of(line, "answered"));
    each->wait_for_line([&](const auto& later) {
      return later.starts_with("requests ")
             && std::stoull(field_of(later, "answered")) > before;
    });
  }
}

void walkers::check_requests() {
  for (auto& [name, each] : all_) {
    CAPTURE(name);
    auto line = each->wait_for_line("requests asked=");
    auto asked = std::stoull(field_of(line, "asked"));
    auto ended = std::stoull(field_of(line, "answered"))
                 + std::stoull(field_of(line, "refused"));
    CHECK(ended <= asked);
    CHECK(asked - ended <= 100);
  }
}

void walkers::check_deeds() {
  for (const auto& [name, each] : all_)
    remember(name);
  std::sort(deeds_.begin(), deeds_.end(),
            [](const deed& x, const deed& y) { return x.at < y.at; });
  CHECK_FALSE(deeds_.empty());
  CHECK(std::is_sorted(
    deeds_.begin(), deeds_.end(),
    [](const deed& x, const deed& y) { return x.token < y.token; }));
  CHECK_FALSE(begun_without_role_);
}

std::multiset<std::string> walkers::lost() {
  std::multiset<std::string> result;
  for (const auto& name : walk_names) {
    journal_reader reader{journal(name)};
    auto cursor = reader.follow();
    for (auto found = cursor.next(); !found.empty(); found = cursor.next())
      for (const auto& each : found)
        if (each.kind == event_kind::node_lost && each.node == name)
          result.insert(name + " " + each.component.substr(5));
  }
  return result;
}

void walkers::check_ledgers() {
  for (int tries = 1;; ++tries) {
    REQUIRE(tries < 40);
    pass(250ms);
    for (const auto& [name, each] : all_)
      each->signal(SIGSTOP);
    if (agree())
      break;
    for (const auto& [name, each] : all_)
      each->signal(SIGCONT);
  }
  for (const auto& name : walk_names)
    kill(name);
  auto at = std::chrono::floor<std::chrono::microseconds>(
    std::chrono::system_clock::now());
  auto first = report("alpha", at);
  for (const auto& name : walk_names)
    CHECK(report(name, at) == first);
}

std::string walkers::folder(const std::string& name) const {
  return (folder_.path() / name).string();
}

std::filesystem::path walkers::journal(const std::string& name) const {
  return folder_.path() / name / (name + ".journal");
}

bool walkers::agree() const {
  auto known = [&](const std::string& name) {
    std::map<std::pair<std::string, uint64_t>, uint64_t> result;
    for (const auto& at : journal_reader{journal(name)}.positions())
      if (at.upto > 0)
        result[{at.node, at.boot}] = at.upto;
    return result;
  };
  auto first = known("alpha");
  return std::all_of(walk_names.begin(), walk_names.end(),
                     [&](const auto& name) { return known(name) == first; });
}

std::string walkers::report(const std::string& name, wall_time at) const {
  ledger book;
  journal_reader reader{journal(name)};
  auto cursor = reader.follow();
  for (auto found = cursor.next(); !found.empty(); found = cursor.next())
    for (const auto& each : found)
      book.add(each);
  return to_json(book.report(at));
}

void walkers::read(test::process& from, duration time) {
  try {
    from.wait_for_line([](const auto&) { return false; }, time);
  } catch (const test::process_error&) {
    // What was read is kept.
  }
}

void walkers::remember(const std::string& name) {
  for (const auto& line : all_[name]->lines()) {
    if (line.starts_with("acts "))
      deeds_.push_back({std::stoull(field_of(line, "token")),
                        std::stoll(field_of(line, "at"))});
    begun_without_role_ |= line == "handles token=none";
  }
}

} // namespace test
