#include <bulwark/caf/caf_error.hpp>
#include <bulwark/database/database_client.hpp>
#include <bulwark/database/member_messages.hpp>
#include <bulwark/protection/detail/retry.hpp>
#include <bulwark/protection/detail/unit_random.hpp>
#include <bulwark/text/detail/option_checks.hpp>

#include <caf/node_id.hpp>

#include <algorithm>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace bulwark {

using namespace option_checks;

namespace {

complaint fault_of(const database_client_options& o) {
  if (o.names.empty() || o.names.size() != o.members.size())
    return said("client.members", shown(uint64_t{o.members.size()}),
                "as many as client.names, and at least one");
  return first_of(validate(o.retry),
                  positive("client.member_timeout", o.member_timeout));
}

} // namespace

database_client::database_client(caf::actor_system& system,
                                 database_client_options options)
  : options_(std::move(options)), self_(system) {
  if (auto bad = fault_of(options_))
    throw std::invalid_argument{*bad};
  auto now = system.clock().now().time_since_epoch().count();
  id_prefix_ = to_string(system.node()) + " " + std::to_string(now) + " write ";
}

query_result database_client::execute_query(const sql_statement& query,
                                            const log_position& not_older) {
  return attempts(database_read{query, not_older},
                  next_++ % options_.names.size());
}

query_result database_client::execute_write(write_request request) {
  if (request.id.empty())
    request.id = id_prefix_ + std::to_string(++next_id_);
  return attempts(request, primary_);
}

database_reply database_client::ask(size_t which, const write_request& what) {
  return asked(which, what);
}

database_reply database_client::ask(size_t which, const database_read& what) {
  return asked(which, what);
}

template <class Request>
database_reply database_client::asked(size_t which, const Request& what) {
  database_reply result;
  self_->request(options_.members[which], options_.member_timeout, what)
    .receive([&](database_reply& reply) { result = std::move(reply); },
             [&](const caf::error& why) {
               result.kind = database_error::node_failed;
               result.unknown = true;
               result.error =
                 options_.names[which] + " does not answer: " + describe(why);
             });
  return result;
}

template <class Request>
query_result database_client::attempts(const Request& what, size_t first) {
  constexpr bool writes = std::is_same_v<Request, write_request>;
  query_result result;
  auto which = first;
  for (;;) {
    auto reply = asked(which, what);
    learn(which, reply);
    if (reply.done) {
      result.success = true;
      result.unknown = false;
      result.result = std::move(reply.answer);
      result.where = reply.where;
      result.executed_on = options_.names[which];
      result.error.clear();
      return result;
    }
    result.error = std::move(reply.error);
    result.unknown = writes && (result.unknown || reply.unknown);
    ++result.retry_count;
    if (!worth_another_try(reply.kind)
        || result.retry_count >= options_.retry.attempts)
      return result;
    // One that leads has all; else another one may know more.
    which = primary_ != which ? primary_ : (which + 1) % options_.names.size();
    primary_ = which;
    wait(retry_backoff(options_.retry, result.retry_count,
                       unit_random(next_id_ + result.retry_count)));
  }
}

void database_client::learn(size_t which, const database_reply& reply) {
  const auto& names = options_.names;
  auto found = std::find(names.begin(), names.end(), reply.primary);
  if (found != names.end())
    primary_ = static_cast<size_t>(found - names.begin());
  else if (!reply.done && which == primary_)
    primary_ = (which + 1) % names.size();
}

void database_client::wait(duration length) {
  self_->receive(caf::after(length) >> [] {});
}

} // namespace bulwark
