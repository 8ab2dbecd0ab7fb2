#pragma once

#include <bulwark/replication/server_plan.hpp>

#include <caf/meta/type_name.hpp>

#include <cstdint>
#include <string>

namespace bulwark::detail {

/// What a `postgres_watch` tells the owner of a server; answered by a
/// `postgres_report`.
struct postgres_order {
  /// `open` for one that only looks.
  bool look = true;
  server_order::kind what = server_order::kind::open;

  /// Of the server to follow: its name and port.
  std::string source = {};
  uint16_t port = 0;

  /// Of `promise`.
  uint64_t timeline = 0;

  /// Of the watch's hold of its role: an owner obeys none that is older than
  /// one that it has heard.
  uint64_t token = 0;
};

struct postgres_report {
  server_view view{};
  uint16_t port = 0;

  /// What went wrong with the order, or "".
  std::string fault = {};

  /// What an operator should know of it, or "".
  std::string note = {};
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, postgres_order& x) {
  return f(caf::meta::type_name("postgres_order"), x.look, x.what, x.source,
           x.port, x.timeline, x.token);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, server_view& x) {
  return f(caf::meta::type_name("server_view"), x.answered, x.empty, x.running,
           x.hung, x.standby, x.left, x.source, x.stuck, x.open, x.promised,
           x.timeline, x.place);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, postgres_report& x) {
  return f(caf::meta::type_name("postgres_report"), x.view, x.port, x.fault,
           x.note);
}

} // namespace bulwark::detail
