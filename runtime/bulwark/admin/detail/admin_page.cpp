#include <bulwark/admin/detail/admin_page.hpp>

#include <algorithm>

namespace bulwark::detail {

std::optional<admin_page> find_admin_page(std::string_view path) noexcept {
  auto found =
    std::find_if(admin_paths.begin(), admin_paths.end(),
                 [&](const admin_path& each) { return each.path == path; });
  if (found == admin_paths.end())
    return std::nullopt;
  return found->page;
}

bool takes_actor(admin_page page) noexcept {
  switch (page) {
  case admin_page::live:
  case admin_page::report:
  case admin_page::events:
  case admin_page::tree:
  case admin_page::view:
  case admin_page::children:
  case admin_page::cluster:
  case admin_page::metrics:
    return true;
  default:
    return false;
  }
}

} // namespace bulwark::detail
