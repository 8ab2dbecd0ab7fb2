#include <bulwark/gate/detail/pending_table.hpp>

#include <catch2/catch.hpp>

#include <array>
#include <atomic>
#include <barrier>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

// The payload is written without any other protection: under TSan two who
// both believe to have won an entry are a race.

using namespace bulwark;

namespace {

/// How often the client of one use of an entry was answered.
struct answers {
  int64_t given = 0;
};

using table = pending_table<answers>;
using outcome = table::outcome;

constexpr pending_owner owner{1, 1};
constexpr pending_word mine{0, owner, pending_state::active};
constexpr pending_word waiting{0, {}, pending_state::waiting};

/// What threads did to a table.
struct tally {
  std::atomic<int64_t> published{0};
  std::atomic<int64_t> answered{0};
  std::atomic<int64_t> freed{0};
};

void free(table& books, pending_id id, tally& done) {
  books.payload(id).given = 0;
  books.release(id);
  ++done.freed;
}

/// A reply that is back, or a replica that died.
void take(table& books, pending_id id, std::optional<pending_owner> only,
          tally& done) {
  auto won = books.take(id, only);
  if (won.what == outcome::unanswered) {
    ++books.payload(id).given;
    ++done.answered;
  }
  if (won.what != outcome::nothing)
    free(books, id, done);
}

/// A deadline.
void expire(table& books, pending_id id, tally& done) {
  if (!books.answer_early(id))
    return;
  ++books.payload(id).given;
  ++done.answered;
  if (books.finish_early(id, 1))
    free(books, id, done);
}

/// A replica that hands back what waited, and the next one that gets it.
void move_on(table& books, pending_id id, tally&) {
  if (books.restamp(id, mine, waiting, 2))
    books.restamp(id, waiting, mine, 3);
}

} // namespace

TEST_CASE("of reply, second reply, death and deadline exactly one answers",
          "[pending_table][threads]") {
  constexpr int64_t rounds = 1'000;
  table books{2};
  tally done;
  std::atomic<uint64_t> current{0};
  const std::vector<std::function<void(pending_id)>> parties = {
    [&](pending_id id) { take(books, id, std::nullopt, done); },
    [&](pending_id id) { take(books, id, std::nullopt, done); },
    [&](pending_id id) { take(books, id, owner, done); },
    [&](pending_id id) { expire(books, id, done); },
    [&](pending_id id) { move_on(books, id, done); },
  };
  std::barrier gate{static_cast<std::ptrdiff_t>(parties.size()) + 1};
  std::vector<std::thread> all;
  for (auto& party : parties)
    all.emplace_back([&gate, &current, &party] {
      for (int64_t i = 0; i < rounds; ++i) {
        gate.arrive_and_wait();
        party(pending_id{current});
        gate.arrive_and_wait();
      }
    });
  int64_t wrong = 0;
  for (int64_t i = 0; i < rounds; ++i) {
    auto id = books.acquire().value();
    books.publish(id, owner, pending_state::active, 1);
    ++done.published;
    current = id.value;
    gate.arrive_and_wait();
    gate.arrive_and_wait();
    // Whoever came while the entry was being moved may have missed it, as a
    // reply to a message that is on its way elsewhere cannot be.
    take(books, id, std::nullopt, done);
    wrong += done.answered != i + 1 || done.freed != i + 1;
  }
  for (auto& thread : all)
    thread.join();
  CHECK(wrong == 0);
  CHECK(books.acquire());
  CHECK(books.acquire());
}

TEST_CASE("threads that fight for few entries free each as often as it is used",
          "[pending_table][threads]") {
  constexpr int threads = 4;
  constexpr size_t capacity = 3;
  constexpr int64_t rounds = 30'000;
  table books{capacity};
  tally done;
  std::atomic<int64_t> overfull{0};
  // The last name of each entry, often stale, that everybody has a go at. Each
  // was a name once: only `take` can be asked for what never was.
  std::array<std::atomic<uint64_t>, capacity> board{};
  auto first = books.acquire().value();
  books.release(first);
  for (auto& each : board)
    each = first.value;
  auto work = [&](int64_t number) {
    for (int64_t i = 0; i < rounds; ++i) {
      if (auto id = books.acquire()) {
        overfull += books.payload(*id).given != 0;
        ++done.published;
        books.publish(*id, owner, pending_state::active, 1);
        board[id->index()] = id->value;
      }
      pending_id id{board[i % board.size()]};
      switch ((i / 3 + number) % 4) {
      case 0:
        take(books, id, std::nullopt, done);
        break;
      case 1:
        take(books, id, owner, done);
        break;
      case 2:
        expire(books, id, done);
        break;
      default:
        move_on(books, id, done);
      }
    }
  };
  std::vector<std::thread> all;
  for (int i = 0; i < threads; ++i)
    all.emplace_back(work, i);
  for (auto& thread : all)
    thread.join();
  std::vector<pending_id> left;
  books.for_each(
    [&](pending_id id, const pending_word&, int64_t) { left.push_back(id); });
  for (auto id : left)
    take(books, id, std::nullopt, done);
  CHECK(overfull == 0);
  CHECK(done.published > rounds / 10);
  CHECK(done.answered == done.published);
  CHECK(done.freed == done.published);
  for (size_t i = 0; i < capacity; ++i)
    CHECK(books.acquire());
  CHECK_FALSE(books.acquire());
}

TEST_CASE("a table that grows under many threads hands out each entry once",
          "[pending_table][threads]") {
  constexpr int threads = 4;
  constexpr size_t capacity = 3 * table::chunk_size;
  table books{capacity};
  std::vector<std::vector<pending_id>> got(threads);
  std::vector<std::thread> all;
  for (int i = 0; i < threads; ++i)
    all.emplace_back([&books, &mine_too = got[i]] {
      while (auto id = books.acquire()) {
        ++books.payload(*id).given;
        books.publish(*id, owner, pending_state::active, 1);
        mine_too.push_back(*id);
      }
    });
  for (auto& thread : all)
    thread.join();
  size_t sum = 0;
  int64_t wrong = 0;
  for (auto& ids : got) {
    sum += ids.size();
    for (auto id : ids)
      wrong += books.payload(id).given != 1 || !books.live(id);
  }
  CHECK(sum == capacity);
  CHECK(wrong == 0);
}
