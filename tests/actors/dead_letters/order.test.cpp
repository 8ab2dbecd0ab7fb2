// Two threads take numbers in one order and post their letters in the other;
// the letter that came second was not found by its number.
#include <bulwark/dead_letters/detail/dead_letter_store.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <vector>

using namespace bulwark;

namespace {

detail::kept_letter letter(uint64_t id) {
  detail::kept_letter result;
  result.letter.id = id;
  return result;
}

} // namespace

TEST_CASE("letters are found and listed in any order of arrival",
          "[dead_letters]") {
  std::vector<uint64_t> ids{1, 2, 3, 4, 5};
  do {
    detail::dead_letter_store book{10, 1000};
    for (auto id : ids)
      book.add(letter(id));
    for (uint64_t id = 1; id <= 5; ++id)
      REQUIRE(book.find(id) != nullptr);
    auto listed = book.list({.service = "", .after = 2, .max = 10});
    REQUIRE(listed.letters.size() == 3);
    for (size_t i = 0; i < 3; ++i)
      CHECK(listed.letters[i].id == 3 + i);
    CHECK(book.take(3));
    CHECK(book.find(3) == nullptr);
  } while (std::next_permutation(ids.begin(), ids.end()));
}

TEST_CASE("the oldest number is forgotten first, whenever it came",
          "[dead_letters]") {
  detail::dead_letter_store book{2, 1000};
  book.add(letter(2));
  book.add(letter(3));
  book.add(letter(1));
  CHECK(book.find(1) == nullptr);
  CHECK(book.find(2) != nullptr);
  CHECK(book.find(3) != nullptr);
}
