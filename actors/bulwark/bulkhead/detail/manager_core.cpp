#include <bulwark/bulkhead/detail/bulkhead_core.hpp>
#include <bulwark/bulkhead/detail/manager_core.hpp>
#include <bulwark/caf/caf_error.hpp>
#include <bulwark/text/detail/log_text.hpp>
#include <bulwark/text/detail/option_checks.hpp>

#include <optional>
#include <string_view>

namespace bulwark::detail {

namespace {

/// A second, and a year.
constexpr double hours_least = 1.0 / 3600;
constexpr double hours_most = 24 * 365;

using refused = std::optional<allocation_refusal>;

caf::error as_error(refused why) {
  if (!why)
    return caf::none;
  return make_error(why->code, std::move(why->text));
}

/// Under the lock of the bulkhead.
void ask_table(permit_table& table, allocation_attempt& attempt, time_point now,
               permit_table::sources& changed) {
  const auto& [name, amount] = *attempt.next();
  if (turns_away(table.isolated(), call_priority::normal))
    return attempt.refused(errc::bulkhead_isolated, "is isolated");
  auto* account = table.account(attempt.service(), false);
  if (account == nullptr)
    return attempt.refused(errc::bulkhead_full, "has too many consumers");
  if (table.allot(*account, amount, now, changed))
    return attempt.granted();
  auto most = table.counter().limits_now().normal;
  auto free = most - std::min(most, table.counter().use());
  if (free < amount)
    return attempt.refused(free, table.options().capacity);
  attempt.refused(errc::bulkhead_full, "others wait for what is free");
}

/// The same without taking anything.
void look_at_table(const permit_table& table, allocation_attempt& attempt) {
  auto amount = attempt.next()->amount;
  if (turns_away(table.isolated(), call_priority::normal))
    return attempt.refused(errc::bulkhead_isolated, "is isolated");
  auto most = table.counter().limits_now().normal;
  auto free = most - std::min(most, table.counter().use());
  if (free < amount && table.options().mode == bulkhead_mode::enforced)
    return attempt.refused(free, table.options().capacity);
  attempt.granted();
}

} // namespace

manager_core::manager_core(const bulkhead_manager_options& options)
  : options_(options),
    monitoring_(options.monitoring_enabled),
    history_(options.samples_max) {}

caf::error manager_core::add(bulkhead what) {
  std::lock_guard guard{lock_};
  if (auto why = table_.add(what.name()))
    return as_error(std::move(why));
  auto name = what.name();
  bulkheads_.emplace(std::move(name), std::move(what));
  return caf::none;
}

caf::error manager_core::add(cpu_quota what) {
  std::lock_guard guard{lock_};
  if (auto why = table_.add(what.name()))
    return as_error(std::move(why));
  auto name = what.name();
  quotas_.emplace(std::move(name), std::move(what));
  return caf::none;
}

caf::error manager_core::assign(const std::string& service,
                                const std::string& bulkhead) {
  std::lock_guard guard{lock_};
  return as_error(table_.assign(service, bulkhead));
}

std::set<std::string>
manager_core::bulkheads_of(const std::string& service) const {
  std::lock_guard guard{lock_};
  auto known = table_.assignments().find(service);
  return known == table_.assignments().end() ? std::set<std::string>{}
                                             : known->second;
}

bulkhead manager_core::find(const std::string& name) const {
  std::lock_guard guard{lock_};
  auto known = bulkheads_.find(name);
  return known == bulkheads_.end() ? bulkhead{} : known->second;
}

cpu_quota manager_core::find_quota(const std::string& name) const {
  std::lock_guard guard{lock_};
  auto known = quotas_.find(name);
  return known == quotas_.end() ? cpu_quota{} : known->second;
}

caf::expected<caf::actor>
manager_core::handle_of(const std::string& name) const {
  if (auto quota = find_quota(name))
    return quota.handle();
  auto which = known(name);
  if (!which)
    return std::move(which.error());
  return which->handle();
}

caf::expected<bulkhead> manager_core::known(const std::string& name) const {
  if (auto result = find(name))
    return result;
  return make_error(errc::no_such_bulkhead,
                    "no bulkhead is named "
                      + quoted(std::string_view{name}.substr(0, 64)));
}

/// Whom one will refuse should leave no mark on the others: peaks, crossings.
/// Who comes in between is found by asking.
refused manager_core::look(allocation_attempt attempt) const {
  while (const auto* next = attempt.next())
    find(next->bulkhead).core()->read_table([&](const permit_table& table) {
      look_at_table(table, attempt);
      return 0;
    });
  return attempt.refusal();
}

void manager_core::ask(allocation_attempt& attempt) const {
  while (const auto* next = attempt.next())
    find(next->bulkhead)
      .core()
      ->with_table([&](permit_table& table, time_point now, auto& changed) {
        ask_table(table, attempt, now, changed);
        return 0;
      });
}

/// CPU time is used or lost: there is nothing to set aside.
refused manager_core::check(const resource_amounts& wanted) const {
  for (const auto& [name, amount] : wanted)
    if (quotas_.contains(name))
      return allocation_refusal{
        errc::invalid_option,
        option_checks::said("bulkhead", bulwark::quoted(name),
                            "one whose permits can be allocated; this is a "
                            "cpu quota")};
  return std::nullopt;
}

/// What it still uses is charged to it until it comes back.
void manager_core::give_back(const std::string& service,
                             const std::string& bulkhead) const {
  find(bulkhead).core()->with_table(
    [&](permit_table& table, time_point now, auto& changed) {
      return table.unallot(*table.account(service, false), now, changed);
    });
}

caf::expected<service_allocation>
manager_core::allocate(const std::string& service,
                       const resource_amounts& wanted, uint64_t owner) {
  std::unique_lock guard{lock_};
  if (auto why = check(wanted))
    return as_error(std::move(why));
  auto begun = table_.begin(service, wanted, owner);
  if (auto* why = std::get_if<allocation_refusal>(&begun))
    return as_error(std::move(*why));
  auto& attempt = std::get<allocation_attempt>(begun);
  guard.unlock();
  auto seen = look(attempt);
  if (seen)
    attempt.refused(seen->code, seen->text);
  else
    ask(attempt);
  for (const auto& each : attempt.undo())
    give_back(service, each.bulkhead);
  guard.lock();
  table_.finish(attempt);
  if (attempt.refusal())
    return as_error(seen ? std::move(seen) : attempt.refusal());
  return service_allocation{service, wanted};
}

caf::expected<service_allocation>
manager_core::release(const std::string& service) {
  std::unique_lock guard{lock_};
  auto begun = table_.begin_release(service);
  if (auto* why = std::get_if<allocation_refusal>(&begun))
    return as_error(std::move(*why));
  auto& leaving = std::get<allocation_table::release>(begun);
  guard.unlock();
  for (const auto& [bulkhead, amount] : leaving.amounts)
    give_back(service, bulkhead);
  guard.lock();
  table_.finish(leaving);
  return service_allocation{service, std::move(leaving.amounts)};
}

void manager_core::release_of(uint64_t owner, const std::string& reason) {
  std::unique_lock guard{lock_};
  auto leaving = table_.begin_release_of(owner);
  guard.unlock();
  for (const auto& each : leaving)
    for (const auto& [bulkhead, amount] : each.amounts) {
      give_back(each.service, bulkhead);
      event what;
      what.kind = event_kind::permits_reclaimed;
      what.reason = reason;
      what.with("consumer", each.service)
        .with("amount", std::to_string(amount));
      find(bulkhead).core()->emit(std::move(what));
    }
  guard.lock();
  for (const auto& each : leaving)
    table_.finish(each);
}

std::vector<bulkhead> manager_core::all() const {
  std::vector<bulkhead> result;
  std::lock_guard guard{lock_};
  for (const auto& [name, each] : bulkheads_)
    result.push_back(each);
  return result;
}

std::vector<cpu_quota> manager_core::quotas() const {
  std::vector<cpu_quota> result;
  std::lock_guard guard{lock_};
  for (const auto& [name, each] : quotas_)
    result.push_back(each);
  return result;
}

resource_amounts manager_core::allocation_of(const std::string& service) const {
  std::lock_guard guard{lock_};
  return table_.allocation_of(service);
}

std::vector<bulkhead_stats> manager_core::stats() const {
  std::vector<bulkhead_stats> result;
  for (const auto& each : quotas())
    result.push_back(as_bulkhead(each.stats()));
  for (const auto& each : all())
    result.push_back(each.core()->read_table([&](const permit_table& table) {
      return bulwark::stats_of(each.name(), table);
    }));
  return result;
}

caf::expected<bulkhead_stats>
manager_core::stats_of(const std::string& name) const {
  if (auto quota = find_quota(name))
    return as_bulkhead(quota.stats());
  auto which = known(name);
  if (!which)
    return std::move(which.error());
  return which->core()->read_table(
    [&](const permit_table& table) { return bulwark::stats_of(name, table); });
}

system_health manager_core::health() const {
  auto bulkheads = stats();
  std::lock_guard guard{lock_};
  return system_health_of(options_.now(), std::move(bulkheads),
                          table_.allocations(), table_.assignments());
}

void manager_core::sample(time_point now) {
  if (!monitoring_)
    return;
  auto bulkheads = stats();
  std::lock_guard guard{lock_};
  history_.add(bulkheads, now);
}

caf::expected<performance_trends> manager_core::trends(double hours,
                                                       time_point now) const {
  if (auto why = option_checks::within("performance_trends.hours", hours,
                                       hours_least, hours_most))
    return make_error(errc::invalid_option, std::move(*why));
  auto period = std::chrono::duration<double, std::ratio<3600>>{hours};
  std::lock_guard guard{lock_};
  auto result =
    history_.trends(std::chrono::duration_cast<duration>(period), now);
  if (!result.message.empty() && !monitoring_)
    result.message += "; monitoring is switched off";
  return result;
}

} // namespace bulwark::detail
