#include <bulwark/options/host_port.hpp>

#include <algorithm>
#include <cctype>
#include <charconv>

#include <arpa/inet.h>
#include <netinet/in.h>

namespace bulwark {

namespace {

std::optional<uint16_t> parse_port(std::string_view text) {
  uint16_t port = 0;
  const auto* end = text.data() + text.size();
  auto [last, failure] = std::from_chars(text.data(), end, port);
  if (failure != std::errc{} || last != end)
    return std::nullopt;
  return port;
}

bool printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c > ' ' && c <= '~'; });
}

} // namespace

std::optional<host_port> parse_host_port(std::string_view text) {
  auto colon = text.rfind(':');
  if (colon == std::string_view::npos)
    return std::nullopt;
  auto host = text.substr(0, colon);
  auto port = parse_port(text.substr(colon + 1));
  auto bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed)
    host = host.substr(1, host.size() - 2);
  else if (host.find(':') != std::string_view::npos)
    return std::nullopt;
  if (!port || host.empty() || !printable(host)
      || host.find_first_of("[]") != std::string_view::npos)
    return std::nullopt;
  return host_port{std::string{host}, *port};
}

bool is_any_address(const host_port& value) {
  in_addr four{};
  if (::inet_aton(value.host.c_str(), &four) != 0)
    return four.s_addr == htonl(INADDR_ANY);
  in6_addr six{};
  return ::inet_pton(AF_INET6, value.host.c_str(), &six) == 1
         && IN6_IS_ADDR_UNSPECIFIED(&six);
}

bool is_loopback(std::string_view host) {
  constexpr std::string_view name{"localhost"};
  auto named = std::equal(
    host.begin(), host.end(), name.begin(), name.end(),
    [](char given, char wanted) {
      return std::tolower(static_cast<unsigned char>(given)) == wanted;
    });
  const std::string text{host};
  in_addr four{};
  in6_addr six{};
  return named
         || (::inet_pton(AF_INET, text.c_str(), &four) == 1
             && ntohl(four.s_addr) >> IN_CLASSA_NSHIFT == IN_LOOPBACKNET)
         || (::inet_pton(AF_INET6, text.c_str(), &six) == 1
             && IN6_IS_ADDR_LOOPBACK(&six));
}

std::string to_string(const host_port& value) {
  auto host = value.host.find(':') == std::string::npos
                ? value.host
                : '[' + value.host + ']';
  return host + ':' + std::to_string(value.port);
}

} // namespace bulwark
