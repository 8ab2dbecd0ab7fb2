#include <bulwark/events/detail/event_check.hpp>
#include <bulwark/events/detail/event_counter.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;

namespace {

event of(const std::string& node, const std::string& component, event_kind kind,
         uint64_t sequence = 1) {
  event result;
  result.node = node;
  result.component = component;
  result.kind = kind;
  result.sequence = sequence;
  return result;
}

} // namespace

TEST_CASE("the book keeps the latest events, oldest first", "[event_counter]") {
  event_counter book{3, 10};
  for (uint64_t i = 1; i <= 5; ++i)
    book.add(of(i % 2 == 0 ? "a" : "b", "x", event_kind::child_failed, i));
  auto numbers = [&](size_t max, const std::string& node) {
    std::vector<uint64_t> result;
    for (const auto& what : book.recent(max, node))
      result.push_back(what.sequence);
    return result;
  };
  CHECK(numbers(10, "") == std::vector<uint64_t>{3, 4, 5});
  CHECK(numbers(2, "") == std::vector<uint64_t>{4, 5});
  CHECK(numbers(0, "").empty());
  CHECK(numbers(10, "b") == std::vector<uint64_t>{3, 5});
  CHECK(numbers(1, "b") == std::vector<uint64_t>{5});
  CHECK(book.total() == 5);
}

TEST_CASE("the book counts each class of events by node and component",
          "[event_counter]") {
  event_counter book{10, 10};
  book.add(of("b", "x", event_kind::child_failed));
  book.add(of("b", "x", event_kind::child_restarted));
  book.add(of("b", "x", event_kind::child_failed));
  book.add(of("b", "x", event_kind::child_stopped));
  book.add(of("a", "x", event_kind::node_lost));
  CHECK(
    book.counts()
    == std::vector<component_counts>{{"a", "x", 1, 0, 0}, {"b", "x", 2, 1, 1}});
}

TEST_CASE("components beyond the limit are counted together",
          "[event_counter]") {
  event_counter book{10, 2};
  for (const auto* name : {"x", "y", "z", "z", "x"})
    book.add(of("a", name, event_kind::child_failed));
  CHECK(book.counts()
        == std::vector<component_counts>{{"a", "x", 2, 0, 0},
                                         {"a", "y", 1, 0, 0},
                                         {"", "...others", 2, 0, 0}});
}

TEST_CASE("a book for no events still counts", "[event_counter]") {
  event_counter book{0, 0};
  book.add(of("a", "x", event_kind::child_failed));
  CHECK(book.recent(10, "").empty());
  CHECK(book.total() == 1);
  CHECK(book.counts().size() == 1);
}

TEST_CASE("an event from outside is checked in every field", "[event_check]") {
  auto good = of("a", "x", event_kind::log_dropped);
  CHECK(well_formed(good));
  auto broken = [&](auto&& change) {
    auto bad = good;
    change(bad);
    return !well_formed(bad);
  };
  const std::string long_text(event::text_max + 1, 'x');
  CHECK(broken([](event& x) { x.kind = static_cast<event_kind>(99); }));
  CHECK(broken([](event& x) { x.level = static_cast<severity>(99); }));
  CHECK(broken([](event& x) { x.failure = static_cast<failure_type>(99); }));
  CHECK(broken([](event& x) { x.sequence = 0; }));
  CHECK(broken([&](event& x) { x.component = long_text; }));
  CHECK(broken([&](event& x) { x.reason = long_text; }));
  CHECK(broken([&](event& x) { x.node = long_text; }));
  CHECK(broken([&](event& x) { x.metadata = {{long_text, ""}}; }));
  CHECK(broken([&](event& x) { x.metadata = {{"", long_text}}; }));
  CHECK(broken([](event& x) { x.metadata.resize(event::metadata_max + 1); }));
}

TEST_CASE("events are read on from a place", "[event_counter]") {
  event_counter book{3, 10};
  auto names = [&](uint64_t place, size_t max) {
    std::string result;
    for (const auto& each : book.from(place, max).events)
      result += each.component;
    return result;
  };
  CHECK(book.from(0, 10).first == 1);
  CHECK(book.from(1, 10).events.empty());
  for (uint64_t i = 1; i <= 5; ++i) {
    auto what = of("n", std::string(1, static_cast<char>('a' + i - 1)),
                   event_kind::child_failed);
    what.boot = 7;
    what.sequence = i;
    book.add(what);
  }
  CHECK(names(4, 10) == "de");
  CHECK(names(4, 1) == "d");
  CHECK(names(6, 10).empty());
  CHECK(book.from(6, 10).first == 6);
  // Beyond what there is, and before what is kept.
  CHECK(book.from(99, 10).first == 6);
  CHECK(names(1, 10) == "cde");
  CHECK(book.from(1, 10).first == 3);
  CHECK(book.place_behind("n", 7, 4) == 5);
  CHECK(book.place_behind("n", 7, 1) == 0);
  CHECK(book.place_behind("n", 8, 4) == 0);
  CHECK(book.place_behind("m", 7, 4) == 0);
}
