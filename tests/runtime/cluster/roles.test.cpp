// Who has a role, on virtual time: the roles of several nodes, their messages
// and their files. What leases decide is tried in tests/core/cluster.
#include "runtime/cluster/role_town.hpp"

#include <bulwark/cluster/role.hpp>
#include <bulwark/journal/journal_error.hpp>
#include <bulwark/node/detail/role_list.hpp>
#include <bulwark/options/config_error.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <stdexcept>

using namespace bulwark;
using namespace bulwark::detail;
using namespace std::chrono_literals;
using test::role_town;
using strings = std::vector<std::string>;
using kind = lease_call::kind;

namespace {

const strings three{"alpha", "beta", "gamma"};

/// Most that it may take until somebody has a role.
constexpr auto soon = 18s;

struct started_town : role_town {
  started_town() : role_town(three) {
    for (const auto& name : three)
      start(name);
    connect_all();
  }

  /// Returns the two others.
  strings others(const std::string& than) const {
    strings result;
    std::copy_if(three.begin(), three.end(), std::back_inserter(result),
                 [&](const auto& each) { return each != than; });
    return result;
  }
};

} // namespace

TEST_CASE("one node has the role, and another one when it is cut off",
          "[roles]") {
  started_town it;
  it.advance(5s);
  // Voters that start wait out what they may have promised.
  CHECK(it.holder().empty());
  it.advance(soon);
  auto first = it.holder();
  REQUIRE_FALSE(first.empty());
  auto token = it.token(first).value();
  it.isolate(first);
  it.advance(soon);
  auto second = it.holder();
  REQUIRE_FALSE(second.empty());
  CHECK(second != first);
  CHECK(it.token(second) > token);
  CHECK(it.heard(first) == strings{"gained " + std::to_string(token), "lost"});
  CHECK(it.count(event_kind::role_gained, "node/" + first + "/role/backup")
        == 1);
  CHECK(it.count(event_kind::role_lost, "node/" + first + "/role/backup") == 1);
  it.connect_all();
  it.advance(soon);
  CHECK(it.holder() == second);
}

TEST_CASE("a role that is given back is lent at once", "[roles]") {
  started_town it;
  it.advance(soon);
  auto first = it.holder();
  REQUIRE_FALSE(first.empty());
  auto token = it.token(first);
  caf::anon_send(it.roles(first), stop_actor{});
  it.rig.run();
  CHECK(it.heard(first).back() == "lost");
  it.advance(5s);
  REQUIRE_FALSE(it.holder().empty());
  CHECK(it.token(it.holder()) > token);
}

TEST_CASE("with two of three voters gone nobody has a role", "[roles]") {
  started_town it;
  it.advance(soon);
  auto first = it.holder();
  REQUIRE_FALSE(first.empty());
  auto gone = it.others(first);
  it.stop(gone[0]);
  it.stop(gone[1]);
  it.advance(6s);
  CHECK(it.holder().empty());
  it.advance(60s);
  CHECK(it.holder().empty());
  CHECK(it.heard(first).size() == 2);
  it.start(gone[0]);
  it.connect_all();
  it.advance(soon);
  CHECK_FALSE(it.holder().empty());
}

TEST_CASE("a voter that starts again knows what it promised", "[roles]") {
  started_town it;
  it.advance(soon);
  auto first = it.holder();
  REQUIRE_FALSE(first.empty());
  auto token = it.token(first).value();
  for (const auto& name : three)
    it.stop(name);
  auto kept = std::count_if(three.begin(), three.end(), [&](const auto& name) {
    auto found = promise_file{it.file(name)}.found();
    return found == lease_promises{{"backup", {token, first + "/1"}}};
  });
  CHECK(kept >= 2);
  for (const auto& name : three)
    it.start(name);
  it.connect_all();
  it.advance(soon);
  REQUIRE_FALSE(it.holder().empty());
  CHECK(it.token(it.holder()) > token);
}

TEST_CASE("a voter whose disk fails answers nobody until it works again",
          "[roles]") {
  role_town it{{"alpha"}};
  it.start("alpha");
  auto away = it.folder().parent_path() / "away";
  std::filesystem::rename(it.folder(), away);
  it.advance(30s);
  CHECK(it.holder().empty());
  CHECK(it.count(event_kind::journal_failed, "node/alpha/roles") == 1);
  std::filesystem::rename(away, it.folder());
  it.advance(soon);
  CHECK(it.holder() == "alpha");
  CHECK(it.count(event_kind::journal_recovered, "node/alpha/roles") == 1);
}

