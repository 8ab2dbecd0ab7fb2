#include <bulwark/gate/detail/request_table.hpp>

#include <caf/make_message.hpp>
#include <catch2/catch.hpp>

// Calls and attempts of a gate, without any other part of it.

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

const auto deadline = time_point{} + 5s;

struct request_table_price {
  int of = 0;
};

} // namespace

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(request_table_price)

namespace {

/// A table in which prices may be asked for again.
struct requests {
  pending_id enter(detail::element_ptr& what, call_options call = {},
                   uint64_t flags = 0) {
    auto id = table.acquire().value();
    detail::entrance by{nullptr, detail::id_of(*what), deadline, flags, &call};
    table.note(id, *what, by);
    table.keep(id, what, by);
    return id;
  }

  /// A call whose attempt `owner` has.
  pending_id go(pending_owner owner) {
    auto what = detail::make_plain_element(1);
    auto id = enter(what);
    table.publish(id, owner, pending_state::active, 0);
    return id;
  }

  detail::request_table table{{content_type_of<request_table_price>()}, true};
};

} // namespace

TEST_CASE("a call has a deadline until it ends", "[request_table]") {
  requests all;
  auto id = all.go({0, 1});
  CHECK(all.table.deadline_of(id) == deadline);
  auto won = all.table.take(id);
  REQUIRE(won.what == pending_outcome::unanswered);
  CHECK(all.table.take_kept(id) != nullptr);
  all.table.release(id);
  CHECK_FALSE(all.table.deadline_of(id));
}

TEST_CASE("what has a key is seen as a normal message, whatever it is",
          "[request_table]") {
  requests all;
  auto plain = detail::make_plain_element(1);
  all.enter(plain, {.priority = call_priority::critical});
  CHECK(detail::is_urgent(*plain));
  auto keyed = detail::make_plain_element(1);
  all.enter(keyed, {.key = "ada", .priority = call_priority::critical});
  CHECK_FALSE(detail::is_urgent(*keyed));
  CHECK(detail::has_flag(*keyed, detail::keyed_bit));
}

TEST_CASE("what is idempotent by its type or its client is repeated, within "
          "limits",
          "[request_table]") {
  requests all;
  gate_options limits;
  limits.poison_limit = 2;
  auto other = detail::make_plain_element(1);
  CHECK_FALSE(all.table.repeats(all.enter(other), true, limits));
  CHECK_FALSE(all.table.any_repeatable());
  auto said = detail::make_plain_element(1);
  CHECK(all.table.repeats(all.enter(said, {.idempotent = true}), true, limits));
  auto known = detail::make_plain_element(request_table_price{7});
  auto id = all.enter(known);
  CHECK(all.table.repeats(id, true, limits));
  all.table.said(id).kept->deaths.count(true);
  CHECK_FALSE(all.table.repeats(id, true, limits));
  CHECK(all.table.repeats(id, false, limits));
  CHECK(all.table.any_repeatable());
}

TEST_CASE("a message is made again as a replica saw it", "[request_table]") {
  requests all;
  auto what = detail::make_plain_element(request_table_price{7});
  auto id = all.enter(what);
  auto again = all.table.again(id);
  CHECK(detail::id_of(*again) == detail::id_of(*what));
  CHECK(detail::content_of(*again).get_as<request_table_price>(0).of == 7);
}

TEST_CASE("an owner's attempts are told from others'", "[request_table]") {
  requests all;
  auto one = all.go({0, 1});
  all.go({0, 2});
  CHECK(all.table.only_one_of({0, 1}) == one);
  CHECK(all.table.count_of({0, 1}) == 1);
  auto two = all.go({0, 1});
  CHECK_FALSE(all.table.only_one_of({0, 1}));
  all.table.take(one);
  CHECK(all.table.only_one_of({0, 1}) == two);
}

TEST_CASE("the earliest that is due is known", "[request_table]") {
  requests all;
  CHECK(all.table.due_by(100));
  CHECK_FALSE(all.table.due_by(200));
  CHECK(all.table.due_by(50));
  CHECK(all.table.next_due() == 50);
  all.table.forget_due();
  CHECK(all.table.next_due() == detail::request_table::never);
}

TEST_CASE("work that nobody waits for goes on as long as one handler does",
          "[request_table]") {
  requests all;
  auto id = all.go({0, 1});
  all.table.note_overdue(id, 1, 10);
  uint32_t progress_counter = 1;
  auto still = [&](int64_t now) {
    return all.table.at_work_still(id, now, duration{10},
                                   [&] { return progress_counter; });
  };
  CHECK(still(5));
  for (int64_t now = 10; now < 100; now += 10)
    CHECK(still(now)); // The same handler.
  progress_counter = 3;
  CHECK(still(100));
  progress_counter = 5;
  CHECK(still(110));
  progress_counter = 7; // The third one that it may have waited behind.
  CHECK_FALSE(still(120));
  progress_counter = 8; // It does nothing.
  all.table.note_overdue(id, 8, 120);
  CHECK_FALSE(still(120));
}
