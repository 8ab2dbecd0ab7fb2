// What one node makes of the others: each way from one state to another, who is
// asked before an outage is told, and that nobody is banned.
#include <bulwark/cluster/detail/membership.hpp>
#include <bulwark/cluster/detail/peer_lines.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace bulwark;
using namespace bulwark::detail;
using namespace std::chrono_literals;

namespace {

using state = member_state;
const time_point begin{1h};

/// Changes as text: `beta joining-up`.
std::vector<std::string> words(const membership::changes& what) {
  std::vector<std::string> result;
  for (const auto& each : what)
    result.push_back(each.node + ' ' + to_string(each.from) + '-'
                     + to_string(each.to) + (each.lost ? " lost" : "")
                     + (each.close ? " close" : "")
                     + (each.joined ? " joined" : ""));
  return result;
}

using texts = std::vector<std::string>;

/// A node that is connected to so many others: `b`, `c`, ...
membership with_peers(char last) {
  membership it{noticing_options{}};
  for (auto name = 'b'; name <= last; ++name)
    it.connected({name}, 1, "", begin);
  return it;
}

state state_of(const membership& it, const std::string& node) {
  const auto* found = it.find(node);
  REQUIRE(found != nullptr);
  return found->state;
}

} // namespace

TEST_CASE("a node joins, leaves and comes back", "[members]") {
  membership it{noticing_options{}};
  CHECK(words(it.known("beta", "h:1", begin)) == texts{"beta joining-joining"});
  CHECK(it.known("beta", "h:2", begin).empty());
  CHECK(words(it.connected("beta", 1, "h:1", begin))
        == texts{"beta joining-up joined"});
  CHECK(it.connected("beta", 1, "h:1", begin).empty());
  CHECK(it.reaches("beta"));
  CHECK(words(it.leaves("beta", begin)) == texts{"beta up-leaving"});
  CHECK(it.leaves("beta", begin).empty());
  CHECK(words(it.disconnected("beta", true, "", begin))
        == texts{"beta leaving-left"});
  CHECK(it.disconnected("beta", true, "", begin).empty());
  CHECK_FALSE(it.reaches("beta"));
  auto back = it.connected("beta", 2, "h:3", begin + 1h);
  CHECK(words(back) == texts{"beta left-up joined"});
  CHECK_FALSE(back.back().downtime);
  CHECK(it.find("beta")->address == "h:3");
}

TEST_CASE("among three nodes one that is gone is lost at once", "[members]") {
  auto it = with_peers('c');
  CHECK(words(it.disconnected("b", false, "gone", begin + 1s))
        == texts{"b up-unreachable lost"});
  CHECK(it.take_questions().empty());
  CHECK(it.find("b")->reason == "gone");
  auto back = it.connected("b", 2, "", begin + 5s);
  REQUIRE(words(back) == texts{"b unreachable-up joined"});
  CHECK(back[0].downtime == duration{4s});
}

TEST_CASE("among four nodes others are asked first", "[members]") {
  auto it = with_peers('d');
  auto now = begin + 1s;
  CHECK(words(it.disconnected("b", false, "gone", now))
        == texts{"b up-suspect"});
  using question = membership::question;
  CHECK(it.take_questions() == std::vector<question>{{"c", "b"}, {"d", "b"}});
  CHECK(it.take_questions().empty());
  SECTION("both do not reach it") {
    CHECK(it.answered({"c", "b"}, false, now).empty());
    CHECK(words(it.answered({"d", "b"}, false, now))
          == texts{"b suspect-unreachable lost"});
  }
  SECTION("one does not, the other one is silent") {
    CHECK(it.answered({"c", "b"}, false, now).empty());
    CHECK(it.look(now + 999ms).empty());
    CHECK(it.next_due() == now + 1s);
    CHECK(words(it.look(now + 1s)) == texts{"b suspect-unreachable lost"});
  }
  SECTION("nobody answers: that is no outage") {
    CHECK(words(it.look(now + 1s)) == texts{"b suspect-unreachable"});
    CHECK_FALSE(it.find("b")->lost);
  }
  SECTION("one does") {
    CHECK(words(it.answered({"d", "b"}, true, now))
          == texts{"b suspect-unreachable"});
    CHECK(it.answered({"c", "b"}, false, now).empty());
  }
  SECTION("it is back before that, and is up without an outage") {
    auto back = it.connected("b", 1, "", now + 1ms);
    CHECK(words(back) == texts{"b suspect-up joined"});
    CHECK_FALSE(back[0].downtime);
    CHECK(it.answered({"c", "b"}, false, now).empty());
    CHECK(it.look(now + 1h).empty());
  }
  SECTION("another start of it is back: the one before is lost") {
    CHECK(words(it.connected("b", 2, "", now + 1ms))
          == texts{"b suspect-unreachable lost", "b unreachable-up joined"});
  }
}

