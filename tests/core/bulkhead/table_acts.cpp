#include "core/bulkhead/table_acts.hpp"

#include <ostream>

using namespace bulwark;
using namespace std::chrono_literals;

namespace bulwark {

void showValue(const bulkhead_options& o, std::ostream& out) {
  out << to_string(o.mode) << (o.fair ? " fair" : "") << " capacity "
      << o.capacity << " reserved " << o.reserved_for_critical << " queue "
      << o.queue << " " << to_string(o.overflow) << " " << to_string(o.order);
}

} // namespace bulwark

namespace test {

namespace {

constexpr const char* verbs[] = {"ask",     "fast",  "give",   "claim",
                                 "forget",  "die",   "wait",   "resize",
                                 "isolate", "allot", "unallot"};

} // namespace

std::ostream& operator<<(std::ostream& out, const act& x) {
  return out << verbs[static_cast<size_t>(x.what)] << "(" << x.a << "," << x.b
             << "," << x.c << ")";
}

rc::Gen<verb> any_verb() {
  return rc::gen::weightedElement<verb>({{12, verb::ask},
                                         {4, verb::fast},
                                         {12, verb::give},
                                         {4, verb::claim},
                                         {2, verb::forget},
                                         {1, verb::die},
                                         {2, verb::wait},
                                         {1, verb::resize},
                                         {1, verb::isolate},
                                         {2, verb::allot},
                                         {1, verb::unallot}});
}

rc::Gen<verb> coming_and_going() {
  return rc::gen::weightedElement<verb>({{12, verb::ask},
                                         {8, verb::give},
                                         {8, verb::claim},
                                         {1, verb::forget},
                                         {1, verb::wait}});
}

rc::Gen<act> act_of(const rc::Gen<verb>& what) {
  auto number = rc::gen::inRange<uint64_t>(0, 1000);
  return rc::gen::build<act>(
    rc::gen::set(&act::what, what), rc::gen::set(&act::a, number),
    rc::gen::set(&act::b, number), rc::gen::set(&act::c, number));
}

bulkhead_options any_options() {
  bulkhead_options o;
  o.capacity = *rc::gen::inRange<uint64_t>(1, 13);
  o.reserved_for_critical = *rc::gen::inRange<uint64_t>(0, o.capacity);
  o.queue = *rc::gen::inRange<size_t>(0, 9);
  o.queue_timeout = o.queue > 0 ? duration{10s} : duration::zero();
  o.overflow =
    *rc::gen::element(overflow_policy::refuse, overflow_policy::drop_oldest,
                      overflow_policy::drop_newest);
  o.order = *rc::gen::element(queue_order::fifo, queue_order::adaptive_lifo);
  o.mode = *rc::gen::weightedElement<bulkhead_mode>(
    {{7, bulkhead_mode::enforced}, {1, bulkhead_mode::shadow}});
  o.fair = *rc::gen::arbitrary<bool>();
  if (o.fair)
    o.weights = {{"ada", 2.0}, {"grace", 0.5}};
  RC_ASSERT(!validate(o));
  return o;
}

bulkhead_options crowded() {
  bulkhead_options o;
  o.capacity = *rc::gen::inRange<uint64_t>(1, 5);
  o.queue = *rc::gen::inRange<size_t>(3, 12);
  o.queue_timeout = 10s;
  o.overflow =
    *rc::gen::element(overflow_policy::refuse, overflow_policy::drop_oldest,
                      overflow_policy::drop_newest);
  o.order = *rc::gen::element(queue_order::fifo, queue_order::adaptive_lifo);
  o.fair = true;
  RC_ASSERT(!validate(o));
  return o;
}

} // namespace test
