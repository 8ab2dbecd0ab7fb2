#include <bulwark/bulkhead/detail/allocation_table.hpp>
#include <bulwark/text/detail/log_text.hpp>
#include <bulwark/text/detail/option_checks.hpp>
#include <bulwark/text/validate_name.hpp>

#include <utility>

namespace bulwark {

namespace {

using namespace option_checks;
using refused = std::optional<allocation_refusal>;

refused as_refusal(complaint why) {
  if (!why)
    return std::nullopt;
  return allocation_refusal{errc::invalid_option, std::move(*why)};
}

refused no_such(const std::string& bulkhead) {
  return allocation_refusal{
    errc::no_such_bulkhead,
    "no bulkhead is named " + quoted(std::string_view{bulkhead}.substr(0, 64)),
    bulkhead};
}

refused too_many(size_t known, const std::string& service) {
  return as_refusal(
    said("number of services", shown(uint64_t{known}),
         "below " + shown(uint64_t{known}) + " for another one, " + service));
}

} // namespace

refused allocation_table::add(const std::string& bulkhead) {
  if (auto why = validate_name("bulkhead name", bulkhead))
    return as_refusal(std::move(why));
  if (knows(bulkhead))
    return as_refusal(said("bulkhead name", quoted(bulkhead),
                           "new; there is a bulkhead of that name"));
  if (bulkheads_.size() >= bulkheads_max)
    return as_refusal(said("number of bulkheads",
                           shown(uint64_t{bulkheads_.size()}),
                           "below 256 for another one, " + bulkhead));
  bulkheads_.insert(bulkhead);
  return std::nullopt;
}

refused allocation_table::assign(const std::string& service,
                                 const std::string& bulkhead) {
  if (auto why = validate_name("service name", service))
    return as_refusal(std::move(why));
  if (!knows(bulkhead))
    return no_such(bulkhead);
  auto known = assignments_.find(service);
  if (known == assignments_.end()) {
    if (assignments_.size() >= services_max)
      return too_many(assignments_.size(), service);
    known = assignments_.emplace(service, std::set<std::string>{}).first;
  }
  if (!known->second.insert(bulkhead).second)
    return as_refusal(said("bulkhead of " + service, quoted(bulkhead),
                           "another one; it is assigned to that already"));
  return std::nullopt;
}

refused allocation_table::check_new(const std::string& service,
                                    const std::string& bulkhead) const {
  auto known = services_.find(service);
  if (known == services_.end())
    return std::nullopt;
  auto has = known->second.find(bulkhead);
  if (has == known->second.end())
    return std::nullopt;
  auto why = said("allocation of " + service + " in " + bulkhead,
                  shown(has->second.amount), "released first");
  return allocation_refusal{errc::invalid_option, std::move(why), bulkhead};
}

refused allocation_table::check(const std::string& service,
                                const resource_amounts& wanted) const {
  if (auto why = validate_name("service name", service))
    return as_refusal(std::move(why));
  if (wanted.empty())
    return as_refusal(
      said("allocation of " + service, "empty", "of at least one bulkhead"));
  for (const auto& [bulkhead, amount] : wanted) {
    if (!knows(bulkhead))
      return no_such(bulkhead);
    if (amount == 0) {
      auto why =
        said("allocation of " + service + " in " + bulkhead, "0", "at least 1");
      return allocation_refusal{errc::invalid_option, std::move(why), bulkhead};
    }
    if (auto why = check_new(service, bulkhead))
      return why;
  }
  if (services_.count(service) == 0 && services_.size() >= services_max)
    return too_many(services_.size(), service);
  return std::nullopt;
}

allocation_table::begun allocation_table::begin(const std::string& service,
                                                const resource_amounts& wanted,
                                                uint64_t owner) {
  if (auto why = check(service, wanted))
    return *std::move(why);
  for (const auto& [bulkhead, amount] : wanted)
    services_[service][bulkhead] = {amount, owner, phase::asked};
  return allocation_attempt{service, wanted};
}

void allocation_table::finish(const allocation_attempt& done) {
  for (const auto& [bulkhead, amount] : done.shares()) {
    if (done.refusal())
      erase(done.service(), bulkhead);
    else
      services_[done.service()][bulkhead].now = phase::held;
  }
}

void allocation_table::erase(const std::string& service,
                             const std::string& bulkhead) {
  auto known = services_.find(service);
  if (known == services_.end())
    return;
  known->second.erase(bulkhead);
  if (known->second.empty())
    services_.erase(known);
}

allocation_table::leaving
allocation_table::begin_release(const std::string& service) {
  release result{service, {}};
  if (auto known = services_.find(service); known != services_.end())
    for (auto& [bulkhead, what] : known->second)
      if (what.now == phase::held) {
        what.now = phase::leaving;
        result.amounts.emplace(bulkhead, what.amount);
      }
  if (!result.amounts.empty())
    return result;
  return refusal{errc::not_held,
                 "nothing is allocated to a service named "
                   + quoted(std::string_view{service}.substr(0, 64))};
}

std::vector<allocation_table::release>
allocation_table::begin_release_of(uint64_t owner) {
  std::vector<release> result;
  for (auto& [service, parts] : services_) {
    release mine{service, {}};
    for (auto& [bulkhead, what] : parts)
      if (what.owner == owner && what.now == phase::held) {
        what.now = phase::leaving;
        mine.amounts.emplace(bulkhead, what.amount);
      }
    if (!mine.amounts.empty())
      result.push_back(std::move(mine));
  }
  return result;
}

void allocation_table::finish(const release& done) {
  for (const auto& [bulkhead, amount] : done.amounts)
    erase(done.service, bulkhead);
}

std::map<std::string, resource_amounts> allocation_table::allocations() const {
  std::map<std::string, resource_amounts> result;
  for (const auto& [service, parts] : services_)
    if (auto held = allocation_of(service); !held.empty())
      result.emplace(service, std::move(held));
  return result;
}

resource_amounts
allocation_table::allocation_of(const std::string& service) const {
  resource_amounts result;
  auto known = services_.find(service);
  if (known != services_.end())
    for (const auto& [bulkhead, what] : known->second)
      if (what.now == phase::held)
        result.emplace(bulkhead, what.amount);
  return result;
}

} // namespace bulwark
