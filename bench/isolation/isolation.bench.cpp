// Question: do services that block their threads slow down a neighbour? One
// node runs a plain service and four of the storefront's. First the plain one
// is asked again and again while the others are quiet, then while each of
// them hangs in SQLite, because somebody holds the write lock of its database.
//
//   bench_isolation [--seconds N]
//
// Unit: microseconds, the ratio of the two 99th percentiles, and how many of
// the four did not get to answer anything while they were locked out.

#include "api/messages.hpp"
#include "services/declare.hpp"
#include "support/arguments.hpp"
#include "support/figures.hpp"

#include <bulwark/node/node.hpp>
#include <bulwark/node/run.hpp>

#include <SQLiteCpp/Database.h>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <stdlib.h>

#include <array>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <list>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {

using steady = std::chrono::steady_clock;
using storefront::api_call;
using storefront::api_reply;

struct victim {
  const char* service;
  const char* body;
};

// One call each that has to write.
constexpr std::array<victim, 4> victims{{
  {"user_authentication",
   R"({"action":"register","user":"ada","password":"correct horse"})"},
  {"payment_processing",
   R"({"action":"charge","user":"ada","amount_cents":100,)"
   R"("card":"4111111111111111"})"},
  {"analytics_reporting",
   R"({"action":"record","order_id":1,"user":"ada","total_cents":100})"},
  {"email_notifications",
   R"({"action":"send","to":"ada@example.org","subject":"a","text":"b"})"},
}};

caf::behavior plain() {
  return {[](int64_t x) { return x; }};
}

/// Asks the plain service for a while and returns how long each answer took.
std::vector<double> ask(caf::scoped_actor& self, const caf::actor& to,
                        std::chrono::seconds time) {
  std::vector<double> took;
  auto end = steady::now() + time;
  for (auto start = steady::now(); start < end; start = steady::now()) {
    self->request(to, caf::infinite, int64_t{1})
      .receive([](int64_t) {}, [](const caf::error&) {});
    std::chrono::duration<double, std::micro> us = steady::now() - start;
    took.push_back(us.count());
  }
  return took;
}

/// Keeps one service hanging in its database as long as it lives.
class blockade {
public:
  blockade(caf::actor_system& sys, const std::filesystem::path& file,
           const caf::actor& service, const std::string& body)
    : db_(file.string(), SQLite::OPEN_READWRITE),
      self_(sys),
      answers_(std::make_shared<std::atomic<int>>(0)) {
    db_.exec("begin immediate");
    // One call hangs until SQLite gives up on the lock, then the next one.
    self_->spawn([=, answers = answers_](caf::event_based_actor* client) {
      for (int i = 0; i < 5; ++i)
        client->request(service, caf::infinite, api_call{body, {}})
          .then([=](const api_reply&) { ++*answers; },
                [](const caf::error&) {});
    });
  }

  ~blockade() { db_.exec("rollback"); }

  bool held() const { return *answers_ == 0; }

private:
  SQLite::Database db_;
  caf::scoped_actor self_;
  std::shared_ptr<std::atomic<int>> answers_;
};

void measure(bulwark::node& node, std::chrono::seconds time) {
  caf::scoped_actor self{node.system()};
  auto to = node.gate("plain");
  ask(self, to, std::chrono::seconds{1});
  auto quiet = bench::quantile(ask(self, to, time), 0.99);
  std::list<blockade> blockades;
  for (const auto& each : victims)
    blockades.emplace_back(node.system(),
                           node.data() / (std::string{each.service} + ".db"),
                           node.gate(each.service), each.body);
  auto blocked = bench::quantile(ask(self, to, time), 0.99);
  double held = 0;
  for (const auto& each : blockades)
    held += each.held();
  bench::print_figure("plain_p99_quiet", quiet, "us");
  bench::print_figure("plain_p99_blocked", blocked, "us");
  bench::print_figure("isolation_p99_ratio", blocked / quiet, "ratio");
  bench::print_figure("services_held", held, "services");
}

} // namespace

int main(int argc, char** argv) {
  bench::arguments given{"bench_isolation"};
  auto& seconds = given.add("seconds", 10, "to ask, quiet and blocked each");
  if (auto code = given.read(argc, argv))
    return *code;
  auto pattern =
    (std::filesystem::temp_directory_path() / "bulwark.XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr)
    return 1;
  std::array<const char*, 6> options{"bench_isolation", "--data",
                                     pattern.c_str(),   "--log-level",
                                     "error",           "--drain=0s"};
  std::thread measuring;
  auto code =
    bulwark::run(static_cast<int>(options.size()),
                 const_cast<char**>(options.data()), [&](bulwark::node& node) {
                   storefront::service_plan plan;
                   for (const auto& each : victims)
                     plan.names.emplace(each.service);
                   storefront::declare_services(node, plan);
                   node.service("plain", plain);
                   node.on_start([&] {
                     measuring = std::thread{[&] {
                       measure(node, std::chrono::seconds{seconds});
                       node.stop();
                     }};
                   });
                 });
  if (measuring.joinable())
    measuring.join();
  std::filesystem::remove_all(pattern);
  return code;
}
