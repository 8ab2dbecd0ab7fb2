// Three processes on loopback, all voters, all of which want one role: killed,
// frozen, started again. Every act is printed with its token and its time: no
// act of an older token may come after one of a newer.

#include "support/process.hpp"
#include "support/temp_folder.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <map>
#include <memory>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using test::field_of;

namespace {

const std::vector<std::string> names{"alpha", "beta", "gamma"};

/// How long one of the three is listened to at a time.
constexpr auto look = 50ms;
constexpr int looks_max = 1'200;

struct act {
  uint64_t token = 0;
  int64_t at = 0;
};

class trio {
public:
  trio() {
    for (const auto& name : names)
      start(name);
  }

  void start(const std::string& name) {
    std::vector<std::string> arguments{
      "--name=" + name, "--listen=127.0.0.1:0",
      voters,           "--data=" + folder_.path().string(),
      "--lease=1500ms", "--drain=0s"};
    for (const auto& [other, address] : addresses_)
      if (other != name)
        arguments.push_back("--join=" + address);
    members_[name] = std::make_unique<test::process>(test::program("ROLE_NODE"),
                                                     std::move(arguments));
    auto line = at(name).wait_for_line("node_started");
    addresses_[name] = field_of(line, "listen");
  }

  test::process& at(const std::string& name) { return *members_.at(name); }

  void kill(const std::string& name) {
    at(name).signal(SIGKILL);
    at(name).wait_exit();
    remember(name);
    members_.erase(name);
    addresses_.erase(name);
  }

  /// Waits until one of those that run gets the role with a token larger than
  /// `than`. Returns its name, and sets `than`.
  std::string await_holder(uint64_t& than) {
    for (int i = 0; i < looks_max; ++i)
      for (auto& [name, each] : members_)
        if (auto token = newest(*each, look); token > than) {
          than = token;
          return name;
        }
    FAIL("nobody got the role");
    return {};
  }

  /// Waits until the singleton answers a node with a larger token than `than`.
  /// Returns where it answers, and sets `than`.
  std::string await_answer(const std::string& name, uint64_t& than) {
    auto line = at(name).wait_for_line([&](const std::string& each) {
      return each.starts_with("answer ")
             && std::stoull(field_of(each, "token")) > than;
    });
    than = std::stoull(field_of(line, "token"));
    return field_of(line, "from");
  }

  /// Nobody was answered by an older token after a newer one, and nothing was
  /// begun without any.
  void check_answers() const {
    for (const auto& [name, each] : members_) {
      uint64_t newest = 0;
      for (const auto& line : each->lines()) {
        CHECK(line != "handles token=none");
        if (!line.starts_with("answer "))
          continue;
        auto token = std::stoull(field_of(line, "token"));
        CHECK(token >= newest);
        newest = token;
      }
    }
  }

  void await_lost(const std::string& name) {
    at(name).wait_for_line([](const auto& line) { return line == "lost"; });
  }

  /// Whether a node that runs has printed that it got it with a larger token.
  bool gained_beyond(uint64_t than) {
    return std::any_of(members_.begin(), members_.end(), [&](auto& each) {
      return newest(*each.second, look) > than;
    });
  }

  /// Takes the acts of a process that ends, or of all at the end.
  void remember(const std::string& name) {
    for (const auto& line : at(name).lines())
      if (line.starts_with("acts "))
        acts_.push_back({std::stoull(field_of(line, "token")),
                         std::stoll(field_of(line, "at"))});
  }

  void check_acts() {
    for (const auto& [name, each] : members_)
      remember(name);
    std::sort(acts_.begin(), acts_.end(),
              [](const act& x, const act& y) { return x.at < y.at; });
    CHECK_FALSE(acts_.empty());
    CHECK(std::is_sorted(
      acts_.begin(), acts_.end(),
      [](const act& x, const act& y) { return x.token < y.token; }));
  }

  static constexpr auto voters = "--voters=gamma,alpha,beta";

private:
  /// Reads what it has printed, for at most `time`.
  static uint64_t newest(test::process& of, bulwark::duration time) {
    try {
      of.wait_for_line("gained token=", time);
    } catch (const test::process_error&) {
      // Nothing new; what was read before counts.
    }
    uint64_t result = 0;
    for (const auto& line : of.lines())
      if (line.starts_with("gained "))
        result =
          std::max<uint64_t>(result, std::stoull(field_of(line, "token")));
    return result;
  }

  test::temp_folder folder_;
  std::map<std::string, std::string> addresses_;
  std::map<std::string, std::unique_ptr<test::process>> members_;
  std::vector<act> acts_;
};

} // namespace

TEST_CASE("a role has one holder while nodes are killed, frozen and alone",
          "[processes][roles]") {
  trio it;
  uint64_t token = 0;

  // The holder is killed.
  auto holder = it.await_holder(token);
  it.at(holder).wait_for_line("acts ");
  it.kill(holder);
  auto second = it.await_holder(token);
  CHECK(second != holder);
  it.start(holder);

  // The holder is frozen, and wakes up when another one has the role.
  it.at(second).signal(SIGSTOP);
  auto third = it.await_holder(token);
  CHECK(third != second);
  it.at(third).wait_for_line("acts ");
  it.at(second).signal(SIGCONT);
  it.await_lost(second);

  // The holder is left alone: it has no majority, and neither has anybody.
  std::vector<std::string> gone;
  for (const auto& name : names)
    if (name != third)
      gone.push_back(name);
  for (const auto& name : gone)
    it.kill(name);
  it.await_lost(third);
  auto last = token;
  for (int i = 0; i < 60; ++i)
    CHECK_FALSE(it.gained_beyond(last));

  // With one of them back there is a majority again.
  it.start(gone.front());
  it.await_holder(token);
  CHECK(token > last);
  it.check_acts();
}

TEST_CASE("a node that stops gives its role back", "[processes][roles]") {
  trio it;
  uint64_t token = 0;
  auto holder = it.await_holder(token);
  it.at(holder).signal(SIGTERM);
  it.at(holder).wait_for_line("role_lost");
  CHECK(it.at(holder).wait_exit() == 0);
  auto next = it.await_holder(token);
  CHECK(next != holder);
  it.check_acts();
}

TEST_CASE("a singleton answers all nodes from where its role is",
          "[processes][roles]") {
  trio it;
  uint64_t token = 0;
  auto first = it.await_answer("alpha", token);
  for (const auto& name : names) {
    auto before = token - 1;
    CHECK(it.await_answer(name, before) == first);
  }

  // Where it runs is killed.
  it.kill(first);
  auto other = first == "alpha" ? "beta" : "alpha";
  auto second = it.await_answer(other, token);
  CHECK(second != first);
  it.start(first);
  auto before = token - 1;
  CHECK(it.await_answer(first, before) == second);

  // Where it runs is frozen with requests in hand, and wakes up.
  it.at(second).signal(SIGSTOP);
  auto third = it.await_answer(first, token);
  CHECK(third != second);
  it.at(second).signal(SIGCONT);
  before = token - 1;
  CHECK(it.await_answer(second, before) == third);

  // Where it runs stops in good order.
  it.at(third).signal(SIGTERM);
  CHECK(it.at(third).wait_exit() == 0);
  auto last = third == "alpha" ? "beta" : "alpha";
  CHECK(it.await_answer(last, token) != third);
  it.check_answers();
}
