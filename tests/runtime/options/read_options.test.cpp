#include <bulwark/options/config_error.hpp>
#include <bulwark/options/detail/read_options.hpp>

#include <catch2/catch.hpp>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <unistd.h>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

using arguments = std::vector<std::string>;

/// A file that is there as long as the object.
class ini_file {
public:
  explicit ini_file(const std::string& text) {
    std::string name =
      (std::filesystem::temp_directory_path() / "bulwark-options-XXXXXX")
        .string();
    auto descriptor = ::mkstemp(name.data());
    REQUIRE(descriptor >= 0);
    ::close(descriptor);
    path_ = name;
    std::ofstream{path_} << text;
  }

  ini_file(const ini_file&) = delete;
  ini_file& operator=(const ini_file&) = delete;

  ~ini_file() { std::filesystem::remove(path_); }

  std::string option() const { return "--config=" + path_.string(); }
  std::string path() const { return path_.string(); }

private:
  std::filesystem::path path_;
};

application shop() {
  application app;
  app.name = "shop";
  app.version = "2.1";
  app.options.optional<std::string>("http", "front")
    .value<uint32_t>("workers", 4, "workers");
  return app;
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

service_settings settings_of(const given_options& given,
                             const std::string& service,
                             service_settings code = {}) {
  given.overrides.apply(service, code);
  return code;
}

} // namespace

TEST_CASE("without options a node has its defaults", "[options]") {
  auto given = read({});
  CHECK(given.mode == program_mode::run);
  CHECK(given.node.name == "node");
  CHECK_FALSE(given.node.listen);
  CHECK(given.node.join.empty());
  CHECK(given.node.data == "data");
  CHECK(given.node.level == log_level::info);
  CHECK(given.node.format == log_format::text);
  CHECK(given.node.drain == 1s);
  CHECK(given.node.bulkhead_sample == 10s);
  CHECK(given.node.bulkhead_monitoring);
  CHECK(given.node.warnings);
  CHECK_FALSE(given.node.chaos);
  CHECK(given.node.warning_sample == 10s);
  CHECK(std::any_cast<uint32_t>(given.program["workers"]) == 4);
  CHECK(settings_of(given, "orders") == service_settings{});
}

TEST_CASE("the command line sets every option of a node", "[options]") {
  auto given =
    read({"--name", "alpha", "--listen=127.0.0.1:0", "--join", "b:1",
          "--join=c:2", "--data=/tmp/x", "--log-level=warn",
          "--log-format=json", "--drain=250ms", "--http=a:1", "--workers", "9",
          "--bulkhead-sample=1s", "--bulkhead-monitoring=false"});
  CHECK(given.node.name == "alpha");
  CHECK(given.node.listen == host_port{"127.0.0.1", 0});
  CHECK(given.node.join == std::vector<host_port>{{"b", 1}, {"c", 2}});
  CHECK(given.node.data == "/tmp/x");
  CHECK(given.node.level == log_level::warn);
  CHECK(given.node.format == log_format::json);
  CHECK(given.node.drain == 250ms);
  CHECK(given.node.bulkhead_sample == 1s);
  CHECK_FALSE(given.node.bulkhead_monitoring);
  CHECK(std::any_cast<std::string>(given.program["http"]) == "a:1");
  CHECK(std::any_cast<uint32_t>(given.program["workers"]) == 9);
}

TEST_CASE("a file sets the same, and the command line wins", "[options]") {
  ini_file file{"# a comment\n"
                "name = beta\n"
                "listen = 127.0.0.1:1\n"
                "join = x:1\n"
                "join = y:2\n"
                "workers = 5\n"
                "bulkhead-monitoring = false\n"
                "log-level = error\n"};
  auto given = read({file.option(), "--name=alpha", "--workers=6"});
  CHECK_FALSE(given.node.bulkhead_monitoring);
  CHECK(given.node.name == "alpha");
  CHECK(given.node.listen == host_port{"127.0.0.1", 1});
  CHECK(given.node.join == std::vector<host_port>{{"x", 1}, {"y", 2}});
  CHECK(given.node.level == log_level::error);
  CHECK(std::any_cast<uint32_t>(given.program["workers"]) == 6);
  auto joined = read({"--join=z:3", file.option()});
  CHECK(joined.node.join == std::vector<host_port>{{"z", 3}});
}

