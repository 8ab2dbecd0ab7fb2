#include <bulwark/gate/detail/key_order.hpp>

#include <catch2/catch.hpp>

#include <map>
#include <random>
#include <vector>

using bulwark::key_order;
using bulwark::pending_id;

namespace {

pending_id id(uint64_t n) {
  return pending_id{n};
}

} // namespace

TEST_CASE("an idle key may go anywhere, a busy one only where it is",
          "[key_order]") {
  key_order book;
  book.arrive(id(1), 7);
  CHECK_FALSE(book.place_of(id(1)).slot);
  CHECK_FALSE(book.place_of(id(1)).behind_others);
  book.send_out(id(1), 3);
  book.arrive(id(2), 7);
  CHECK(book.place_of(id(2)).slot == 3);
  book.arrive(id(3), 8);
  CHECK_FALSE(book.place_of(id(3)).slot);
  CHECK_FALSE(book.left(id(1)));
  CHECK_FALSE(book.place_of(id(2)).slot);
}

TEST_CASE("what arrives stays behind what waits", "[key_order]") {
  key_order book;
  book.arrive(id(1), 7);
  book.wait(id(1));
  book.arrive(id(2), 7);
  CHECK(book.place_of(id(2)).behind_others);
  book.wait(id(2));
  CHECK(book.go(id(1), 0));
  // Until it is really gone.
  book.arrive(id(3), 7);
  CHECK(book.place_of(id(3)).behind_others);
  CHECK(book.go(id(2), 0));
  book.gone(id(1));
  CHECK(book.place_of(id(3)).behind_others);
  book.gone(id(2));
  CHECK_FALSE(book.place_of(id(3)).behind_others);
  CHECK(book.place_of(id(3)).slot == 0);
}

TEST_CASE("what waits goes only where its key has work", "[key_order]") {
  key_order book;
  book.arrive(id(1), 7);
  book.send_out(id(1), 3);
  book.arrive(id(2), 7);
  book.wait(id(2));
  CHECK_FALSE(book.go(id(2), 4));
  CHECK(book.left(id(1))); // The rest may go anywhere now.
  CHECK(book.go(id(2), 4));
  book.back(id(2));
  CHECK(book.go(id(2), 5));
  book.gone(id(2));
  CHECK_FALSE(book.left(id(2)));
  CHECK(book.empty());
}

TEST_CASE("unknown and forgotten messages do nothing", "[key_order]") {
  key_order book;
  CHECK_FALSE(book.left(id(9)));
  CHECK(book.go(id(9), 1));
  book.gone(id(9));
  book.back(id(9));
  book.wait(id(9));
  book.send_out(id(9), 1);
  CHECK_FALSE(book.place_of(id(9)).slot);
  CHECK(book.empty());
}

TEST_CASE("a key never has work at two slots, and is forgotten in the end",
          "[key_order]") {
  auto seed = GENERATE(range(0, 200));
  std::mt19937_64 rng{static_cast<uint64_t>(seed)};
  key_order book;
  struct message {
    uint64_t key;
    enum { waiting, going, out } now;
    uint8_t slot;
  };
  std::map<uint64_t, message> all;
  for (uint64_t n = 1; n <= 400; ++n) {
    auto slot = static_cast<uint8_t>(rng() % 4);
    if (rng() % 2 == 0) {
      auto key = rng() % 3;
      book.arrive(id(n), key);
      auto place = book.place_of(id(n));
      if (place.behind_others || rng() % 4 == 0) {
        book.wait(id(n));
        all[n] = {key, message::waiting, 0};
      } else {
        slot = place.slot.value_or(slot);
        book.send_out(id(n), slot);
        all[n] = {key, message::out, slot};
      }
    } else if (!all.empty()) {
      auto it = all.begin();
      std::advance(it, rng() % all.size());
      auto& [number, who] = *it;
      auto what = rng() % 3;
      if (who.now == message::waiting && what > 0) {
        if (book.go(id(number), slot))
          who = {who.key, message::going, slot};
      } else if (who.now == message::going && what > 0) {
        book.gone(id(number));
        who.now = message::out;
      } else if (who.now != message::waiting && what == 1) {
        book.back(id(number));
        who.now = message::waiting;
      } else {
        book.left(id(number));
        all.erase(it);
      }
    }
    std::map<uint64_t, uint8_t> at;
    for (auto& [number, who] : all)
      if (who.now != message::waiting)
        CHECK(at.emplace(who.key, who.slot).first->second == who.slot);
  }
  for (auto& [number, who] : all)
    book.left(id(number));
  CHECK(book.empty());
}
