#include <bulwark/admin/detail/page_file.hpp>

#include <algorithm>
#include <string>

namespace bulwark::detail {

namespace {

constexpr const char* page_policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; "
  "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
  "frame-ancestors 'none'";

} // namespace

std::optional<http_response> page_answer(std::string_view path) {
  auto found =
    std::find_if(page_files.begin(), page_files.end(),
                 [path](const page_file& x) { return x.path == path; });
  if (found == page_files.end())
    return std::nullopt;
  return http_response{.status = 200,
                       .body = std::string{found->text},
                       .content_type = std::string{found->content_type},
                       .fields = {{"Content-Security-Policy", page_policy},
                                  {"X-Content-Type-Options", "nosniff"},
                                  {"Referrer-Policy", "no-referrer"},
                                  {"Cache-Control", "no-cache"}}};
}

} // namespace bulwark::detail
