#pragma once

#include <string>
#include <string_view>

namespace bulwark {

/// Returns the key under which a rate knows the client with that numeric
/// address, without a port: as a tenant of `bulkhead_options::rate_per_tenant`
/// or a key of `keyed_rate`.
///
/// Of IPv6 that is the first 64 bits, "2001:db8:0:1::/64": a client has all
/// addresses of its network, and would have as many rates. An IPv4 address
/// within IPv6 ("::ffff:192.0.2.1") is that address. Anything else is its own
/// key, as it is.
std::string client_key(std::string_view address);

} // namespace bulwark
