#pragma once

#include <string>
#include <string_view>

namespace storefront {

enum class page {
  api,
  health,
  live,
  ready,
  crash,
  not_found,
  /// The page exists, but not for this method.
  wrong_method,
};

/// What a request asks for.
struct route {
  page to = page::not_found;

  /// The service that `api` and `crash` name; one of `service_names`.
  std::string service = {};

  /// With `wrong_method`: the methods that the page takes, with commas.
  std::string allow = {};
};

/// Finds out what a request asks for; a service that does not exist is not
/// found, and so is the page to crash one unless `chaos`.
route find_route(std::string_view method, std::string_view path,
                 std::string_view query, bool chaos);

} // namespace storefront
