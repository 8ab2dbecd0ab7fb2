#pragma once

#include <bulwark/database/member_messages.hpp>
#include <bulwark/replication/member_answers.hpp>

#include <caf/meta/type_name.hpp>

#include <cstdint>

namespace bulwark::detail {

// What members of a replicated database tell each other, beside shipments,
// which are answered by an `offer_answer`.

/// One that wants to lead in that epoch; answered by a `told_position`.
struct member_ask {
  uint64_t epoch = 0;
};

/// Whoever gets it is the furthest and is to try to lead.
struct member_stand {
  /// An operator forces it.
  bool forced = false;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, member_ask& x) {
  return f(caf::meta::type_name("member_ask"), x.epoch);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, member_stand& x) {
  return f(caf::meta::type_name("member_stand"), x.forced);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, told_position& x) {
  return f(caf::meta::type_name("told_position"), x.yes, x.promised, x.last);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, offer_answer& x) {
  return f(caf::meta::type_name("offer_answer"), x.verdict, x.promised,
           x.position);
}

} // namespace bulwark::detail
