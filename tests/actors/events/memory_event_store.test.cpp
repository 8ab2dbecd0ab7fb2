#include <bulwark/events/memory_event_store.hpp>

#include <catch2/catch.hpp>

#include <stdexcept>

using namespace bulwark;

namespace {

using list = std::vector<event_position>;
using numbers = std::vector<uint64_t>;

event numbered(uint64_t sequence, const std::string& node = "a") {
  event what;
  what.node = node;
  what.boot = 1;
  what.sequence = sequence;
  return what;
}

numbers read(event_store& from, uint64_t first, size_t max,
             const std::string& node = "a") {
  numbers result;
  int calls = 0;
  from.read(node, 1, first, max, [&](const std::vector<event>& found) {
    ++calls;
    for (const auto& what : found) {
      CHECK(what.node == node);
      result.push_back(what.sequence);
    }
  });
  CHECK(calls == 1);
  return result;
}

} // namespace

TEST_CASE("what was appended is read again, each number once",
          "[memory_event_store]") {
  memory_event_store store;
  CHECK(read(store, 1, 10).empty());
  for (uint64_t i : {1, 2, 2, 4, 1, 0})
    store.append(numbered(i));
  store.append(numbered(1, "b"));
  CHECK(store.positions() == list{{"a", 1, 2}, {"b", 1, 1}});
  CHECK(read(store, 1, 10) == numbers{1, 2, 4});
  CHECK(read(store, 2, 1) == numbers{2});
  CHECK(read(store, 5, 10).empty());
  CHECK(read(store, 0, 0).empty());
  CHECK(read(store, 1, 10, "c").empty());
  store.append(numbered(3));
  CHECK(store.positions()[0].upto == 4);
}

TEST_CASE("a read gives no more than a store reads at once",
          "[memory_event_store]") {
  memory_event_store store;
  for (uint64_t i = 1; i <= event_store::read_max + 10; ++i)
    store.append(numbered(i));
  CHECK(read(store, 1, 5'000).size() == event_store::read_max);
  CHECK(read(store, 1'000, 5'000).size() == 11);
}

TEST_CASE("a gap moves the position, and what comes for it later is not kept",
          "[memory_event_store]") {
  memory_event_store store;
  store.append(numbered(4));
  store.note_gap("a", 1, 1, 3);
  CHECK(store.positions() == list{{"a", 1, 4}});
  store.append(numbered(2));
  CHECK(read(store, 1, 10) == numbers{4});
  store.note_gap("a", 1, 9, 5);
  store.note_gap("a", 1, 0, 9);
  CHECK(store.positions() == list{{"a", 1, 4}});
}

TEST_CASE("the oldest events of all are forgotten, positions never",
          "[memory_event_store]") {
  memory_event_store store{3};
  store.append(numbered(1, "b"));
  for (uint64_t i = 1; i <= 4; ++i)
    store.append(numbered(i));
  CHECK(read(store, 1, 10) == numbers{2, 3, 4});
  CHECK(read(store, 1, 10, "b").empty());
  CHECK(store.positions() == list{{"a", 1, 4}, {"b", 1, 1}});
  store.append(numbered(1));
  CHECK(read(store, 1, 10) == numbers{2, 3, 4});
}

TEST_CASE("a listener is told of each position that moves, whatever it does",
          "[memory_event_store]") {
  memory_event_store store;
  list told;
  store.on_durable([&](const list& moved) {
    told.insert(told.end(), moved.begin(), moved.end());
    if (moved[0].upto == 1)
      store.append(numbered(2));
    throw std::runtime_error{"the listener's"};
  });
  store.append(numbered(1));
  store.append(numbered(1));
  CHECK(told == list{{"a", 1, 1}, {"a", 1, 2}});
  store.note_gap("a", 1, 3, 5);
  CHECK(told.back() == event_position{"a", 1, 5});
  store.read("a", 1, 1, 1, [](const auto&) { throw 1; });
  store.on_durable({});
  store.append(numbered(6));
  CHECK(told.size() == 3);
}
