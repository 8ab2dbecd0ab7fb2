#pragma once

#include "runtime/admin/metrics_reading.hpp"
#include "runtime/http/server_fixture.hpp"
#include "runtime/options/given.hpp"

#include <bulwark/node/detail/node_core.hpp>
#include <bulwark/node/node.hpp>

#include <caf/event_based_actor.hpp>

#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace bulwark::test {

/// A node with `--admin`, started by hand, and ways to ask it.
///
/// Confined to one thread.
struct admin_node {
  detail::node_core core;
  bulwark::node it;

  explicit admin_node(::test::arguments more = {})
    : core(options(std::move(more)), [] {}), it(core) {}

  admin_node(const admin_node&) = delete;
  admin_node& operator=(const admin_node&) = delete;

  ~admin_node() { core.stop(); }

  /// The port that was taken; known as soon as the node starts.
  uint16_t port() const {
    for (const auto& [key, value] : core.announcements)
      if (key == "admin")
        return parse_host_port(value).value().port;
    throw std::runtime_error{"no port was announced"};
  }

  http_reply get(const std::string& target,
                 const http_fields& fields = {}) const {
    http_client client{"127.0.0.1", port()};
    return client.request("GET", target, "", patience, fields);
  }

  /// Sends what it is told, over a connection of its own.
  http_reply send(const std::string& bytes) const {
    raw_client client{port()};
    client.send(bytes);
    return client.reply();
  }

  metrics_reading metrics() const {
    return read_metrics(get("/metrics").body, false);
  }

  /// Asks until `good` says so; false after `patience`.
  static bool eventually(const std::function<bool()>& good) {
    for (auto end = soon(); now() < end;) {
      if (good())
        return true;
      std::this_thread::yield();
    }
    return false;
  }

  bool becomes_ready() const {
    return eventually([this] { return get("/health/ready").status == 200; });
  }

private:
  static given_options options(::test::arguments more) {
    more.push_back("--admin=127.0.0.1:0");
    return ::test::read(more);
  }
};

/// Answers numbers; dies of negative ones.
inline caf::behavior positive_echo(caf::event_based_actor*) {
  return {[](int x) {
    if (x < 0)
      throw std::runtime_error{"negative"};
    return x;
  }};
}

} // namespace bulwark::test
