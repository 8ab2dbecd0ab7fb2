#pragma once

#include <bulwark/cluster/detail/lease_messages.hpp>

#include <caf/meta/type_name.hpp>

#include <cstdint>
#include <string>

namespace bulwark {

// What nodes say to each other about roles. Plain sends, because whoever asks
// asks again. Who it is from is not said in it: only the roles of a peer that
// said hello are heard, and it speaks for that node alone.

/// To a voter.
struct role_call {
  std::string role;
  detail::lease_call::kind what = detail::lease_call::kind::look;
  uint64_t token = 0;
  uint64_t round = 0;
};

/// A voter's answer.
struct role_reply {
  std::string role;
  detail::lease_reply reply;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, role_call& x) {
  return f(caf::meta::type_name("bulwark.role_call"), x.role, x.what, x.token,
           x.round);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, role_reply& x) {
  auto& it = x.reply;
  return f(caf::meta::type_name("bulwark.role_reply"), x.role, it.yes, it.to,
           it.round, it.token, it.holder, it.held, it.left);
}

} // namespace bulwark
