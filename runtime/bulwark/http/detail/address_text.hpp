#pragma once

#include <boost/asio/ip/address.hpp>

#include <string>

namespace bulwark::detail {

/// Returns the address in digits: an IPv4 one within IPv6 as IPv4, and without
/// the zone, which says only by which interface it is reached.
inline std::string address_text(const boost::asio::ip::address& address) {
  if (address.is_v4())
    return address.to_string();
  auto long_one = address.to_v6();
  if (long_one.is_v4_mapped())
    return make_address_v4(boost::asio::ip::v4_mapped, long_one).to_string();
  long_one.scope_id(0);
  return long_one.to_string();
}

} // namespace bulwark::detail
