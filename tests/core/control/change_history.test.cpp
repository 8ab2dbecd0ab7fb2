// Which changes go on, which end by themselves and to what each goes back.

#include <bulwark/control/change_history.hpp>

#include <catch2/catch.hpp>

#include <map>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

/// A node whose fields are set by the changes of a history.
struct steered {
  change_history history;
  std::map<std::string, std::string> fields{{"a", "0"}, {"b", "0"}};
  time_point now{1h};

  auto reader() {
    return [this](const std::string& field) { return fields.at(field); };
  }

  /// Returns the number of a change that was carried out; 0: it was refused.
  uint64_t carry_out(change what) {
    auto begun = history.begin(what, {});
    if (std::holds_alternative<std::string>(begun))
      return 0;
    for (const auto& each : what.fields)
      fields[each.field] = each.to;
    auto id = std::get<uint64_t>(begun);
    CHECK(history.applied(id, now, {}));
    return id;
  }

  uint64_t set(const std::string& field, const std::string& to,
               std::optional<duration> lasts = std::nullopt) {
    change what;
    what.what = "set";
    what.fields = {{field, fields.at(field), to}};
    what.lasts = lasts;
    return carry_out(what);
  }

  std::string undo(uint64_t id) {
    auto found = history.undo_of(id, reader());
    if (const auto* why = std::get_if<std::string>(&found))
      return *why;
    CHECK(carry_out(std::get<change>(found)) > 0);
    return "";
  }

  void pass(duration time) {
    now += time;
    for (auto& each : history.take_due(now, reader()))
      carry_out(each);
  }

  change_state state(uint64_t id) {
    for (const auto& each : history.all())
      if (each.id == id)
        return each.state;
    FAIL("change " << id << " is not known");
    return {};
  }
};

} // namespace

TEST_CASE("a change is taken back once", "[control]") {
  steered node;
  auto id = node.set("a", "1");
  CHECK(node.undo(id) == "");
  CHECK(node.fields["a"] == "0");
  CHECK(node.state(id) == change_state::undone);
  CHECK(node.undo(id) == "change 1 is undone; it must be applied");
  // What took it back is a change too.
  CHECK(node.undo(2) == "");
  CHECK(node.fields["a"] == "1");
}

TEST_CASE("only what is still as the change has set it is taken back",
          "[control]") {
  steered node;
  auto first = node.set("a", "1");
  auto second = node.set("a", "2");
  CHECK(node.undo(first)
        == "a is 2 and no longer the 1 that change 1 has set; undo what was "
           "done since, or set it");
  CHECK(node.undo(second) == "");
  CHECK(node.undo(first) == "");
  CHECK(node.fields["a"] == "0");
  CHECK(node.undo(77)
        == "there is no change 77; bulwark history lists those that are known");
}

TEST_CASE("what cannot be taken back says so", "[control]") {
  steered node;
  change restart;
  restart.what = "restart orders#1";
  auto id = node.carry_out(restart);
  CHECK(node.undo(id) == "change 1, restart orders#1, cannot be taken back");
}

TEST_CASE("a change ends when its time is over", "[control]") {
  steered node;
  CHECK_FALSE(node.history.next_due());
  auto id = node.set("a", "1", 10min);
  CHECK(node.history.next_due() == node.now + 10min);
  node.pass(10min - 1ns);
  CHECK(node.fields["a"] == "1");
  node.pass(1ns);
  CHECK(node.fields["a"] == "0");
  CHECK(node.state(id) == change_state::expired);
  CHECK_FALSE(node.history.next_due());
}

