#include <bulwark/gate/detail/handled_request.hpp>

#include <catch2/catch.hpp>

using bulwark::handled_request;
using bulwark::pending_id;

TEST_CASE("a replica that names nothing is told from one that handles nothing",
          "[handled_request]") {
  handled_request at_hand;
  CHECK_FALSE(at_hand.told());
  CHECK_FALSE(at_hand.get());
  at_hand.set(std::nullopt);
  CHECK(at_hand.told());
  CHECK_FALSE(at_hand.get());
}

TEST_CASE("the request that was named last is known", "[handled_request]") {
  handled_request at_hand;
  auto last = pending_id::make(static_cast<uint32_t>(pending_id::index_mask),
                               pending_id::generation_mask);
  for (auto id : {pending_id{0}, pending_id{1}, last}) {
    at_hand.set(id);
    CHECK(at_hand.told());
    CHECK(at_hand.get() == id);
  }
  at_hand.set(std::nullopt);
  CHECK_FALSE(at_hand.get());
}