TEST_CASE("overrides win in order: file, command line; all, one", "[options]") {
  ini_file file{"[restart]\n"
                "initial = 1s\n"
                "max = 40s\n"
                "[service.orders]\n"
                "restart.initial = 2s\n"
                "gate.timeout = 3s\n"
                "replicas = 2\n"};
  service_settings code;
  code.restart.initial = 9s;
  code.restart.period = 99s;

  SECTION("the file over the code") {
    auto given = read({file.option()});
    auto orders = settings_of(given, "orders", code);
    CHECK(orders.restart.initial == 2s);
    CHECK(orders.restart.max == 40s);
    CHECK(orders.restart.period == 99s);
    CHECK(orders.gate.timeout == 3s);
    CHECK(orders.replicas == 2);
    auto other = settings_of(given, "other", code);
    CHECK(other.restart.initial == 1s);
    CHECK(other.gate.timeout == 5s);
    CHECK(other.replicas == 1);
  }
  SECTION("the command line over the file") {
    auto given = read({"--service.orders.restart.initial=4s", file.option(),
                       "--restart.initial", "5s", "--gate.timeout=6s"});
    auto orders = settings_of(given, "orders", code);
    CHECK(orders.restart.initial == 4s);
    CHECK(orders.gate.timeout == 6s);
    CHECK(orders.restart.max == 40s);
    CHECK(settings_of(given, "other", code).restart.initial == 5s);
  }
}

TEST_CASE("overrides of unknown services are refused by name", "[options]") {
  constexpr auto services = override_subject::service;
  auto given = read({"--service.order.restart.initial=4s"});
  CHECK_NOTHROW(given.overrides.check_names(services, {"order", "users"}));
  CHECK_THROWS_WITH(given.overrides.check_names(services, {"orders", "users"}),
                    "--service.order.restart.initial names no service; "
                    "known here: orders, users");
  CHECK_THROWS_WITH(given.overrides.check_names(services, {}),
                    Catch::EndsWith("known here: none"));
}

TEST_CASE("a bad command line is refused with key, value and rule",
          "[options]") {
  CHECK(complaint({"--colour=red"}) == "unknown option --colour; see --help");
  CHECK(complaint({"--nam=x"}) == "unknown option --nam; see --help");
  CHECK(complaint({"--restart.initail=1s"})
        == "unknown option --restart.initail; see --help");
  CHECK(complaint({"--service.orders.colour=1s"})
        == "unknown option --service.orders.colour; see --help");
  CHECK(complaint({"--service.orders=1s"})
        == "unknown option --service.orders; see --help");
  CHECK_THAT(complaint({"--service..replicas=1"}),
             Catch::StartsWith("--service..replicas: service name is \"\"; "));
  CHECK(complaint({"--service.orders.restart.initial=250"})
        == "--service.orders.restart.initial is \"250\"; a duration is a "
           "number and a unit out of ns, us, ms, s, m, h, such as 250ms or "
           "1.5s");
  CHECK(complaint({"--restart.jitter", "x"})
        == "--restart.jitter is \"x\"; it must be a number, such as 1.5");
  CHECK(complaint({"--gate.timeout=1s", "--gate.timeout=2s"})
        == "--gate.timeout is given more than once");
  CHECK(complaint({"--listen=7000"})
        == "--listen is \"7000\"; it must be HOST:PORT, such as "
           "127.0.0.1:7000 or [::1]:7000");
  CHECK_THAT(complaint({"--join=a:0"}), Catch::StartsWith("--join is \"a:0\""));
  CHECK_THAT(complaint({"--name=a b"}), Catch::StartsWith("--name is \"a b\""));
  CHECK_THAT(complaint({"--drain=soon"}),
             Catch::StartsWith("--drain is \"soon\"; a duration is"));
  CHECK(complaint({"--drain=9000h"})
        == "--drain is \"9000h\"; it must be at most 8760h long");
  CHECK(complaint({"--bulkhead-sample=0s"})
        == "--bulkhead-sample is \"0s\"; it must be longer than 0ms");
  CHECK(complaint({"--warnings=no"})
        == "--warnings is \"no\"; it must be true or false");
  CHECK(complaint({"--warning-sample=1ms"})
        == "--warning-sample is \"1ms\"; it must be 10ms or longer");
  CHECK(complaint({"--bulkhead-monitoring=off"})
        == "--bulkhead-monitoring is \"off\"; it must be true or false");
  CHECK(complaint({"--log-level=loud"})
        == "--log-level is \"loud\"; it must be info, warn, error or crit");
  CHECK(complaint({"--log-format=xml"})
        == "--log-format is \"xml\"; it must be text or json");
  CHECK(complaint({"word"}) == "an argument that is no option; see --help");
  CHECK_THAT(complaint({"--workers=many"}), Catch::Contains("workers"));
  CHECK_THAT(complaint({"--name"}), Catch::Contains("--name"));
  CHECK_THAT(complaint({"--name=a", "--name=b"}), Catch::Contains("--name"));
  CHECK_THAT(complaint({"--config=/no/such/file"}),
             Catch::Contains("\"/no/such/file\"; it cannot be read"));
}

