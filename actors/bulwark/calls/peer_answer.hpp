#pragma once

#include <bulwark/caf/detail/foreign_content.hpp>

#include <caf/deserializer.hpp>
#include <caf/error.hpp>
#include <caf/message.hpp>
#include <caf/meta/type_name.hpp>

namespace bulwark {

/// The answer to an `envelope`, where some of its types are not CAF's own: in
/// this, so that a node that does not know one of them can say so to its
/// client. An answer of CAF's own types travels as it is.
struct peer_answer {
  caf::message content = {};

  /// Why `content` could not be read here; empty: it was. Does not travel.
  caf::error unread = {};
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, peer_answer& x) {
  return f(caf::meta::type_name("bulwark.peer_answer"), x.content);
}

inline caf::error inspect(caf::deserializer& source, peer_answer& x) {
  return detail::read_content(source, x.content, x.unread);
}

} // namespace bulwark
