#include <bulwark/gate/detail/pending_table.hpp>

#include <catch2/catch.hpp>

#include <set>
#include <string>
#include <vector>

// Every arrow of the diagram in the header, and every arrow that is not there.

using namespace bulwark;

namespace {

using table = pending_table<std::string>;
using outcome = table::outcome;

constexpr pending_owner owner{3, 7};

/// An entry in the given state, reached the way that gates reach it.
pending_id entry_in(table& books, pending_state state) {
  auto id = books.acquire().value();
  if (state == pending_state::free)
    return id;
  auto first = state == pending_state::waiting ? state : pending_state::active;
  books.publish(id, owner, first, 100);
  switch (state) {
  case pending_state::answering:
    REQUIRE(books.answer_early(id));
    break;
  case pending_state::abandoned:
    REQUIRE(books.answer_early(id));
    REQUIRE_FALSE(books.finish_early(id, 200));
    break;
  case pending_state::returned:
    REQUIRE(books.answer_early(id));
    REQUIRE(books.take(id).what == outcome::nothing);
    break;
  case pending_state::taken:
    REQUIRE(books.take(id).what == outcome::unanswered);
    break;
  default:
    break;
  }
  REQUIRE(books.word_of(id)->state == state);
  return id;
}

} // namespace

TEST_CASE("the word of an entry keeps all it is given", "[pending_table]") {
  auto generation =
    GENERATE(uint64_t{0}, uint64_t{1}, pending_id::generation_mask);
  auto slot = GENERATE(0, 1, 255);
  auto incarnation = GENERATE(0, 1, 65535);
  for (auto state :
       {pending_state::free, pending_state::active, pending_state::waiting,
        pending_state::answering, pending_state::abandoned,
        pending_state::returned, pending_state::taken}) {
    pending_word in{
      generation,
      {static_cast<uint8_t>(slot), static_cast<uint16_t>(incarnation)},
      state};
    auto out = pending_word::unpack(in.pack());
    CHECK(out.generation == in.generation);
    CHECK(out.owner == in.owner);
    CHECK(out.state == in.state);
  }
}

