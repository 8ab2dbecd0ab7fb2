// The table of the docs: strategy x restart type x how the child ended.

#include "core/supervision/world.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

struct row {
  restart_strategy strategy;
  restart_type type;
  exit_class how;

  /// Who is stopped, in order, and who is started, in order, when `b` of
  /// `a b c` ended.
  std::string stops;
  std::string starts;
};

constexpr auto alone = restart_strategy::one_for_one;
constexpr auto all = restart_strategy::one_for_all;
constexpr auto rest = restart_strategy::rest_for_one;
constexpr auto simple = restart_strategy::simple_one_for_one;

constexpr auto permanent = restart_type::permanent;
constexpr auto transient = restart_type::transient;
constexpr auto temporary = restart_type::temporary;

constexpr auto normal = exit_class::normal;
constexpr auto shutdown = exit_class::shutdown;
constexpr auto abnormal = exit_class::abnormal;
constexpr auto killed = exit_class::killed;

const std::vector<row> table{
  {alone, permanent, normal, "", "b"},
  {alone, permanent, shutdown, "", "b"},
  {alone, permanent, abnormal, "", "b"},
  {alone, permanent, killed, "", "b"},
  {alone, transient, normal, "", ""},
  {alone, transient, shutdown, "", ""},
  {alone, transient, abnormal, "", "b"},
  {alone, transient, killed, "", "b"},
  {alone, temporary, normal, "", ""},
  {alone, temporary, shutdown, "", ""},
  {alone, temporary, abnormal, "", ""},
  {alone, temporary, killed, "", ""},

  {all, permanent, normal, "ca", "abc"},
  {all, permanent, shutdown, "ca", "abc"},
  {all, permanent, abnormal, "ca", "abc"},
  {all, permanent, killed, "ca", "abc"},
  {all, transient, normal, "", ""},
  {all, transient, shutdown, "", ""},
  {all, transient, abnormal, "ca", "abc"},
  {all, transient, killed, "ca", "abc"},
  {all, temporary, normal, "", ""},
  {all, temporary, shutdown, "", ""},
  {all, temporary, abnormal, "", ""},
  {all, temporary, killed, "", ""},

  {rest, permanent, normal, "c", "bc"},
  {rest, permanent, shutdown, "c", "bc"},
  {rest, permanent, abnormal, "c", "bc"},
  {rest, permanent, killed, "c", "bc"},
  {rest, transient, normal, "", ""},
  {rest, transient, shutdown, "", ""},
  {rest, transient, abnormal, "c", "bc"},
  {rest, transient, killed, "c", "bc"},
  {rest, temporary, normal, "", ""},
  {rest, temporary, shutdown, "", ""},
  {rest, temporary, abnormal, "", ""},
  {rest, temporary, killed, "", ""},

  {simple, permanent, normal, "", "b"},
  {simple, permanent, shutdown, "", "b"},
  {simple, permanent, abnormal, "", "b"},
  {simple, permanent, killed, "", "b"},
  {simple, transient, normal, "", ""},
  {simple, transient, shutdown, "", ""},
  {simple, transient, abnormal, "", "b"},
  {simple, transient, killed, "", "b"},
  {simple, temporary, normal, "", ""},
  {simple, temporary, shutdown, "", ""},
  {simple, temporary, abnormal, "", ""},
  {simple, temporary, killed, "", ""},
};

/// Returns the names after `word` in a history, without the rest.
std::string names(const std::string& history, const std::string& word) {
  std::string result;
  for (size_t at = 0; at < history.size();) {
    auto end = std::min(history.find(", ", at), history.size());
    auto line = history.substr(at, end - at);
    if (line.rfind(word + " ", 0) == 0)
      result += line.substr(word.size() + 1);
    at = end + 2;
  }
  return result;
}

} // namespace

TEST_CASE("who is stopped and started, by strategy, type and end",
          "[supervision]") {
  for (const auto& each : table) {
    CAPTURE(to_string(each.strategy), to_string(each.type),
            to_string(each.how));
    supervisor_policy policy;
    policy.strategy = each.strategy;
    test::world w{policy};
    child_policy child;
    w.add("a", child);
    child.restart.type = each.type;
    w.add("b", child);
    child.restart.type = restart_type::permanent;
    w.add("c", child);
    w.start_all();
    CHECK(w.take({"start", "up"})
          == "start a, up a, start b, up b, start c, up c");
    w.end("b", {each.how});
    w.advance(1h);
    auto history = w.take();
    CAPTURE(history);
    CHECK(names(history, "stop") == each.stops);
    CHECK(names(history, "start") == each.starts);
    CHECK(w.state("a") == child_state::up);
    CHECK(w.state("c") == child_state::up);
    auto forgotten = w.book().find(w.key("b")) == nullptr;
    CHECK(forgotten
          == (each.type == temporary
              || (each.strategy == simple && each.starts.empty())));
  }
}
