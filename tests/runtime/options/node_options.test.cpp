// Options of the node that came late: CAF's own ones, and what other nodes
// are told of where this one listens.

#include <bulwark/node/detail/system_config.hpp>
#include <bulwark/options/config_error.hpp>
#include <bulwark/options/detail/read_options.hpp>

#include <caf/timespan.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

using arguments = std::vector<std::string>;

application shop() {
  application result;
  result.name = "shop";
  return result;
}

given_options read(const arguments& given) {
  return read_options(given, shop());
}

std::string complaint(const arguments& given) {
  try {
    read(given);
  } catch (const config_error& e) {
    return e.what();
  }
  return "accepted";
}

template <class T>
T value_of(const arguments& given, const std::string& name) {
  detail::system_config config;
  read(given).caf.apply(config);
  auto found = caf::get_if<T>(&config, name);
  REQUIRE(found);
  return *found;
}

} // namespace

TEST_CASE("CAF's own options reach it", "[options]") {
  CHECK(
    value_of<size_t>({"--caf.scheduler.max-threads=3"}, "scheduler.max-threads")
    == 3);
  CHECK(value_of<size_t>({"--caf.scheduler.max-throughput", "7"},
                         "scheduler.max-throughput")
        == 7);
  CHECK(value_of<caf::timespan>(
          {"--caf.work-stealing.relaxed-sleep-duration=250ms"},
          "work-stealing.relaxed-sleep-duration")
        == 250ms);
  CHECK(value_of<bool>({"--caf.scheduler.enable-profiling=true"},
                       "scheduler.enable-profiling"));
  CHECK(
    value_of<std::string>({"--caf.logger.file-name=x.log"}, "logger.file-name")
    == "x.log");
  // What nobody sets is as the node has it.
  CHECK(value_of<size_t>({}, "scheduler.max-throughput")
        == detail::system_config::throughput_max);
}

TEST_CASE("unknown and bad options of CAF are refused", "[options]") {
  CHECK(complaint({"--caf.scheduler.max-thread=3"})
        == "unknown option --caf.scheduler.max-thread; see --help");
  CHECK(complaint({"--caf.help=true"})
        == "unknown option --caf.help; see --help");
  // A node depends on them.
  for (const auto* ours :
       {"middleman.app-identifiers", "middleman.manual-multiplexing",
        "middleman.connection-timeout", "middleman.heartbeat-interval",
        "middleman.enable-automatic-connections", "scheduler.policy",
        "global.config-file"}) {
    auto key = "--caf." + std::string{ours};
    CHECK(complaint({key + "=x"}) == "unknown option " + key + "; see --help");
  }
  CHECK(complaint({"--caf.scheduler.max-threads=0"})
        == "--caf.scheduler.max-threads is \"0\"; it must be at least 1 and at "
           "most 1024");
  CHECK(complaint({"--caf.scheduler.max-threads=many"})
        == "--caf.scheduler.max-threads is \"many\"; it must be a whole "
           "number");
  const std::string sleep = "--caf.work-stealing.relaxed-sleep-duration";
  CHECK(complaint({sleep + "=soon"})
        == sleep
             + " is \"soon\"; it must be a whole number and a unit, such as "
               "250ms");
  CHECK(complaint({"--caf.scheduler.enable-profiling=no"})
        == "--caf.scheduler.enable-profiling is \"no\"; it must be true or "
           "false");
  CHECK(complaint({sleep + "=9999999s"}) == "accepted");
  CHECK(complaint({sleep + "=99999999s"})
        == sleep + " is \"99999999s\"; it must be at most 8760h long");
  CHECK(complaint(
          {"--caf.scheduler.max-threads=2", "--caf.scheduler.max-threads=3"})
        == "--caf.scheduler.max-threads is given more than once");
}

TEST_CASE("the help names CAF's own options", "[options]") {
  auto text = help_text(shop());
  CHECK_THAT(text, Catch::Contains("--caf.OPTION=VALUE"));
  CHECK_THAT(text, Catch::Contains("  scheduler.max-threads\n"));
  CHECK_THAT(text, !Catch::Contains("app-identifier"));
}

TEST_CASE("a cluster has a name", "[options]") {
  CHECK(read({}).node.cluster == "default");
  CHECK(read({"--cluster=shop"}).node.cluster == "shop");
  CHECK_THAT(complaint({"--cluster=the shop"}),
             Catch::StartsWith("--cluster is \"the shop\""));
}

