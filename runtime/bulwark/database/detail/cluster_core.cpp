#include <bulwark/database/detail/cluster_core.hpp>
#include <bulwark/protection/detail/retry.hpp>
#include <bulwark/text/detail/option_checks.hpp>

#include <caf/exit_reason.hpp>

#include <algorithm>
#include <exception>
#include <stdexcept>

namespace bulwark::detail {

namespace {

replication_options members_of(const database_cluster_options& options) {
  replication_options result;
  result.members = options.active;
  result.members.insert(result.members.end(), options.standby.begin(),
                        options.standby.end());
  result.acknowledgements = options.acknowledgements;
  for (const auto& bad : {validate(result), validate(options.retry)})
    if (bad)
      throw std::invalid_argument{*bad};
  return result;
}

redundancy_group group_of(const database_cluster_options& options,
                          time_point now) {
  group_options rule;
  rule.min_healthy = options.min_healthy;
  if (auto bad = validate(rule, options.active.size(), options.standby.size()))
    throw std::invalid_argument{*bad};
  return {options.active, options.standby, rule, now};
}

} // namespace

cluster_core::cluster_core(caf::actor_system& system,
                           database_cluster_options options)
  : options_(std::move(options)),
    names_(members_of(options_)),
    system_(system),
    self_(system),
    group_(group_of(options_, system.clock().now())),
    owners_(names_.members.size()),
    ended_(names_.members.size()) {
  for (size_t i = 0; i < owners_.size(); ++i)
    owners_[i] =
      own_replica(system_, options_.folder / (name(i) + ".db"), names_, i);
  elect(false);
  auto epoch = on(primary_, [](sqlite_replica& it) { return it.leads(); });
  // Each epoch is led once, so no other cluster object has the same ids.
  id_prefix_ = "epoch " + std::to_string(epoch) + " write ";
}

cluster_core::~cluster_core() {
  for (const auto& each : owners_)
    if (each)
      self_->send_exit(each, caf::exit_reason::kill);
}

size_t cluster_core::place_of(const std::string& name) const {
  auto found = std::find(names_.members.begin(), names_.members.end(), name);
  return static_cast<size_t>(found - names_.members.begin());
}

std::string cluster_core::primary() const {
  return primary_ == nobody ? "" : name(primary_);
}

void cluster_core::say(const std::string& what) const {
  if (options_.notice)
    options_.notice(what);
}

void cluster_core::say(const redundancy_group::steps& steps) const {
  for (const auto& each : steps)
    if (each.kind == redundancy_step_kind::standby_promoted)
      say(name(each.member) + " is active"
          + (each.instead_of == nobody
               ? ""
               : " instead of " + name(each.instead_of)));
    else if (each.kind == redundancy_step_kind::group_exhausted)
      say("no standby is left");
}

// -- asking a member ----------------------------------------------------------

void cluster_core::run(size_t which,
                       const std::function<void(sqlite_replica&)>& what) {
  if (!owners_[which])
    throw replica_error{database_error::node_failed, name(which) + " is down"};
  // Whoever is late may still be at it when this has been left.
  auto fault = std::make_shared<std::exception_ptr>();
  std::string lost;
  replica_task task{[=](sqlite_replica& replica) {
    try {
      what(replica);
    } catch (...) {
      *fault = std::current_exception();
      throw;
    }
  }};
  self_->request(owners_[which], options_.member_timeout, std::move(task))
    .receive([] {}, [&](const caf::error& e) { lost = system_.render(e); });
  if (!lost.empty())
    throw replica_error{database_error::node_failed,
                        name(which) + " does not answer: " + lost};
  if (*fault)
    std::rethrow_exception(*fault);
}

// -- queries ------------------------------------------------------------------

query_result
cluster_core::attempts(const std::function<void(query_result&, size_t&)>& one) {
  query_result result;
  for (;;) {
    auto which = nobody;
    try {
      one(result, which);
      result.success = true;
      result.executed_on = name(which);
      result.error.clear();
      if (group_.members()[which].status == member_status::degraded)
        say(group_.healthy(which, system_.clock().now()));
      return result;
    } catch (const replica_error& e) {
      result.error = e.what();
      ++result.retry_count;
      if (which != nobody)
        handle_node_error(which, e);
      if (!worth_another_try(e.kind())
          || result.retry_count >= options_.retry.attempts)
        return result;
    }
    auto wait = retry_backoff(options_.retry, result.retry_count, 0.5);
    self_->receive(caf::after(wait) >> [] {});
  }
}

query_result cluster_core::execute_query(const sql_statement& query,
                                         const log_position& not_older) {
  return attempts([&](query_result& into, size_t& which) {
    which = select_read_node();
    read_on(which, query, into);
    // Only the primary is sure to have it.
    if (further(not_older, into.where) && primary_ != nobody) {
      which = primary_;
      read_on(which, query, into);
    }
    if (further(not_older, into.where))
      throw replica_error{database_error::again,
                          name(which) + " is at " + to_string(into.where)
                            + ", and " + to_string(not_older)
                            + " was asked for"};
  });
}

query_result cluster_core::execute_write(write_request request) {
  if (request.id.empty())
    request.id = id_prefix_ + std::to_string(++next_id_);
  return attempts([&](query_result& into, size_t& which) {
    if (primary_ == nobody)
      elect(false);
    which = select_write_node();
    write_on(which, request, into);
  });
}

size_t cluster_core::select_write_node() const {
  auto load = group_.members()[primary_].load;
  if (load >= options_.load_max)
    throw replica_error{database_error::degraded,
                        name(primary_) + " has a load of "
                          + option_checks::shown(load)
                          + "; a write needs less than "
                          + option_checks::shown(options_.load_max)};
  return primary_;
}

size_t cluster_core::select_read_node() {
  for (size_t i = 0; i < owners_.size(); ++i) {
    auto which = next_read_++ % owners_.size();
    if (group_.members()[which].active && group_.members()[which].good())
      return which;
  }
  throw replica_error{database_error::node_failed,
                      "no healthy database nodes available"};
}

void cluster_core::read_on(size_t which, const sql_statement& query,
                           query_result& into) {
  auto answer = on(which, [=](sqlite_replica& it) { return it.read(query); });
  into.result = answer.answer;
  into.where = answer.where;
}

void cluster_core::write_on(size_t which, const write_request& request,
                            query_result& into) {
  auto answer =
    on(which, [=](sqlite_replica& it) { return it.write(request); });
  spread();
  auto acknowledged =
    on(which, [](sqlite_replica& it) { return it.acknowledged(); });
  if (acknowledged < answer.where.sequence)
    throw replica_error{database_error::again,
                        "the outcome is unknown: fewer than "
                          + std::to_string(names_.acknowledgements)
                          + " others have it"};
  into.result = answer.answer;
  into.where = answer.where;
}

} // namespace bulwark::detail
