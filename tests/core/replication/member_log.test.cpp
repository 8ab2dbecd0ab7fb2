#include <bulwark/replication/detail/catch_up.hpp>
#include <bulwark/replication/detail/member_log.hpp>

#include <catch2/catch.hpp>

#include <initializer_list>

using namespace bulwark;
using namespace bulwark::detail;

namespace {

log_entry entry_after(const log_position& before, uint64_t epoch,
                      std::string content = "x") {
  return {epoch,  before.sequence + 1, before.checksum, entry_kind::change, "r",
          "done", std::move(content)};
}

/// One entry of each of these epochs.
log_index log_of(std::initializer_list<uint64_t> epochs, size_t kept_max = 9) {
  log_index result{kept_max};
  for (auto epoch : epochs)
    result.append(position_of(entry_after(result.last(), epoch)));
  return result;
}

offer_answer judged(const log_index& log, uint64_t promised, uint64_t epoch,
                    const log_entry& entry) {
  return member_log{promised, log}.judge(epoch, entry);
}

} // namespace

TEST_CASE("the checksum of an entry covers each of its fields and all before",
          "[replication]") {
  const log_entry entry{3, 7, 11, entry_kind::change, "ab", "c", "d"};
  auto change = GENERATE(range(0, 8));
  auto other = entry;
  switch (change) {
  case 0:
    ++other.epoch;
    break;
  case 1:
    ++other.sequence;
    break;
  case 2:
    ++other.predecessor;
    break;
  case 3:
    other.kind = entry_kind::schema;
    break;
  case 4:
    other.request = "ac";
    break;
  case 5:
    other.answer = "";
    break;
  case 6:
    other.content = "dd";
    break;
  default:
    // The same letters, in other fields.
    other.request = "a";
    other.answer = "bc";
  }
  CAPTURE(change);
  CHECK(position_of(other).checksum != position_of(entry).checksum);
}

TEST_CASE("an entry that follows is appended, and one that is there is known",
          "[replication]") {
  auto log = log_of({1, 1});
  auto next = entry_after(log.last(), 1);
  CHECK(judged(log, 1, 1, next)
        == offer_answer{offer_verdict::append, 1, position_of(next)});
  member_log member{1, log};
  member.stored(1, position_of(next));
  CHECK(member.judge(1, next)
        == offer_answer{offer_verdict::have, 1, position_of(next)});
  CHECK(member.index().last() == position_of(next));
}

TEST_CASE("a gap and another predecessor are refused, with where the member is",
          "[replication]") {
  auto log = log_of({1, 1, 1});
  auto far = log_of({1, 1, 1, 1, 1});
  CHECK(judged(log, 1, 1, entry_after(far.last(), 1))
        == offer_answer{offer_verdict::gap, 1, log.last()});
  auto other = log_of({1, 1, 2});
  CHECK(judged(log, 1, 2, entry_after(other.last(), 2))
        == offer_answer{offer_verdict::diverged, 1, log.last()});
}

TEST_CASE("a changed content is another entry", "[replication]") {
  auto log = log_of({1, 1});
  auto sent = entry_after(log.last(), 1);
  member_log member{1, log};
  member.stored(1, position_of(sent));
  auto next = entry_after(position_of(sent), 1);
  next.predecessor ^= 1;
  CHECK(member.judge(1, next).verdict == offer_verdict::diverged);
}

TEST_CASE("an older epoch is fenced, whatever it offers", "[replication]") {
  auto log = log_of({1, 1});
  auto next = entry_after(log.last(), 1);
  CHECK(judged(log, 2, 1, next)
        == offer_answer{offer_verdict::fenced, 2, log.last()});
  member_log member{2, log};
  CHECK(member.judge_snapshot(1, log.last()).verdict == offer_verdict::fenced);
  CHECK(member.judge_ask(1) == told_position{false, 2, log.last()});
}

TEST_CASE("only a later epoch has entries dropped", "[replication]") {
  auto log = log_of({1, 1, 1, 1});
  auto opening = entry_after(*log.at(2), 2, "");
  CHECK(judged(log, 1, 2, opening)
        == offer_answer{offer_verdict::replace, 1, position_of(opening)});
  CHECK(judged(log, 1, 1, entry_after(*log.at(2), 1, "other")).verdict
        == offer_verdict::contradiction);
  member_log member{1, log};
  member.stored(2, position_of(opening));
  CHECK(member.promised() == 2);
  CHECK(member.index().last() == position_of(opening));
  CHECK_FALSE(member.index().at(4));
}

TEST_CASE("a snapshot that is late takes nothing away", "[replication]") {
  auto log = log_of({1, 2, 2, 2});
  member_log member{2, log};
  CHECK(member.judge_snapshot(2, *log.at(3))
        == offer_answer{offer_verdict::have, 2, log.last()});
  auto later = log_of({1, 2, 2, 2, 2}).last();
  CHECK(member.judge_snapshot(2, later).verdict == offer_verdict::replace);
  member.installed(2, later);
  CHECK(member.index().last() == later);
  CHECK(member.index().base() == later);
}

TEST_CASE("a log keeps so many entries, and knows where they begin",
          "[replication]") {
  auto log = log_of({1, 1, 2, 2}, 2);
  CHECK(log.base().sequence == 2);
  CHECK_FALSE(log.at(1));
  CHECK_FALSE(log.at(5));
  CHECK(log.at(3)->epoch == 2);
  CHECK(log.last_of_epoch(1) == log.base());
  CHECK_FALSE(log.last_of_epoch(0));
  // Nothing is left that it could be compared with.
  CHECK(judged(log, 2, 3, entry_after(*log_of({1}).at(1), 3)).verdict
        == offer_verdict::too_old);
}

TEST_CASE("who lacks entries gets them in batches, or a snapshot",
          "[replication]") {
  using kind = catch_up_plan::kind;
  auto log = log_of({1, 1, 2, 2, 2}, 4);
  auto after = [&](const log_position& where,
                   offer_verdict why = offer_verdict::gap) {
    return plan_catch_up(log, {why, 2, where}, 2);
  };
  CHECK(after(log.last()) == catch_up_plan{});
  CHECK(after(*log.at(2)) == catch_up_plan{kind::entries, 3, 2});
  CHECK(after(*log.at(4)) == catch_up_plan{kind::entries, 5, 1});
  CHECK(after({}).what == kind::snapshot);
  CHECK(after(*log.at(2), offer_verdict::too_old).what == kind::snapshot);
  // Its third and fourth are of the epoch that ended with the second.
  CHECK(after(log_of({1, 1, 1, 1}).last(), offer_verdict::diverged)
        == catch_up_plan{kind::entries, 3, 2});
  // Even its second is another one, and there is none before.
  log_position other{1, 2, 17};
  CHECK(after(other, offer_verdict::diverged)
        == catch_up_plan{kind::entries, 2, 2});
  other.sequence = 1;
  CHECK(after(other, offer_verdict::diverged).what == kind::snapshot);
}

TEST_CASE("no two members ever try one epoch", "[replication]") {
  for (size_t members = 1; members <= 5; ++members)
    for (uint64_t promised = 0; promised < 20; ++promised)
      for (size_t i = 0; i < members; ++i) {
        auto epoch = next_epoch(promised, i, members);
        CHECK(epoch > promised);
        CHECK(epoch <= promised + members);
        CHECK(epoch % members == (i + 1) % members);
      }
}
