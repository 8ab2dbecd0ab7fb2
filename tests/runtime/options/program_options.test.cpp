#include <bulwark/options/config_error.hpp>
#include <bulwark/options/detail/read_options.hpp>

#include <catch2/catch.hpp>

#include <functional>
#include <string>
#include <vector>

// A program's own options, as it declares them and as its user gives them.

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

using texts = std::vector<std::string>;

application kiosk() {
  application app{.name = "kiosk"};
  app.options.flag("dry-run", "change nothing")
    .value<uint16_t>("desks", 3, "how many")
    .value<duration>("pause", 1500ms, "between two")
    .value<host_port>("front", {"127.0.0.1", 80}, "where")
    .value<texts>("tags", {"a", "b"}, "which")
    .value<int32_t>("delta", -1, "by how much")
    .value<bool>("open", true, "whether")
    .optional<double>("ratio", "of what")
    .required<std::string>("shop", "whose");
  return app;
}

template <class T>
T value_of(texts arguments, const std::string& name) {
  if (name != "shop")
    arguments.push_back("--shop=x");
  return std::any_cast<T>(read_options(arguments, kiosk()).program.at(name));
}

std::string refused(const std::function<void()>& what) {
  try {
    what();
  } catch (const config_error& problem) {
    return problem.what();
  }
  return "accepted";
}

std::string refusal(const texts& arguments) {
  return refused([&] { read_options(arguments, kiosk()); });
}

} // namespace

TEST_CASE("a program's options have the types and defaults that it declares",
          "[options]") {
  CHECK_FALSE(value_of<bool>({}, "dry-run"));
  CHECK(value_of<bool>({"--dry-run"}, "dry-run"));
  CHECK(value_of<uint16_t>({}, "desks") == 3);
  CHECK(value_of<uint16_t>({"--desks=65535"}, "desks") == 65535);
  CHECK(value_of<duration>({}, "pause") == 1500ms);
  CHECK(value_of<duration>({"--pause", "2m"}, "pause") == 2min);
  CHECK(value_of<host_port>({}, "front") == host_port{"127.0.0.1", 80});
  CHECK(value_of<host_port>({"--front=[::1]:7"}, "front")
        == host_port{"::1", 7});
  CHECK(value_of<texts>({}, "tags") == texts{"a", "b"});
  CHECK(value_of<texts>({"--tags=x", "--tags=y"}, "tags") == texts{"x", "y"});
  CHECK(value_of<int32_t>({"--delta=-7"}, "delta") == -7);
  CHECK_FALSE(value_of<bool>({"--open=false"}, "open"));
  CHECK(value_of<double>({"--ratio=0.5"}, "ratio") == 0.5);
  CHECK(value_of<std::string>({"--shop=corner"}, "shop") == "corner");
  auto without = read_options({"--shop=x"}, kiosk());
  CHECK(without.program.count("ratio") == 0);
}

TEST_CASE("a value that is none of its option's type is refused with the rule",
          "[options]") {
  CHECK(refusal({"--shop=x", "--desks=70000"})
        == "--desks is \"70000\"; it must be a whole number from 0 to 65535");
  CHECK_THAT(refusal({"--shop=x", "--pause=3"}),
             Catch::StartsWith("--pause is \"3\"; a duration is a number"));
  CHECK_THAT(refusal({"--shop=x", "--front=80"}),
             Catch::StartsWith("--front is \"80\"; it must be HOST:PORT"));
  CHECK(refusal({"--shop=x", "--open=perhaps"})
        == "--open is \"perhaps\"; it must be true or false");
  CHECK_THAT(refusal({}), Catch::Contains("--shop"));
}

TEST_CASE("options that a program must not declare are refused", "[options]") {
  application app;
  CHECK_THAT(refused([&] { app.options.flag("Dry", ""); }),
             Catch::StartsWith("option name is \"Dry\"; it must be of"));
  CHECK_THAT(refused([&] { app.options.flag("", ""); }),
             Catch::StartsWith("option name is \"\""));
  app.options.flag("twice", "");
  CHECK(refused([&] { app.options.optional<int32_t>("twice", ""); })
        == "option --twice is declared twice; names must be unique");
  CHECK(app.options.all().size() == 1);
  app.options.flag("join", "");
  CHECK(refused([&] { read_options({}, app); })
        == "option --join is the node's; the program must call its own "
           "otherwise");
}

TEST_CASE("help names a program's options with their defaults", "[options]") {
  auto text = help_text(kiosk());
  for (const auto* each : {"--dry-run", "--desks arg (=3)", "(=1.5s)",
                           "(=127.0.0.1:80)", "--ratio", "whose"})
    CHECK_THAT(text, Catch::Contains(each));
}