TEST_CASE("a silent node keeps its connections while others are asked",
          "[members]") {
  auto it = with_peers('d');
  CHECK(words(it.suspected("b", "silent", begin)) == texts{"b up-suspect"});
  CHECK(it.suspected("b", "silent", begin).empty());
  CHECK_FALSE(it.reaches("b"));
  SECTION("it is heard again") {
    CHECK(words(it.heard("b", begin)) == texts{"b suspect-up"});
    CHECK(it.heard("b", begin).empty());
    CHECK(it.look(begin + 1h).empty());
  }
  SECTION("the verdict closes them, and then they are gone") {
    CHECK(words(it.look(begin + 1s)) == texts{"b suspect-unreachable close"});
    CHECK(it.heard("b", begin + 1s).empty());
    CHECK(it.disconnected("b", false, "closed", begin + 1s).empty());
    CHECK(words(it.connected("b", 1, "", begin + 2s))
          == texts{"b unreachable-up joined"});
  }
  SECTION("they break meanwhile") {
    CHECK(it.disconnected("b", false, "reset", begin).empty());
    CHECK(words(it.look(begin + 1s)) == texts{"b suspect-unreachable"});
  }
}

TEST_CASE("a node that only others reach is asked about again", "[members]") {
  auto it = with_peers('d');
  it.disconnected("b", false, "cut", begin);
  it.take_questions();
  it.answered({"c", "b"}, true, begin);
  auto now = begin;
  for (auto pause : {1s, 2s, 4s, 8s, 16s, 32s, 32s}) {
    CHECK(it.next_due() == now + pause);
    now += pause;
    CHECK(it.look(now).empty());
    REQUIRE(it.take_questions().size() == 2);
    CHECK(it.answered({"d", "b"}, true, now).empty());
  }
  it.look(now += 32s);
  it.take_questions();
  it.answered({"c", "b"}, false, now);
  CHECK(words(it.answered({"d", "b"}, false, now))
        == texts{"b unreachable-unreachable lost"});
  CHECK(it.connected("b", 1, "", now + 5s)[0].downtime == now + 5s - begin);
}

TEST_CASE("up to three others are asked, and not always the same",
          "[members]") {
  auto it = with_peers('k');
  std::set<std::string> asked;
  for (auto name = 'b'; name <= 'k'; ++name) {
    it.suspected({name}, "", begin);
    auto questions = it.take_questions();
    CHECK(questions.size() == 3);
    for (const auto& each : questions) {
      CHECK(each.whom != each.about);
      asked.insert(each.whom);
    }
    it.heard({name}, begin);
  }
  CHECK(asked.size() == 10);
}

TEST_CASE("a node that hears nobody any more brings nobody down", "[members]") {
  auto it = with_peers('k');
  for (auto name = 'b'; name <= 'k'; ++name)
    it.suspected({name}, "", begin);
  for (auto now = begin; now < begin + 5min; now += 1s) {
    it.take_questions();
    for (const auto& each : it.look(now)) {
      CHECK_FALSE(each.lost);
      it.disconnected(each.node, false, "", now);
    }
  }
  for (auto name = 'b'; name <= 'k'; ++name)
    CHECK(state_of(it, {name}) == state::unreachable);
}

