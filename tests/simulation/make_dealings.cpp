#include "simulation/make_dealings.hpp"

#include <iterator>
#include <utility>

namespace test::sim {

namespace {

using namespace std::chrono_literals;

class dealing_maker {
public:
  dealing_maker(plan& to, dice& chance) : to_(to), chance_(chance) {}

  void make() {
    auto bulkheads = !to_.bulkheads.empty();
    auto rated = chance_.roll(1, 3) && bulkheads;
    auto composed = chance_.roll(1, 2) && to_.services.size() > 1;
    survives_ = chance_.roll(1, 3);
    impatient_ = chance_.roll(1, 3);
    auto promises = chance_.roll(1, 3);
    auto loans = chance_.roll(1, 3) && bulkheads;
    if (rated)
      make_rates();
    for (auto& each : to_.acts)
      for (auto& message : each.works)
        change(message, composed ? each.service : none);
    if (promises)
      several(&dealing_maker::crash_on_promises);
    if (rated)
      several(&dealing_maker::crowd);
    if (loans)
      several(&dealing_maker::lend);
    if (chance_.roll(1, 3))
      take_leave();
    if (chance_.roll(1, 2))
      make_last();
  }

private:
  void insert(size_t at, std::vector<act> what) {
    to_.acts.insert(to_.acts.begin() + static_cast<ptrdiff_t>(at),
                    std::make_move_iterator(what.begin()),
                    std::make_move_iterator(what.end()));
  }

  /// At any place in the plan, up to five times.
  void several(std::vector<act> (dealing_maker::*scene)()) {
    auto count = 1 + chance_.below(5);
    for (size_t i = 0; i < count; ++i)
      insert(chance_.below(to_.acts.size()), (this->*scene)());
  }

  // -- rates ------------------------------------------------------------------

  void make_rates() {
    constexpr milliseconds periods[] = {5ms, 20ms, 100ms, 400ms};
    constexpr milliseconds waits[] = {0ms, 30ms, 300ms, 1000ms};
    for (auto& each : to_.bulkheads) {
      bulwark::rate_options rate;
      rate.rate = 1 + chance_.below(3);
      rate.period = periods[chance_.below(4)];
      rate.burst = 1 + chance_.below(4);
      rate.algorithm = chance_.any<bulwark::rate_algorithm>(2);
      each.rate = rate;
      each.rate_per_tenant = chance_.roll(1, 2);
      each.rate_wait = waits[chance_.below(4)];
    }
  }

  /// More than the rate allows at once, and again when the first of them may
  /// go.
  std::vector<act> crowd() {
    auto which = chance_.below(to_.services.size());
    auto client = chance_.below(to_.clients);
    auto bulkhead = to_.services[which].bulkhead;
    auto later = bulkhead == none ? 20ms : to_.bulkheads[bulkhead].rate->period;
    return {{.what = verb::flood,
             .client = client,
             .service = which,
             .works = any_works(3 + chance_.below(8))},
            {.what = verb::pass,
             .time = std::chrono::duration_cast<milliseconds>(later)},
            {.what = verb::flood,
             .client = client,
             .service = which,
             .works = any_works(1 + chance_.below(4))}};
  }

  // -- clients and services ---------------------------------------------------

  /// `by`: the service at which it is, if that may ask others.
  void change(work& what, size_t by) {
    auto harmless =
      what.kind == work_kind::echo || what.kind == work_kind::later;
    if (what.kind == work_kind::poison && chance_.roll(1, 3))
      what.kind = work_kind::fall;
    if (by != none && harmless && what.request && chance_.roll(1, 5))
      compose(what, by);
    auto throws = what.kind == work_kind::poison || what.kind == work_kind::fall
                  || what.kind == work_kind::trip;
    if (survives_ && throws && chance_.roll(1, 2))
      what.survives = true;
    if (impatient_ && what.request && chance_.roll(1, 3))
      what.patience = milliseconds{1 + chance_.below(250)};
  }

  void compose(work& what, size_t by) {
    constexpr work_kind hows[] = {work_kind::hand_on, work_kind::hand_on,
                                  work_kind::ask, work_kind::ask,
                                  work_kind::trip};
    constexpr work_kind thens[] = {
      work_kind::echo,  work_kind::echo,   work_kind::echo, work_kind::later,
      work_kind::later, work_kind::poison, work_kind::fall, work_kind::error,
      work_kind::never, work_kind::quit,   work_kind::hang,
    };
    what.kind = hows[chance_.below(5)];
    what.other = chance_.below(to_.services.size() - 1);
    what.other += what.other >= by ? 1 : 0;
    what.then = thens[chance_.below(11)];
    what.then_takes = milliseconds{1 + chance_.below(300)};
    what.then_idempotent = chance_.roll(1, 3);
  }

