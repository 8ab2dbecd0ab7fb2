// What a replica does when its disk fails; and mistakes of other replicated
// databases, as tests of this one.
#include "runtime/database/replica_group.hpp"
#include "runtime/journal/test_disk.hpp"

#include <bulwark/replication/database_error.hpp>

#include <catch2/catch.hpp>

#include <fstream>
#include <string>

#include <sqlite3.h>

using namespace bulwark;
using detail::promotion_verdict;
using test::disk_mood;
using test::replica_group;

namespace {

/// All files that are opened meanwhile are on that disk.
class default_disk {
public:
  default_disk() : before_(sqlite3_vfs_find(nullptr)) {
    sqlite3_vfs_register(sqlite3_vfs_find(test::test_disk::name), 1);
  }

  default_disk(const default_disk&) = delete;
  default_disk& operator=(const default_disk&) = delete;
  ~default_disk() { sqlite3_vfs_register(before_, 1); }

private:
  sqlite3_vfs* before_;
};

void fill_words(replica_group& group) {
  group.promote(0);
  group.change_schema(0,
                      "create table word (id integer primary key, text text)");
  group.write(0, "insert into word values (1, 'kept')");
}

constexpr auto all_words = "select * from word order by id";

} // namespace

TEST_CASE("where the disk fails the node has failed, and what was acknowledged "
          "is there when it is well again",
          "[replica][disk]") {
  auto mood =
    GENERATE(disk_mood::full, disk_mood::half_writes, disk_mood::no_sync);
  CAPTURE(static_cast<int>(mood));
  test::test_disk disk;
  default_disk all_of_it;
  replica_group it{replica_group::options_of(3)};
  fill_words(it);
  disk.be(mood);
  auto fault = it.fault(0, {"second", {{"insert into word values (2, 'x')"}}});
  CHECK_THAT(fault, Catch::Matchers::StartsWith("node_failed: "));
  disk.be(disk_mood::fine);
  // Nobody goes on with what may be half done.
  CHECK(it.fault(0, {"third", {{"insert into word values (3, 'x')"}}})
        == "node_failed: the file of a has failed before; open it again");
  it.start(0);
  REQUIRE(it.promote(1) == promotion_verdict::lead);
  it.spread(1);
  it.write(1, "insert into word values (2, 'other')", "second again");
  for (size_t i = 0; i < 3; ++i)
    CHECK(it.read(i, all_words) == "1|kept\n2|other");
}

TEST_CASE("pages that are no pages are a node that failed", "[replica][disk]") {
  replica_group it{replica_group::options_of(1)};
  fill_words(it);
  for (int i = 2; i < 200; ++i)
    it.write(0, "insert into word values (" + std::to_string(i) + ", '"
                  + std::string(100, 'x') + "')");
  it.lose(0);
  std::fstream file{it.file_of(0),
                    std::ios::in | std::ios::out | std::ios::binary};
  file.seekp(3 * 4096);
  file << std::string(20 * 4096, '\xff');
  file.close();
  try {
    it.start(0);
    it.read(0, all_words);
    FAIL("it was read");
  } catch (const replica_error& e) {
    CHECK(to_string(e.kind()) == "node_failed");
  }
}

TEST_CASE("the same place with another entry is dropped, not refused for ever",
          "[replica][regression]") {
  // A replica with as many transactions as its primary, but another last one,
  // was told of a mismatch each time that it connected.
  replica_group it{replica_group::options_of(3)};
  fill_words(it);
  it.at(0).write({"lost", {{"insert into word values (2, 'lost')"}}});
  it.lose(0);
  REQUIRE(it.promote(1) == promotion_verdict::lead);
  it.start(0);
  REQUIRE(it.at(0).last().sequence == it.at(1).last().sequence);
  REQUIRE(it.at(0).last() != it.at(1).last());
  it.spread(1, 0);
  CHECK(it.at(0).last() == it.at(1).last());
  CHECK(it.at(0).dropped() == 1);
  CHECK(it.read(0, all_words) == "1|kept");
}

TEST_CASE("what a statement makes of chance and time is made once",
          "[replica][regression]") {
  // The text of statements was shipped: each node had numbers of its own.
  replica_group it{replica_group::options_of(3)};
  fill_words(it);
  it.write(0, "insert into word values (abs(random() % 1000) + 2, "
              "hex(randomblob(16)) || datetime('now') || julianday('now'))");
  CHECK(it.read(1, all_words) == it.read(0, all_words));
  CHECK(it.read(2, all_words) == it.read(0, all_words));
}

TEST_CASE("one that was away is not the primary because it is the only one up",
          "[replica][regression]") {
  // Six days of data were lost when it was.
  replica_group it{replica_group::options_of(3)};
  fill_words(it);
  it.lose(2);
  it.write(0, "insert into word values (2, 'since')");
  it.lose(0);
  it.lose(1);
  it.start(2);
  CHECK(it.promote(2) == promotion_verdict::too_few);
  // Nor where one that has it is asked, but further.
  it.start(1);
  CHECK(it.promote(2) == promotion_verdict::another);
  CHECK(it.promote(1) == promotion_verdict::lead);
  CHECK(it.read(2, all_words) == "1|kept\n2|since");
}

TEST_CASE("a primary that starts again leads nobody", "[replica][regression]") {
  // It went on as the primary beside the one that had replaced it.
  replica_group it{replica_group::options_of(3)};
  fill_words(it);
  it.lose(0);
  REQUIRE(it.promote(1) == promotion_verdict::lead);
  it.start(0);
  CHECK(it.at(0).leads() == 0);
  CHECK(it.fault(0, {"", {{"insert into word values (2, 'x')"}}})
        == "not_primary: a is not the primary");
}