TEST_CASE("a node that was away for too long is forgotten", "[members]") {
  const noticing_options options;
  membership it{options};
  CHECK(it.known("old", "h:1", begin, options.forget_after).empty());
  it.known("beta", "h:1", begin, options.forget_after - 1s);
  it.known("gamma", "h:1", begin);
  it.connected("gamma", 1, "", begin);
  CHECK(it.next_due() == begin + 1s);
  CHECK(words(it.look(begin + 1s)) == texts{"beta joining-forgotten"});
  CHECK(it.find("beta") == nullptr);
  CHECK(it.look(begin + 1000h).empty());
  it.disconnected("gamma", true, "", begin + 1000h);
  CHECK(it.look(begin + 1000h + options.forget_after - 1ns).empty());
  CHECK(words(it.look(begin + 1000h + options.forget_after))
        == texts{"gamma left-forgotten"});
}

TEST_CASE("the one that is away for longest makes way", "[members]") {
  membership it{noticing_options{}};
  for (size_t i = 0; i < membership::members_max; ++i)
    it.known(std::to_string(i), "", begin, i == 7 ? 2h : 1h);
  it.connected("8", 1, "", begin);
  it.known("more", "", begin);
  CHECK(it.members().size() == membership::members_max);
  CHECK(it.find("7") == nullptr);
  CHECK(it.find("8") != nullptr);
}

TEST_CASE("whatever happens to a node, it is up when it is connected, and lost "
          "only by a second opinion",
          "[members]") {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    CAPTURE(seed);
    std::mt19937 random{seed};
    membership it{noticing_options{}};
    std::map<std::string, bool> up;
    auto now = begin;
    uint64_t boot = 1;
    for (int step = 0; step < 300; ++step) {
      std::string node{static_cast<char>('b' + random() % 6)};
      now += std::chrono::milliseconds{random() % 700};
      membership::changes what;
      switch (random() % 8) {
      case 0:
      case 1:
        what = it.connected(node, boot += random() % 2, "", now);
        up[node] = true;
        REQUIRE(state_of(it, node) == state::up);
        break;
      case 2:
        what = it.disconnected(node, random() % 3 == 0, "", now);
        up[node] = false;
        break;
      case 3:
        what = it.suspected(node, "", now);
        break;
      case 4:
        what = it.heard(node, now);
        break;
      case 5:
        what = it.leaves(node, now);
        break;
      case 6:
        for (const auto& each : it.take_questions()) {
          auto reaches = random() % 2 == 0;
          auto some = it.answered(each, reaches, now);
          what.insert(what.end(), some.begin(), some.end());
        }
        break;
      default:
        what = it.look(now);
      }
      for (const auto& each : what) {
        if (each.close)
          it.disconnected(each.node, false, "", now);
        up[each.node] = up[each.node] && !each.close;
      }
      for (const auto& each : it.members()) {
        auto connected =
          each.state == state::up || each.state == state::leaving;
        REQUIRE((!connected || up[each.node]));
        REQUIRE((!each.lost || each.state == state::unreachable));
        REQUIRE(it.reaches(each.node) == connected);
      }
    }
    // Nobody is banned, whatever it was.
    for (auto name = 'b'; name <= 'g'; ++name) {
      it.connected({name}, ++boot, "", now);
      CHECK(state_of(it, {name}) == state::up);
    }
  }
}

TEST_CASE("nodes are kept as lines, and only whole texts are read",
          "[members]") {
  const std::vector<kept_peer> all{{"beta", "127.0.0.1:7002", 0},
                                   {"gamma", "[::1]:7003", 1'700'000'000}};
  auto text = peer_lines(all);
  CHECK(text
        == "bulwark peers 1\nbeta 127.0.0.1:7002 0\n"
           "gamma [::1]:7003 1700000000\n= 2\n");
  CHECK(parse_peers(text) == all);
  CHECK(parse_peers(peer_lines({})) == std::vector<kept_peer>{});
  for (size_t i = 0; i < text.size(); ++i)
    CHECK_FALSE(parse_peers(text.substr(0, i)));
  CHECK_FALSE(parse_peers(text + "x"));
  for (const auto* bad :
       {"", "bulwark peers 2\n= 0\n", "bulwark peers 1\nbeta 1\n= 1\n",
        "bulwark peers 1\nbeta h:1 -1\n= 1\n",
        "bulwark peers 1\nbe ta h:1 1\n= 1\n", "bulwark peers 1\n= 1\n"})
    CHECK_FALSE(parse_peers(bad));
}
