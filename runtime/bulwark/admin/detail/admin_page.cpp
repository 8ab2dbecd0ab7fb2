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

} // namespace bulwark::detail
