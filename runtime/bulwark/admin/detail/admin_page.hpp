#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace bulwark::detail {

/// What a node tells over HTTP.
enum class admin_page : uint8_t {
  live,
  ready,
  startup,
  health,
  report,
  events,
  tree,
  view,
  children,
  cluster,
  bulkheads,
  members,
  settings,
  history,
  metrics,
};

/// A page and the path of its address.
struct admin_path {
  std::string_view path;
  admin_page page;
};

inline constexpr std::array<admin_path, 15> admin_paths{{
  {"/health/live", admin_page::live},
  {"/health/ready", admin_page::ready},
  {"/health/startup", admin_page::startup},
  {"/api/health", admin_page::health},
  {"/api/report", admin_page::report},
  {"/api/events", admin_page::events},
  {"/api/tree", admin_page::tree},
  {"/api/view", admin_page::view},
  {"/api/children", admin_page::children},
  {"/api/cluster", admin_page::cluster},
  {"/api/bulkheads", admin_page::bulkheads},
  {"/api/members", admin_page::members},
  {"/api/settings", admin_page::settings},
  {"/api/history", admin_page::history},
  {"/metrics", admin_page::metrics},
}};

/// Where events are told as they come, see `event_streams`.
inline constexpr std::string_view events_path = "/events";

/// Whether an actor has to be asked.
bool takes_actor(admin_page page) noexcept;

/// Returns nothing when there is none at `path`.
std::optional<admin_page> find_admin_page(std::string_view path) noexcept;

} // namespace bulwark::detail
