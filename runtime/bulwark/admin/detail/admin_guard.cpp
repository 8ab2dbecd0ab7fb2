#include <bulwark/admin/detail/admin_guard.hpp>
#include <bulwark/http/detail/http_text.hpp>
#include <bulwark/options/host_port.hpp>
#include <bulwark/text/detail/log_text.hpp>

#include <string_view>

namespace bulwark::detail {

namespace {

/// Longer ones are not repeated to whoever sent them.
constexpr size_t told_max = 100;

/// Without port, and without the brackets of an address of IPv6.
std::string_view host_in(std::string_view authority) {
  if (authority.starts_with('[')) {
    auto end = authority.find(']');
    return end == std::string_view::npos ? "" : authority.substr(1, end - 1);
  }
  return authority.substr(0, authority.find(':'));
}

std::string said_of(std::string_view field, std::string_view value,
                    std::string_view rule) {
  std::string told{value};
  cut_text(told, told_max);
  return std::string{field} + " is " + bulwark::quoted(told) + "; it must be "
         + std::string{rule};
}

} // namespace

std::optional<std::string> refuse_foreign(const http_request& request) {
  auto host = request.field("Host").value_or("");
  if (!is_loopback(host_in(host)))
    return said_of("Host", host,
                   "an address of this machine alone, 127.0.0.1, [::1] or "
                   "localhost");
  auto origin = request.field("Origin");
  auto own = "http://" + std::string{host};
  if (origin && !same_word(*origin, own))
    return said_of("Origin", *origin, own + ", or not sent at all");
  return std::nullopt;
}

std::optional<std::string> refuse_content(const http_request& request) {
  auto type = request.field("Content-Type").value_or("");
  if (same_word(trimmed(type.substr(0, type.find(';'))), "application/json"))
    return std::nullopt;
  return said_of("Content-Type", type, "application/json");
}

} // namespace bulwark::detail