TEST_CASE("no complaint is longer than one line", "[options]") {
  for (const auto& given :
       {arguments{"--na\nme=x"}, arguments{"--name=a\nb"},
        arguments{"--restart.ini\ntial=1s"}, arguments{"--drain=1\n"},
        arguments{"--workers=1\n2"}, arguments{"x\ny"},
        arguments{"--config=a\nb"}, arguments{"--service.a\nb.replicas=1"}}) {
    auto text = complaint(given);
    CAPTURE(text);
    CHECK(text != "accepted");
    CHECK(text.find('\n') == std::string::npos);
  }
}

TEST_CASE("a bad file is refused with its name, key, value and rule",
          "[options]") {
  auto complaint_about = [](const std::string& text) {
    ini_file file{text};
    auto result = complaint({file.option()});
    auto at = result.find(file.path());
    CAPTURE(result);
    REQUIRE(at != std::string::npos);
    return result.replace(at, file.path().size(), "FILE");
  };
  CHECK(complaint_about("colour=red\n")
        == "unknown option FILE:1: colour; see --help");
  CHECK(complaint_about("config=x\n")
        == "unknown option FILE:1: config; see --help");
  CHECK(complaint_about("[service.orders]\nrestart.initail=1s\n")
        == "unknown option FILE:2: service.orders.restart.initail; see --help");
  CHECK_THAT(complaint_about("[service.orders]\n\nrestart.initial=250\n"),
             Catch::StartsWith("FILE:3: service.orders.restart.initial is "
                               "\"250\"; a duration is"));
  CHECK(complaint_about("[gate]\ntimeout=1s\ntimeout=2s\n")
        == "FILE:3: gate.timeout is given more than once");
  CHECK(complaint_about("# fine\nno equals sign\n")
        == "FILE:2: the line is \"no equals sign\"; it must be [SECTION] or "
           "KEY = VALUE");
  CHECK_THAT(complaint_about("name=a\nname=b\n"),
             Catch::StartsWith("FILE:2: ") && Catch::Contains("name"));
  CHECK_THAT(complaint_about("name=a\nworkers=many\n"),
             Catch::StartsWith("FILE:2: ") && Catch::Contains("many"));
  CHECK_THAT(complaint_about("name=a\ndrain=soon\n"),
             Catch::StartsWith("FILE:2: drain is \"soon\"; a duration is"));
  CHECK_THAT(complaint_about("join=a:1\njoin=b\n"),
             Catch::StartsWith("FILE:2: join is \"b\"; it must be HOST:PORT"));
}

TEST_CASE("help and version win over everything but errors", "[options]") {
  CHECK(read({"--help"}).mode == program_mode::help);
  CHECK(read({"--version"}).mode == program_mode::version);
  CHECK(read({"--version", "--help"}).mode == program_mode::help);
  CHECK(read({"--help", "--config=/no/such/file"}).mode == program_mode::help);
  CHECK(complaint({"--help", "--colour"})
        == "unknown option --colour; see --help");
}

TEST_CASE("the help names every option with its default", "[options]") {
  auto text = help_text(shop());
  for (const auto* part : {"usage: shop",
                           "--name NAME (=node)",
                           "--listen HOST:PORT",
                           "--join HOST:PORT",
                           "--drain TIME (=1s)",
                           "--log-format FORMAT (=text)",
                           "--config FILE",
                           "--http",
                           "--workers",
                           "restart.initial",
                           "100ms",
                           "gate.timeout",
                           "5s",
                           "replicas",
                           "--bulkhead.NAME.FIELD",
                           "reserved_for_critical",
                           "--cpu_quota.NAME.FIELD",
                           "pause_max",
                           "--load_shedding.FIELD",
                           "reopen_after_max"}) {
    CAPTURE(part, text);
    CHECK(text.find(part) != std::string::npos);
  }
  CHECK_THAT(version_text(shop()), Catch::StartsWith("shop 2.1 (bulwark "));
}
