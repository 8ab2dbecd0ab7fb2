#include <bulwark/database/detail/waiting_clients.hpp>
#include <bulwark/database/member_messages.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace bulwark::detail {

namespace {

database_reply unknown_write(const std::string& why) {
  database_reply result;
  result.kind = database_error::again;
  result.unknown = true;
  result.error = "the outcome is unknown: " + why;
  return result;
}

} // namespace

void waiting_clients::add(database_reply reply, caf::response_promise client,
                          time_point deadline) {
  auto sequence = reply.where.sequence;
  writes_.emplace(sequence,
                  parked_write{std::move(reply), std::move(client), deadline});
}

void waiting_clients::add(database_read request, caf::response_promise client,
                          time_point deadline) {
  reads_.push_back({std::move(request), std::move(client), deadline});
}

void waiting_clients::acknowledged(uint64_t sequence) {
  auto end = writes_.upper_bound(sequence);
  for (auto i = writes_.begin(); i != end; ++i)
    i->second.client.deliver(i->second.reply);
  writes_.erase(writes_.begin(), end);
}

void waiting_clients::fail_writes(const std::string& why) {
  for (auto& [sequence, each] : writes_)
    each.client.deliver(unknown_write(why));
  writes_.clear();
}

std::vector<waiting_clients::parked_read>
waiting_clients::take_reads(const log_position& last) {
  auto rest = std::stable_partition(
    reads_.begin(), reads_.end(), [&](const parked_read& each) {
      return further(each.request.not_older, last);
    });
  std::vector<parked_read> result{std::make_move_iterator(rest),
                                  std::make_move_iterator(reads_.end())};
  reads_.erase(rest, reads_.end());
  return result;
}

void waiting_clients::expire(time_point now, const std::string& member) {
  for (auto i = writes_.begin(); i != writes_.end();) {
    auto& each = i->second;
    if (each.deadline <= now)
      each.client.deliver(unknown_write("too few members have it yet"));
    i = each.deadline <= now ? writes_.erase(i) : std::next(i);
  }
  std::erase_if(reads_, [&](parked_read& each) {
    if (each.deadline > now)
      return false;
    database_reply late;
    late.kind = database_error::again;
    late.error =
      member + " does not have " + to_string(each.request.not_older) + " yet";
    each.client.deliver(late);
    return true;
  });
}

} // namespace bulwark::detail
