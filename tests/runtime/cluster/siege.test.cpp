// Strangers of all kinds at the port of a node that is asked meanwhile: a
// process of its own, so that its memory is known. SIEGE_SECONDS in the
// environment is how long, for each of plain and TLS; 4 unless it is set.

#include "runtime/cluster/island.hpp"
#include "runtime/cluster/raw_client.hpp"
#include "runtime/cluster/tls_client.hpp"
#include "support/authority.hpp"
#include "support/process.hpp"
#include "support/temp_folder.hpp"

#include <bulwark/process/detail/descriptor_limit.hpp>

#include <caf/io/middleman.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <catch2/catch.hpp>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <unistd.h>

using test::frame;
using test::island;
using test::node_id;
using test::raw_client;
using test::tls_client;
using namespace std::chrono_literals;

namespace {

using clock_type = std::chrono::steady_clock;

std::chrono::seconds siege_time() {
  const auto* given = std::getenv("SIEGE_SECONDS");
  return std::chrono::seconds{given != nullptr ? std::atoi(given) : 4};
}

/// Resident memory of a process, in KiB.
size_t resident(pid_t id) {
  std::ifstream file{"/proc/" + std::to_string(id) + "/statm"};
  size_t pages = 0;
  file >> pages >> pages;
  return pages * static_cast<size_t>(::sysconf(_SC_PAGESIZE)) / 1024;
}

std::string noise(std::mt19937_64& random, size_t most) {
  std::string result(random() % most, '\0');
  for (auto& each : result)
    each = static_cast<char>(random());
  return result;
}

/// What strangers do who never come in.
class strangers {
public:
  explicit strangers(uint16_t port) : port_(port) {}

  void one_of_each() {
    for (const auto& bytes :
         {std::string("GET / HTTP/1.1\r\n\r\n"), noise(random_, 3000),
          "\x16\x03\x01\x40" + noise(random_, 3000),
          frame({.kind = 1, .payload = 0xffffffff}),
          frame({.payload = 0xffffffff, .data = 3}),
          frame({.kind = 2, .payload = 0xffffffff, .target = 1}),
          frame({.kind = 1}, node_id('x'))
            + frame({.kind = 2, .data = random_(), .source = 1, .target = 5},
                    noise(random_, 500)),
          frame({.kind = 1}, node_id('x'))
            + frame({.kind = 2, .payload = 0xffffffff, .target = 1}, "")})
      raw_client{port_}.send(bytes);
    tls_client without{port_, {}};
    without.send("anything");
  }

  /// Connections of which nothing is heard any more, or only half a word.
  size_t half_open(size_t most) {
    for (int i = 0; i < 40; ++i) {
      if (silent_.size() >= most)
        silent_.pop_front();
      silent_.push_back(std::make_unique<raw_client>(port_));
      if (i % 4 == 0)
        silent_.back()->send(std::string("\x16\x03\x01\x02\x00\x01\x00", 7));
    }
    return silent_.size();
  }

  /// A program of CAF that wants to start actors and to read settings.
  static void a_program(uint16_t port) {
    caf::actor_system_config config;
    config.load<caf::io::middleman>();
    config.set("middleman.app-identifiers",
               std::vector<std::string>{"bulwark/1"});
    config.set("logger.verbosity", caf::atom("quiet"));
    caf::actor_system system{config};
    auto link = system.middleman().remote_actor("127.0.0.1", port);
    if (!link)
      return;
    for (const char* word : {"one", "two"})
      caf::anon_send(*link, std::string{word});
    auto made = system.middleman().remote_spawn<caf::actor>(
      (*link)->node(), "anything", caf::make_message(), 200ms);
    CHECK_FALSE(made);
  }

private:
  uint16_t port_;
  std::mt19937_64 random_{20260918};
  std::deque<std::unique_ptr<raw_client>> silent_;
};

struct siege {
  explicit siege(const bulwark::tls_options& alpha,
                 const bulwark::tls_options& beta)
    : node(test::program("ECHO_NODE"), options_of(alpha)),
      address(*bulwark::parse_host_port(
        test::field_of(node.wait_for_line("node_started"), "listen"))),
      client{settings_of(address, beta)} {
    client.await_event(bulwark::event_kind::node_joined, "node/alpha");
  }

  static std::vector<std::string> options_of(const bulwark::tls_options& with) {
    std::vector<std::string> result{"--name=alpha", "--listen=127.0.0.1:0",
                                    "--drain=0s"};
    if (with.given()) {
      result.push_back("--tls-cert=" + with.certificate.string());
      result.push_back("--tls-key=" + with.key.string());
      result.push_back("--tls-ca=" + with.authority.string());
    }
    return result;
  }

  static island::settings settings_of(const bulwark::host_port& join,
                                      const bulwark::tls_options& with) {
    island::settings result{.name = "beta", .join = {join}};
    result.tls = with;
    return result;
  }

  /// Asks until told to end; counts answers, and errors.
  void ask() {
    while (!done) {
      auto answer = client.ask("orders", "it");
      ++(answer.ends_with(" it") ? answered : failed);
    }
  }

  void run(const std::vector<bulwark::tls_options>& wrong) {
    bulwark::detail::raise_descriptor_limit();
    std::thread asking{[this] { ask(); }};
    strangers all{address.port};
    auto wave = [&] {
      all.one_of_each();
      all.half_open(1000);
      for (const auto& each : wrong)
        tls_client{address.port, each}.send("anything");
    };
    // As many half-open connections as a node keeps are the base; after that
    // nothing may grow.
    while (all.half_open(1000) < 1000) {
    }
    wave();
    strangers::a_program(address.port);
    test::await("it is asked", [&] { return answered > 200; });
    auto before = resident(node.id());
    auto most = before;
    auto end = clock_type::now() + siege_time();
    while (clock_type::now() < end) {
      auto last = answered.load();
      wave();
      most = std::max(most, resident(node.id()));
      test::await("requests go on", [&] { return answered > last; });
    }
    done = true;
    asking.join();
    CHECK(failed == 0);
    INFO("before " << before << " KiB, at most " << most << " KiB");
    CHECK(static_cast<double>(most) <= 1.1 * static_cast<double>(before));
  }

  test::process node;
  bulwark::host_port address;
  island client;
  std::atomic<bool> done{false};
  std::atomic<size_t> answered{0};
  std::atomic<size_t> failed{0};
};

} // namespace

SCENARIO("a node under siege goes on and does not grow",
         "[.][cluster][siege]") {
  siege plain{{}, {}};
  plain.run({});
}

SCENARIO("a node with TLS under siege goes on and does not grow",
         "[.][cluster][siege]") {
  test::temp_folder folder;
  test::authority ca{folder.path()};
  test::temp_folder elsewhere;
  test::authority other{elsewhere.path()};
  siege it{ca.issue("alpha"), ca.issue("beta")};
  it.run(
    {other.issue("gamma"), ca.issue("old", {.begins = -48h, .ends = -24h})});
}
