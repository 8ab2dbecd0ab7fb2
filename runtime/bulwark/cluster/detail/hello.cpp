#include <bulwark/cluster/detail/hello.hpp>
#include <bulwark/cluster/detail/voter_list.hpp>
#include <bulwark/options/host_port.hpp>
#include <bulwark/text/duration_text.hpp>
#include <bulwark/text/validate_name.hpp>

namespace bulwark {

namespace {

std::string protocols_of(const hello& what) {
  auto oldest = std::to_string(what.protocol);
  return what.newest > what.protocol
           ? oldest + " to " + std::to_string(what.newest)
           : oldest;
}

std::optional<std::string> check_offers(const hello& greeting) {
  if (greeting.offers.size() > hello::offers_max)
    return "it offers " + std::to_string(greeting.offers.size())
           + " services; at most " + std::to_string(hello::offers_max)
           + " are taken";
  for (const auto& offer : greeting.offers) {
    if (auto what = validate_name("an offered service's name", offer.service))
      return what;
    if (!offer.gate)
      return "its offer of " + offer.service + " has no gate";
  }
  return std::nullopt;
}

/// Two nodes with other rules could lend one role to two.
std::optional<std::string> check_role_rules(const hello& greeting,
                                            const hello& own) {
  if (greeting.voters != own.voters)
    return "its voters are " + detail::voters_text(greeting.voters)
           + ", this node's are " + detail::voters_text(own.voters)
           + "; --voters must be the same on all nodes";
  if (!own.voters.empty() && greeting.lease != own.lease)
    return "its lease is " + to_text(greeting.lease) + ", this node's is "
           + to_text(own.lease) + "; --lease must be the same on all nodes";
  return std::nullopt;
}

std::optional<std::string> check_addresses(const hello& greeting) {
  if (!greeting.address.empty() && !parse_host_port(greeting.address))
    return "its address is not HOST:PORT";
  if (greeting.addresses.size() > hello::addresses_max)
    return "it knows " + std::to_string(greeting.addresses.size())
           + " addresses; at most " + std::to_string(hello::addresses_max)
           + " are taken";
  for (const auto& address : greeting.addresses)
    if (!parse_host_port(address))
      return "an address that it knows is not HOST:PORT";
  return std::nullopt;
}

} // namespace

std::optional<std::string> complaint(const hello& greeting, const hello& own) {
  if (greeting.newest < own.protocol || own.newest < greeting.protocol)
    return "it speaks protocol " + protocols_of(greeting)
           + ", this node speaks " + protocols_of(own);
  if (auto what = validate_name("the name of its cluster", greeting.cluster))
    return what;
  if (greeting.cluster != own.cluster)
    return "its cluster is " + greeting.cluster + ", this node's is "
           + own.cluster;
  if (auto what = validate_name("its name", greeting.node))
    return what;
  if (greeting.node == own.node)
    return "its name is " + own.node + ", as is this node's; names must differ";
  if (!greeting.link || !greeting.monitor)
    return "it named no link or no monitor";
  if (auto what = check_role_rules(greeting, own))
    return what;
  if (auto what = check_offers(greeting))
    return what;
  return check_addresses(greeting);
}

} // namespace bulwark