  std::vector<work> any_works(size_t count) {
    std::vector<work> result;
    for (size_t i = 0; i < count; ++i) {
      work one{chance_.roll(2, 3) ? work_kind::echo : work_kind::later,
               chance_.roll(5, 6)};
      one.takes = milliseconds{1 + chance_.below(60)};
      if (chance_.roll(1, 4))
        one.priority =
          chance_.any<bulwark::call_priority>(bulwark::call_priorities);
      if (chance_.roll(1, 2))
        one.tenant = static_cast<uint8_t>(1 + chance_.below(tenants));
      one.idempotent = chance_.roll(1, 4);
      result.push_back(one);
    }
    return result;
  }

  /// Some are to be answered later; then one of another client has the replica
  /// end, or somebody else.
  std::vector<act> crash_on_promises() {
    auto which = chance_.below(to_.services.size());
    act open{.what = verb::flood,
             .client = chance_.below(to_.clients),
             .service = which};
    auto count = 2 + chance_.below(5);
    for (size_t i = 0; i < count; ++i) {
      work one{work_kind::later, chance_.roll(5, 6),
               milliseconds{20 + chance_.below(200)}};
      one.idempotent = chance_.roll(1, 2);
      open.works.push_back(one);
    }
    std::vector<act> result{std::move(open),
                            {.what = verb::pass, .time = 10ms}};
    result.push_back(chance_.roll(1, 3) ? crash_of(which) : poison_of(which));
    return result;
  }

  act crash_of(size_t service) {
    constexpr ending endings[] = {ending::exception, ending::error,
                                  ending::killed, ending::normal,
                                  ending::shutdown};
    std::vector<size_t> replicas;
    for (size_t i = 0; i < to_.nodes.size(); ++i)
      if (!to_.nodes[i].supervisor && to_.nodes[i].service == service)
        replicas.push_back(i);
    return {.what = verb::crash,
            .node = chance_.pick(replicas),
            .how = endings[chance_.below(5)]};
  }

  act poison_of(size_t service) {
    constexpr work_kind kinds[] = {work_kind::poison, work_kind::fall,
                                   work_kind::quit};
    work one{kinds[chance_.below(3)], chance_.roll(5, 6)};
    one.idempotent = chance_.roll(1, 3);
    one.survives =
      survives_ && one.kind != work_kind::quit && chance_.roll(1, 2);
    return {.what = verb::flood,
            .client = chance_.below(to_.clients),
            .service = service,
            .works = std::vector<work>(1 + chance_.below(2), one)};
  }

  // -- bulkheads --------------------------------------------------------------

  std::vector<act> lend() {
    std::vector<act> result;
    auto which = chance_.below(to_.bulkheads.size());
    auto count = 1 + chance_.below(4);
    for (size_t i = 0; i < count; ++i) {
      act one{.what = verb::borrow,
              .client = chance_.below(to_.clients),
              .bulkhead = which};
      one.wanted.amount = 1 + chance_.below(2);
      if (chance_.roll(1, 4))
        one.wanted.priority =
          chance_.any<bulwark::call_priority>(bulwark::call_priorities);
      if (chance_.roll(1, 3))
        one.wanted.wait = milliseconds{1 + chance_.below(400)};
      if (chance_.roll(2, 3))
        one.wanted.patience = milliseconds{1 + chance_.below(100)};
      one.wanted.keeps = milliseconds{1 + chance_.below(300)};
      result.push_back(one);
    }
    return result;
  }

  // -- ends -------------------------------------------------------------------

  /// Late, so that there is something left to be seen before.
  void take_leave() {
    auto which = chance_.below(to_.services.size());
    auto late = to_.acts.size() * 2 / 3;
    insert(late + chance_.below(to_.acts.size() - late),
           {{.what = verb::flood,
             .client = chance_.below(to_.clients),
             .service = which,
             .works = any_works(1 + chance_.below(6)),
             .jobs = chance_.below(60)},
            {.what = chance_.roll(2, 3) ? verb::drain_gate : verb::stop_gate,
             .service = which}});
  }

  void make_last() {
    for (size_t i = 0; i < to_.services.size(); ++i)
      to_.last.push_back({.what = verb::flood,
                          .client = chance_.below(to_.clients),
                          .service = i,
                          .works = any_works(1 + chance_.below(6))});
  }

  plan& to_;
  dice& chance_;
  bool survives_ = false;
  bool impatient_ = false;
};

} // namespace

void make_dealings(plan& to, dice chance) {
  dealing_maker{to, chance}.make();
}

} // namespace test::sim
