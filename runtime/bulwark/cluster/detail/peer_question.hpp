#pragma once

#include <caf/meta/type_name.hpp>

#include <string>

namespace bulwark {

/// What a node asks a peer that does not hear a third one: does the peer reach
/// it? A request, answered with a `bool`; only from the link that said hello.
struct peer_question {
  /// The third one's name.
  std::string about;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, peer_question& x) {
  return f(caf::meta::type_name("bulwark.peer_question"), x.about);
}

} // namespace bulwark