TEST_CASE("an id keeps index and generation", "[pending_table]") {
  auto id = pending_id::make(0xf'ffff, pending_id::generation_mask);
  CHECK(id.index() == 0xf'ffff);
  CHECK(id.generation() == pending_id::generation_mask);
  CHECK(pending_id::make(5, pending_id::generation_mask + 1).generation() == 0);
}

TEST_CASE("a reply takes an active entry, once", "[pending_table]") {
  table books{4};
  auto id = entry_in(books, pending_state::active);
  books.payload(id) = "client";
  CHECK(books.live(id));
  auto won = books.take(id);
  CHECK(won.what == outcome::unanswered);
  CHECK(won.owner == owner);
  CHECK_FALSE(won.was_waiting);
  CHECK(books.payload(id) == "client");
  CHECK(books.take(id).what == outcome::nothing);
  books.release(id);
  CHECK_FALSE(books.live(id));
  CHECK(books.take(id).what == outcome::nothing);
}

TEST_CASE("what may be taken, and as what", "[pending_table]") {
  struct row {
    pending_state before;
    outcome what;
    bool was_waiting;
    pending_state after;
  };
  auto [before, what, was_waiting, after] = GENERATE(values<row>({
    {pending_state::free, outcome::nothing, false, pending_state::free},
    {pending_state::active, outcome::unanswered, false, pending_state::taken},
    {pending_state::waiting, outcome::unanswered, true, pending_state::taken},
    {pending_state::answering, outcome::nothing, false,
     pending_state::returned},
    {pending_state::abandoned, outcome::late, false, pending_state::taken},
    {pending_state::returned, outcome::nothing, false, pending_state::returned},
    {pending_state::taken, outcome::nothing, false, pending_state::taken},
  }));
  CAPTURE(static_cast<int>(before));
  table books{4};
  auto id = entry_in(books, before);
  auto won = books.take(id);
  CHECK(won.what == what);
  CHECK(won.was_waiting == was_waiting);
  if (before != pending_state::free)
    CHECK(books.word_of(id)->state == after);
}

TEST_CASE("only an active entry may be answered early", "[pending_table]") {
  auto state =
    GENERATE(pending_state::free, pending_state::active, pending_state::waiting,
             pending_state::answering, pending_state::abandoned,
             pending_state::returned, pending_state::taken);
  CAPTURE(static_cast<int>(state));
  table books{4};
  auto id = entry_in(books, state);
  CHECK(books.answer_early(id) == (state == pending_state::active));
}

TEST_CASE("a deadline leaves the entry abandoned until the work comes back",
          "[pending_table]") {
  table books{4};
  auto id = entry_in(books, pending_state::active);
  REQUIRE(books.answer_early(id));
  CHECK_FALSE(books.finish_early(id, 250));
  CHECK(books.expires_of(id) == 250);
  CHECK(books.live(id));
  auto won = books.take(id);
  CHECK(won.what == outcome::late);
  CHECK(won.owner == owner);
  books.release(id);
  CHECK_FALSE(books.live(id));
}

TEST_CASE("work that comes back during the answer is left to who answers",
          "[pending_table]") {
  table books{4};
  auto id = entry_in(books, pending_state::active);
  REQUIRE(books.answer_early(id));
  CHECK(books.take(id).what == outcome::nothing);
  CHECK(books.take(id).what == outcome::nothing);
  CHECK(books.finish_early(id, 250) == owner);
  books.release(id);
  CHECK_FALSE(books.live(id));
}

TEST_CASE("an entry of another owner is left alone", "[pending_table]") {
  table books{4};
  auto id = entry_in(books, pending_state::active);
  CHECK(books.take(id, pending_owner{4, 7}).what == outcome::nothing);
  CHECK(books.take(id, pending_owner{3, 8}).what == outcome::nothing);
  CHECK(books.take(id, owner).what == outcome::unanswered);
}

TEST_CASE("a stamp changes only from what it was", "[pending_table]") {
  table books{4};
  auto id = entry_in(books, pending_state::active);
  pending_word mine{0, owner, pending_state::active};
  pending_word waiting{0, {}, pending_state::waiting};
  pending_word next{0, {1, 2}, pending_state::active};
  CHECK_FALSE(books.restamp(id, waiting, next, 300));
  CHECK_FALSE(books.restamp(id, next, waiting, 300));
  CHECK(books.expires_of(id) == 100);
  CHECK(books.restamp(id, mine, waiting, 300));
  CHECK(books.expires_of(id) == 300);
  CHECK(books.word_of(id)->state == pending_state::waiting);
  CHECK_FALSE(books.answer_early(id));
  CHECK(books.restamp(id, waiting, next, 400));
  CHECK(books.word_of(id)->owner == next.owner);
  CHECK(books.take(id).what == outcome::unanswered);
  CHECK_FALSE(books.restamp(id, next, waiting, 500));
  CHECK(books.expires_of(id) == 400);
}

TEST_CASE("a name that was used up never matches again", "[pending_table]") {
  table books{1};
  std::vector<pending_id> old;
  for (int i = 0; i < 100; ++i) {
    auto id = entry_in(books, pending_state::active);
    CHECK(id.index() == 0);
    for (auto stale : old) {
      CHECK_FALSE(books.live(stale));
      CHECK(books.take(stale).what == outcome::nothing);
      CHECK_FALSE(books.answer_early(stale));
      CHECK_FALSE(books.restamp(stale, {0, owner, pending_state::active},
                                {0, {}, pending_state::waiting}, 1));
    }
    CHECK(books.take(id).what == outcome::unanswered);
    books.release(id);
    old.push_back(id);
  }
  CHECK(old.back().generation() == 99);
}

TEST_CASE("a forged id finds nothing", "[pending_table]") {
  table books{2000};
  auto id = entry_in(books, pending_state::active);
  for (auto forged : {pending_id::make(id.index(), id.generation() + 1),
                      // In a chunk that is there, but never handed out.
                      pending_id::make(1, 0), pending_id::make(1023, 5),
                      // In a chunk that is not there.
                      pending_id::make(1024, 0), pending_id::make(1999, 0),
                      // Beyond the capacity and beyond every table.
                      pending_id::make(2000, 0), pending_id{~uint64_t{0}}}) {
    CAPTURE(forged.value);
    CHECK_FALSE(books.live(forged));
    CHECK(books.take(forged).what == outcome::nothing);
  }
  CHECK(books.take(id).what == outcome::unanswered);
}

TEST_CASE("the mark of an entry is gone when it is used again",
          "[pending_table]") {
  table books{1};
  auto first = books.acquire().value();
  CHECK(books.mark(first) == 0);
  ++books.mark(first);
  books.publish(first, owner, pending_state::active, 100);
  REQUIRE(books.take(first).what == outcome::unanswered);
  CHECK(books.mark(first) == 1);
  books.release(first);
  CHECK(books.mark(books.acquire().value()) == 0);
}

TEST_CASE("at capacity nothing is handed out until something comes back",
          "[pending_table]") {
  // Over the border of a chunk, so that a second one is made.
  const size_t capacity = table::chunk_size + 3;
  table books{capacity};
  std::set<uint32_t> indices;
  std::vector<pending_id> out;
  while (auto id = books.acquire()) {
    books.publish(*id, owner, pending_state::active, 1);
    indices.insert(id->index());
    out.push_back(*id);
  }
  CHECK(out.size() == capacity);
  CHECK(indices.size() == capacity);
  CHECK_FALSE(books.acquire());
  CHECK(books.take(out[5]).what == outcome::unanswered);
  CHECK_FALSE(books.acquire());
  books.release(out[5]);
  auto again = books.acquire();
  REQUIRE(again);
  CHECK(again->index() == out[5].index());
  CHECK(again->generation() == out[5].generation() + 1);
  CHECK_FALSE(books.acquire());
}

TEST_CASE("for_each shows what is in use and nothing else", "[pending_table]") {
  table books{4};
  auto shown = [&] {
    std::vector<pending_id> result;
    books.for_each([&](pending_id id, const pending_word&, int64_t) {
      result.push_back(id);
    });
    return result;
  };
  CHECK(shown().empty());
  auto unpublished = books.acquire().value();
  CHECK(shown().empty());
  auto active = entry_in(books, pending_state::active);
  auto late = entry_in(books, pending_state::abandoned);
  CHECK(shown() == std::vector{active, late});
  books.for_each([&](pending_id id, const pending_word& word, int64_t due) {
    CHECK(word.owner == owner);
    CHECK(due == (id == active ? 100 : 200));
  });
  REQUIRE(books.take(active).what == outcome::unanswered);
  books.release(active);
  books.release(unpublished);
  CHECK(shown() == std::vector{late});
}

TEST_CASE("restamp_if asks first, and leaves the entry when told no",
          "[pending_table]") {
  table entries{4};
  auto id = *entries.acquire();
  pending_owner first{1, 1};
  pending_owner second{2, 1};
  entries.publish(id, first, pending_state::active, 100);
  pending_word from{0, first, pending_state::active};
  pending_word to{0, second, pending_state::active};
  CHECK_FALSE(entries.restamp_if(id, from, to, 200, [] { return false; }));
  CHECK(entries.word_of(id)->owner == first);
  CHECK(entries.expires_of(id) == 100);
  CHECK(entries.restamp_if(id, from, to, 200, [] { return true; }));
  CHECK(entries.word_of(id)->owner == second);
  CHECK(entries.expires_of(id) == 200);
  // Nobody is asked about what is not there any more.
  CHECK_FALSE(entries.restamp_if(id, from, to, 300, [] {
    FAIL("asked in vain");
    return true;
  }));
}

TEST_CASE("restamp_if leaves the entry when what it asks throws",
          "[pending_table]") {
  table entries{4};
  auto id = *entries.acquire();
  pending_owner first{1, 1};
  entries.publish(id, first, pending_state::active, 100);
  pending_word from{0, first, pending_state::active};
  auto fails = []() -> bool { throw std::bad_alloc(); };
  CHECK_THROWS_AS(entries.restamp_if(id, from, from, 200, fails),
                  std::bad_alloc);
  CHECK(entries.word_of(id)->state == pending_state::active);
  CHECK(entries.expires_of(id) == 100);
  CHECK(entries.take(id).what == outcome::unanswered);
}

TEST_CASE("an entry that was put back is as live as before",
          "[pending_table]") {
  table entries{4};
  auto state = GENERATE(pending_state::active, pending_state::waiting);
  auto id = *entries.acquire();
  entries.publish(id, {1, 7}, state, 100);
  auto won = entries.take(id);
  CHECK(entries.take(id).what == table::outcome::nothing);
  entries.put_back(id, won);
  CHECK(entries.word_of(id)->state == state);
  CHECK(entries.word_of(id)->owner == pending_owner{1, 7});
  CHECK(entries.take(id).what == table::outcome::unanswered);
}