TEST_CASE("a node that is no voter can have a role, while it hears them",
          "[roles]") {
  role_town it{{"alpha"}};
  it.start("alpha", false);
  it.start("beta");
  it.connect_all();
  it.advance(soon);
  CHECK(it.holder() == "beta");
  it.cut("alpha", "beta");
  it.advance(6s);
  CHECK(it.holder().empty());
}

TEST_CASE("in a cluster without voters nobody has a role, and that is told",
          "[roles]") {
  role_town it{{}};
  it.start("alpha");
  it.start("beta");
  it.connect_all();
  it.advance(60s);
  CHECK(it.holder().empty());
  CHECK(it.count(event_kind::role_unavailable, "node/alpha/role/backup") == 1);
}

TEST_CASE("what a stranger says changes nothing", "[roles]") {
  started_town it;
  it.isolate("alpha");
  auto kept = [&] {
    std::ifstream file{it.file("alpha")};
    return std::string{std::istreambuf_iterator<char>{file}, {}};
  };
  auto before = kept();
  for (uint64_t round = 0; round < 100; ++round) {
    for (auto to : {kind::look, kind::ask, kind::renew}) {
      it.rig.system().spawn([=, whom = it.roles("alpha")](
                              caf::event_based_actor* stranger) {
        for (uint64_t token = 0; token < 3; ++token) {
          stranger->send(whom, role_call{"backup", to, round + token, round});
          stranger->send(whom, role_reply{"backup",
                                          {true, to, round, token, "", false,
                                           duration::max()}});
          caf::anon_send(whom, role_call{"backup", to, round, round});
          caf::anon_send(
            whom, role_reply{"backup",
                             {true, to, round, 0, "", true, duration::min()}});
        }
      });
    }
    it.advance(250ms);
    CHECK_FALSE(it.token("alpha"));
  }
  CHECK(kept() == before);
  CHECK(it.count(event_kind::message_refused, "node/alpha/roles") > 0);
}

TEST_CASE("one file of promises is for one process, and must be whole",
          "[roles]") {
  test::temp_folder folder;
  auto path = folder.path() / "deep" / "alpha.roles";
  lease_promises all{{"backup", {7, "alpha/1"}}};
  {
    promise_file file{path};
    CHECK(file.found().empty());
    CHECK(file.save(all).empty());
    CHECK_THROWS_AS((promise_file{path}), journal_error);
  }
  CHECK(promise_file{path}.found() == all);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 1);
  CHECK_THROWS_AS((promise_file{path}), config_error);
}

TEST_CASE("a node that is alone has all its roles until it stops", "[roles]") {
  role_list all{"alpha"};
  auto state = all.get("backup");
  CHECK(all.get("backup") == state);
  strings heard;
  role backup{state};
  backup
    .on_gained([&](uint64_t token) {
      heard.push_back("gained " + std::to_string(token));
      throw std::runtime_error{"as hooks may"};
    })
    .on_lost([&] { heard.push_back("lost"); });
  CHECK_FALSE(backup.held());
  all.settle({});
  all.hold_all(5);
  CHECK(backup.token() == 5);
  all.end_all("the node stops");
  CHECK_FALSE(backup.held());
  CHECK(heard == strings{"gained 5", "lost"});
}

TEST_CASE("roles are asked for before the node runs, by good names",
          "[roles]") {
  role_list all{"alpha"};
  CHECK_THROWS_AS(all.get("no name"), config_error);
  role backup{all.get("backup")};
  CHECK_THROWS_AS(backup.on_lost(nullptr), config_error);
  for (size_t i = 1; i < role_list::roles_max; ++i)
    all.get("r" + std::to_string(i));
  CHECK_THROWS_AS(all.get("one-more"), config_error);
  all.settle({});
  CHECK(all.get("backup"));
  CHECK_THROWS_AS(backup.on_lost([] {}), config_error);
  CHECK_THROWS_AS(role_list{"beta"}.get(""), config_error);
}
