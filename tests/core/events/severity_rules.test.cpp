#include <bulwark/events/detail/severity_rules.hpp>

#include <catch2/catch.hpp>

#include <tuple>

using namespace bulwark;

TEST_CASE("the severity of a failed replica follows its service",
          "[severity]") {
  auto [up, min_healthy, restarts, level] =
    GENERATE(table<size_t, size_t, uint32_t, severity>({
      {2, 1, 1, severity::low},
      {1, 1, 2, severity::low},
      {1, 2, 1, severity::medium},
      {2, 3, 2, severity::medium},
      {0, 1, 1, severity::high},
      {0, 3, 1, severity::high},
      {0, 0, 1, severity::low},
      {5, 1, 3, severity::high},
      {5, 1, 9, severity::high},
      {1, 2, 3, severity::high},
    }));
  CAPTURE(up, min_healthy, restarts);
  CHECK(severity_of(event_kind::child_failed, {up, min_healthy, restarts})
        == level);
}

TEST_CASE("a service below min_healthy is medium, without replicas high",
          "[severity]") {
  CHECK(severity_of(event_kind::service_down, {1, 2, 9}) == severity::medium);
  CHECK(severity_of(event_kind::service_down, {0, 2, 1}) == severity::high);
}

TEST_CASE("other events have one severity each", "[severity]") {
  auto [kind, level] = GENERATE(table<event_kind, severity>({
    {event_kind::child_started, severity::info},
    {event_kind::child_restarted, severity::info},
    {event_kind::child_stopped, severity::info},
    {event_kind::restart_scheduled, severity::info},
    {event_kind::child_gave_up, severity::critical},
    {event_kind::child_abandoned, severity::high},
    {event_kind::service_up, severity::info},
    {event_kind::service_unknown, severity::low},
    {event_kind::supervisor_failed, severity::critical},
    {event_kind::node_started, severity::info},
    {event_kind::node_draining, severity::info},
    {event_kind::node_stopped, severity::info},
    {event_kind::node_lost, severity::critical},
    {event_kind::node_joined, severity::info},
    {event_kind::node_left, severity::info},
    {event_kind::member_changed, severity::info},
    {event_kind::join_failed, severity::low},
    {event_kind::peer_refused, severity::low},
    {event_kind::role_gained, severity::info},
    {event_kind::role_lost, severity::low},
    {event_kind::role_unavailable, severity::low},
    {event_kind::failure_reported, severity::medium},
    {event_kind::recovery_reported, severity::info},
    {event_kind::dead_letter, severity::low},
    {event_kind::message_refused, severity::low},
    {event_kind::events_dropped, severity::medium},
    {event_kind::log_dropped, severity::medium},
    {static_cast<event_kind>(99), severity::info},
  }));
  INFO(to_string(kind));
  CHECK(severity_of(kind) == level);
}