TEST_CASE("voters are 1, 3, 5 or 7 nodes of a cluster", "[options]") {
  const std::string join = "--join=127.0.0.1:7000";
  CHECK(read({}).node.voters.empty());
  CHECK(read({"--voters=gamma,alpha,beta", join}).node.voters
        == std::vector<std::string>{"alpha", "beta", "gamma"});
  CHECK(
    complaint({"--voters=alpha,beta", join})
    == "--voters is \"alpha,beta\"; it must name 1, 3, 5 or 7 nodes, not 2");
  CHECK_THAT(complaint({"--voters=a,b,c,d,e,f,g,h,i,j,k", join}),
             Catch::EndsWith("it must name 1, 3, 5 or 7 nodes, not 8"));
  CHECK_THAT(complaint({"--voters=a,b,a", join}),
             Catch::EndsWith("it must name a once"));
  CHECK_THAT(complaint({"--voters=a,,c", join}),
             Catch::Contains("the name of a voter is \"\""));
  CHECK(complaint({"--voters=alpha"})
        == "--voters is \"alpha\"; it must come with --listen or --join");
  CHECK(read({"--lease=2500ms"}).node.lease == 2500ms);
  for (const auto* bad : {"0s", "999ms", "11m"})
    CHECK(complaint({"--lease=" + std::string{bad}})
          == "--lease is \"" + std::string{bad}
               + "\"; it must be 1s to 10m long");
}

TEST_CASE("an address that nobody can dial is not told to other nodes",
          "[options]") {
  for (const auto* any : {"0.0.0.0:7000", "[::]:7000", "0:7000"}) {
    auto listen = "--listen=" + std::string{any};
    CHECK(complaint({listen})
          == "--listen is \"" + std::string{any}
               + "\"; it must come with --advertise=HOST:PORT, an address at "
                 "which other nodes reach this one");
    auto told = read({listen, "--advertise=shop-1.example:0", "--insecure"})
                  .node.advertise;
    CHECK(told == host_port{"shop-1.example", 0});
    CHECK(complaint({listen, "--advertise=" + std::string{any}})
          == "--advertise is \"" + std::string{any}
               + "\"; it must be an address that can be dialled");
  }
  CHECK(complaint({"--listen=127.0.0.1:0"}) == "accepted");
  CHECK(complaint({"--listen=localhost:0"}) == "accepted");
  CHECK(complaint({"--advertise=a:1"})
        == "--advertise is \"a:1\"; it must come with --listen");
}

TEST_CASE("without certificates only this machine may connect", "[options]") {
  const std::string far = "--listen=10.0.0.1:7000";
  CHECK(complaint({far})
        == "--listen is \"10.0.0.1:7000\"; without --tls-cert, --tls-key and "
           "--tls-ca it must be an address of this machine alone, such as "
           "127.0.0.1; --insecure lets anybody in who reaches it");
  CHECK_THAT(complaint({"--listen=shop.example:7000"}),
             Catch::Contains("--insecure"));
  CHECK(read({far, "--insecure"}).node.insecure);
  CHECK(read({far, "--insecure=true"}).node.insecure);
  CHECK_FALSE(read({"--listen=127.0.0.1:7000"}).node.insecure);
  const std::string cert = "--tls-cert=a.crt";
  const std::string key = "--tls-key=a.key";
  const std::string ca = "--tls-ca=ca.crt";
  auto tls = read({far, cert, key, ca}).node.tls;
  CHECK(tls.given());
  CHECK(tls.certificate == "a.crt");
  CHECK(tls.key == "a.key");
  CHECK(tls.authority == "ca.crt");
  CHECK(complaint({far, cert, key})
        == "--tls-key is \"a.key\"; it must come with --tls-ca");
  CHECK(complaint({far, ca})
        == "--tls-ca is \"ca.crt\"; it must come with --tls-cert");
  CHECK(complaint({cert, key, ca})
        == "--tls-cert is \"a.crt\"; it must come with --listen or --join");
  CHECK(complaint({far, cert, key, ca, "--insecure"})
        == "--insecure is \"true\"; it must not come with --tls-cert");
}

TEST_CASE("which names other nodes may have", "[options]") {
  CHECK(read({}).node.allow_nodes.empty());
  CHECK(read({"--allow-node=shop-*", "--allow-node=till?"}).node.allow_nodes
        == std::vector<std::string>{"shop-*", "till?"});
  CHECK(complaint({"--allow-node=shop 1"})
        == "--allow-node is \"shop 1\"; it must be 1 to 64 letters, digits, _, "
           "-, * and ?, such as shop-*");
}

TEST_CASE("a node tells how it is doing to its own machine alone",
          "[options]") {
  CHECK_FALSE(read({}).node.admin);
  CHECK(read({"--admin=127.0.0.1:7070"}).node.admin
        == host_port{"127.0.0.1", 7070});
  CHECK(read({"--admin=[::1]:0"}).node.admin == host_port{"::1", 0});
  CHECK(read({"--admin=LocalHost:1"}).node.admin == host_port{"LocalHost", 1});
  for (const auto* other :
       {"0.0.0.0:7070", "[::]:7070", "192.168.0.1:7070", "shop.example:7070",
        "localhost.example:7070", "128.0.0.1:7070", "[::2]:7070",
        "127.0.0.1.example:7070", "[::ffff:127.0.0.1]:7070", "127.1:7070"}) {
    CAPTURE(other);
    CHECK(complaint({"--admin=" + std::string{other}})
          == "--admin is \"" + std::string{other}
               + "\"; it must be an address of this machine alone, 127.0.0.1, "
                 "[::1] or localhost: there is no TLS yet");
  }
  CHECK_THAT(complaint({"--admin=7070"}),
             Catch::StartsWith("--admin is \"7070\"; it must be HOST:PORT"));
}
