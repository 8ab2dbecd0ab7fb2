#pragma once

#include <bulwark/bulkhead/bulkhead_options.hpp>

#include <cstdint>
#include <iosfwd>

#include <rapidcheck.h>

namespace bulwark {

/// What a property that fails prints of them.
void showValue(const bulkhead_options& o, std::ostream& out);

} // namespace bulwark

namespace test {

/// What is done to a permit table.
enum class verb {
  ask,
  fast,
  give,
  claim,
  forget,
  die,
  wait,
  resize,
  isolate,
  allot,
  unallot,
};

/// What the numbers mean depends on the verb.
struct act {
  verb what = verb::ask;
  uint64_t a = 0, b = 0, c = 0;
};

std::ostream& operator<<(std::ostream& out, const act& x);

rc::Gen<verb> any_verb();

/// Asks, and what makes room.
rc::Gen<verb> coming_and_going();

rc::Gen<act> act_of(const rc::Gen<verb>& what);

// To be called by `rc::gen::exec`.
bulwark::bulkhead_options any_options();

/// Tenants that wait with the same for their weight again and again.
bulwark::bulkhead_options crowded();

} // namespace test
