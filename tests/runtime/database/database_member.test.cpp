#include <bulwark/database/database_member.hpp>
#include <bulwark/database/detail/sound_shipment.hpp>

#include <catch2/catch.hpp>

#include <string>

using namespace bulwark;
using detail::is_sound;

namespace {

replica_shipment shipment_of(uint64_t epoch) {
  replica_shipment result;
  result.epoch = epoch;
  result.entries = {{epoch, 1, 0, entry_kind::change}};
  return result;
}

database_member_options lone_member() {
  database_member_options result;
  result.file = "a.db";
  result.replication.members = {"a"};
  result.replication.acknowledgements = 0;
  result.members = {{}};
  return result;
}

} // namespace

TEST_CASE("what no primary can have sent is refused", "[member]") {
  // Of three, epoch 5 is the second one's.
  CHECK(is_sound(detail::member_ask{5}, 0, 3));
  CHECK_FALSE(is_sound(detail::member_ask{5}, 1, 3));
  CHECK_FALSE(is_sound(detail::member_ask{0}, 0, 3));
  CHECK_FALSE(is_sound(detail::member_ask{uint64_t{1} << 62}, 0, 3));
  CHECK(is_sound(shipment_of(5), 0, 3));
  CHECK_FALSE(is_sound(shipment_of(5), 1, 3));
  auto bad = shipment_of(5);
  auto what = GENERATE(range(0, 7));
  CAPTURE(what);
  switch (what) {
  case 0:
    bad.entries[0].sequence = 0;
    break;
  case 1:
    bad.entries[0].sequence = ~uint64_t{0};
    break;
  case 2:
    bad.entries[0].epoch = 6;
    break;
  case 3:
    bad.entries[0].kind = static_cast<entry_kind>(9);
    break;
  case 4:
    bad.entries.clear();
    break;
  case 5:
    bad.image = "both";
    break;
  default:
    bad.entries.clear();
    bad.image = "of another epoch";
    bad.where = {4, 1, 0};
  }
  CHECK_FALSE(is_sound(bad, 0, 3));
}

TEST_CASE("a complaint about a member names field, value and rule",
          "[member]") {
  CHECK_FALSE(validate(lone_member()));
  auto [change, complaint] =
    GENERATE(table<void (*)(database_member_options&), std::string>({
      {[](database_member_options& o) { o.file.clear(); },
       "member.file is \"\"; it must be the name of a file"},
      {[](database_member_options& o) { o.members.clear(); },
       "member.members is 0; it must be as many as replication.members, which "
       "are 1"},
      {[](database_member_options& o) { o.self = 1; },
       "member.self is 1; it must be at least 0 and at most 0"},
      {[](database_member_options& o) { o.members.push_back({}); },
       "member.members is 2; it must be as many as replication.members, which "
       "are 1"},
    }));
  auto options = lone_member();
  change(options);
  CHECK(validate(options).value_or("") == complaint);
}

TEST_CASE("a member's heartbeat is shorter than the patience of others",
          "[member]") {
  auto options = lone_member();
  options.patience = 3 * options.heartbeat - duration{1};
  CHECK_THAT(validate(options).value_or(""),
             Catch::Matchers::StartsWith("member.patience is "));
  options.heartbeat = duration::zero();
  CHECK_THAT(validate(options).value_or(""),
             Catch::Matchers::StartsWith("member.heartbeat is "));
}
