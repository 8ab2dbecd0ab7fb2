// Three members, of which one other has to have what is acknowledged: every
// sequence of up to five acts, of which each is an append, a loss, a cut, a
// promotion or a return of one of them, against a model that copies whole logs.
#include "core/replication/plain_group.hpp"
#include "core/replication/simulated_group.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <string>
#include <vector>

using namespace bulwark;
using test::letter;
using test::plain_group;
using test::simulated_group;

namespace {

enum class act : uint8_t { append, loss, cut, promotion, come_back };

constexpr std::array acts{act::append, act::loss, act::cut, act::promotion,
                          act::come_back};

replication_options three_members() {
  return {.members = {"a", "b", "c"},
          .acknowledgements = 1,
          .log_max = 100,
          .unacknowledged_max = 99,
          .batch_max = 2};
}

/// Both, in step.
struct both_groups {
  both_groups() : real(three_members(), three_members().told_min()) {}

  void promote(size_t which) {
    plain.promote(which);
    real.begin_attempt(which);
    for (size_t i = 0; i < real.size(); ++i)
      if (i != which)
        real.ask(which, i);
    drain();
    real.decide(which);
    spread(which);
  }

  void append(size_t which, int content) {
    plain.append(which, content);
    if (real.write(which, std::to_string(content)))
      spread(which);
  }

  void perform(act what, size_t which, int content) {
    switch (what) {
    case act::append:
      return append(which, content);
    case act::loss:
      plain.lose(which);
      return real.lose(which);
    case act::cut:
      return plain.cut(which);
    case act::promotion:
      return promote(which);
    case act::come_back:
      plain.come_back(which);
      return real.come_back(which);
    }
  }

  /// To one after the other, each until it has all.
  void spread(size_t which) {
    for (size_t i = 0; i < real.size(); ++i) {
      if (i != which)
        real.offer_last(which, i);
      drain();
    }
  }

  void drain() {
    while (!real.on_way.empty()) {
      auto next = std::move(real.on_way.front());
      real.on_way.erase(real.on_way.begin());
      if (plain.reach(next.from, next.to))
        real.deliver(next);
    }
  }

  /// Returns in what they differ, or what is broken, or "".
  std::string compare() const {
    if (!real.broken().empty())
      return real.broken();
    for (size_t i = 0; i < real.size(); ++i) {
      const auto& it = real.at(i);
      const auto& model = plain.members[i];
      auto who = std::string{static_cast<char>('a' + i)};
      if (it.promised != model.promised)
        return who + " has promised something else";
      if (it.leads != model.leads)
        return who + " leads, or does not";
      if (it.history.size() != model.log.size())
        return who + "'s log is of another length";
      for (size_t n = 0; n < model.log.size(); ++n)
        if (it.history[n].epoch != model.log[n].first
            || it.history[n].content != content(model.log[n].second))
          return who + "'s log is another one";
    }
    if (real.acknowledged() != plain.acknowledged.size())
      return "something else is acknowledged";
    return "";
  }

  static std::string content(int number) {
    return number == 0 ? "" : std::to_string(number);
  }

  simulated_group real;
  plain_group plain;
};

struct order_search {
  size_t played = 0;
  size_t acknowledged = 0;
  std::vector<std::string> acts_done;

  void from(const both_groups& begin, int left) {
    for (auto what : acts)
      for (size_t which = 0; which < plain_group::size; ++which) {
        if (acts_done.empty() && which % TEST_SHARE != 0)
          continue;
        step(begin, what, which, left);
      }
  }

  void step(const both_groups& begin, act what, size_t which, int left) {
    auto next = begin;
    next.perform(what, which, left);
    acts_done.push_back(std::to_string(static_cast<int>(what)) + " of "
                        + std::to_string(which));
    ++played;
    acknowledged += next.plain.acknowledged != begin.plain.acknowledged;
    if (auto fault = next.compare(); !fault.empty()) {
      CAPTURE(acts_done, fault);
      FAIL("the decisions differ from the model");
    }
    // What changes nothing is another, shorter sequence.
    if (left > 1 && next.plain != begin.plain)
      from(next, left - 1);
    acts_done.pop_back();
  }
};

} // namespace

TEST_CASE("all orders of five acts end as in a model that copies whole logs",
          "[replication]") {
  auto primary = GENERATE(true, false);
  both_groups begin;
  if (primary) {
    begin.promote(0);
    begin.append(0, 100);
  }
  REQUIRE(begin.compare() == "");
  order_search all;
  all.from(begin, 5);
  CAPTURE(all.played, all.acknowledged);
  CHECK(all.played * TEST_SHARE > 100'000);
  CHECK(all.acknowledged > 1000);
}