TEST_CASE("a later change of the same field is the last word", "[control]") {
  steered node;
  auto first = node.set("a", "1", 10min);
  SECTION("for good") {
    node.set("a", "2");
    CHECK(node.state(first) == change_state::replaced);
    node.pass(1h);
    CHECK(node.fields["a"] == "2");
  }
  SECTION("the same value for good") {
    node.set("a", "1");
    node.pass(1h);
    CHECK(node.fields["a"] == "1");
  }
  SECTION("for a time, after which nothing of both is left") {
    node.set("a", "2", 1h);
    node.pass(30min);
    CHECK(node.fields["a"] == "2");
    node.pass(30min);
    CHECK(node.fields["a"] == "0");
  }
  SECTION("of another field") {
    node.set("b", "2");
    node.pass(10min);
    CHECK(node.fields["a"] == "0");
    CHECK(node.fields["b"] == "2");
  }
  SECTION("of one of two fields") {
    change both;
    both.what = "set";
    both.fields = {{"a", "1", "3"}, {"b", "0", "3"}};
    both.lasts = 20min;
    node.carry_out(both);
    node.set("b", "4");
    node.pass(20min);
    CHECK(node.fields["a"] == "0");
    CHECK(node.fields["b"] == "4");
  }
}

TEST_CASE("what somebody else has set since is left as it is", "[control]") {
  steered node;
  auto id = node.set("a", "1", 10min);
  node.fields["a"] = "9";
  node.pass(10min);
  CHECK(node.fields["a"] == "9");
  CHECK(node.state(id) == change_state::replaced);
}

TEST_CASE("a drain that is over is taken back as well", "[control]") {
  steered node;
  node.fields["a"] = "none";
  auto id = node.set("a", "draining");
  node.fields["a"] = "all";
  CHECK(node.undo(id) == "");
  CHECK(node.fields["a"] == "none");
  node.set("a", "draining", 1min);
  node.fields["a"] = "all";
  node.pass(1min);
  CHECK(node.fields["a"] == "none");
}

TEST_CASE("an end that fails is tried again", "[control]") {
  steered node;
  auto id = node.set("a", "1", 10min);
  node.now += 10min;
  auto over = node.history.take_due(node.now, node.reader());
  REQUIRE(over.size() == 1);
  auto end = std::get<uint64_t>(node.history.begin(over.front(), {}));
  CHECK(node.history.take_due(node.now, node.reader()).empty());
  node.history.failed(end, "busy", node.now);
  CHECK(node.state(id) == change_state::applied);
  CHECK(node.history.all().front().words == "busy");
  node.pass(change_history::retry_after);
  CHECK(node.fields["a"] == "0");
  CHECK(node.state(id) == change_state::expired);
}

TEST_CASE("one field is changed by one change at a time", "[control]") {
  steered node;
  change what;
  what.what = "set";
  what.fields = {{"a", "0", "1"}};
  auto id = std::get<uint64_t>(node.history.begin(what, {}));
  CHECK(std::get<std::string>(node.history.begin(what, {}))
        == "change 1 of a goes on; try again when it is done");
  what.fields = {{"b", "0", "1"}};
  CHECK(node.carry_out(what) == 2);
  node.history.failed(id, "no", node.now);
  CHECK(node.state(id) == change_state::failed);
  CHECK(node.set("a", "1") == 3);
}

TEST_CASE("what it keeps is bounded", "[control]") {
  steered node;
  for (size_t i = 0; i < change_history::limited_max; ++i) {
    auto field = "f" + std::to_string(i);
    node.fields[field] = "0";
    CHECK(node.set(field, "1", 1h) > 0);
  }
  CHECK(node.set("a", "1", 1h) == 0);
  for (int i = 0; i < 1000; ++i)
    CHECK(node.set("a", std::to_string(i)) > 0);
  CHECK(node.history.all().size() == change_history::kept_max);
  // None whose time is to end was forgotten.
  node.pass(1h);
  for (size_t i = 0; i < change_history::limited_max; ++i)
    CHECK(node.fields["f" + std::to_string(i)] == "0");
  for (size_t i = 0; i < change_history::going_on_max; ++i) {
    change what;
    what.what = "restart " + std::to_string(i);
    CHECK(std::holds_alternative<uint64_t>(node.history.begin(what, {})));
  }
  change what;
  what.what = "leave";
  CHECK(std::get<std::string>(node.history.begin(what, {}))
        == "16 changes go on; there must be fewer than 16");
}
