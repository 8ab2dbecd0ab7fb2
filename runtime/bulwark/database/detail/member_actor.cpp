#include <bulwark/caf/caf_error.hpp>
#include <bulwark/database/detail/member_actor.hpp>

#include <functional>
#include <stdexcept>
#include <utility>

namespace bulwark::detail {

namespace {

const database_member_options& checked(const database_member_options& options) {
  if (auto bad = validate(options))
    throw std::invalid_argument{*bad};
  return options;
}

database_reply refusal(const replica_error& why) {
  // What is lost here was lost by the file: nobody may go on with it.
  if (why.kind() == database_error::node_failed)
    throw why;
  database_reply result;
  result.kind = why.kind();
  result.error = why.what();
  return result;
}

} // namespace

member_actor::member_actor(caf::event_based_actor* self,
                           const database_member_options& options)
  : self_(self),
    options_(checked(options)),
    replica_(options.file, options.replication, options.self),
    candidacy_(options.patience, self->clock().now(),
               unit_random(options.self)),
    clients_(2 * options.replication.unacknowledged_max),
    dice_(std::hash<std::string>{}(options.file.string())
          + static_cast<uint64_t>(now().time_since_epoch().count())),
    busy_(options.members.size()),
    ticked_(now()) {}

void member_actor::say(const std::string& what) const {
  if (options_.notice)
    options_.notice(what);
}

void member_actor::say_once(const std::string& what) {
  if (what != said_)
    say(what);
  said_ = what;
}

std::string member_actor::primary() const {
  if (replica_.leads() > 0)
    return name(options_.self);
  return followed_ == 0 ? "" : name(member_of_epoch(followed_, size()));
}

database_status member_actor::status() const {
  return {name(options_.self), primary(),       replica_.leads(),
          replica_.promised(), replica_.last(), replica_.acknowledged(),
          replica_.dropped()};
}

void member_actor::tick() {
  auto then = std::exchange(ticked_, now());
  // Who was frozen has heard of nobody, and that says nothing of the others.
  if (now() - then > 3 * options_.heartbeat)
    candidacy_.heard(now(), chance());
  if (replica_.leads() > 0)
    for (size_t i = 0; i < size(); ++i)
      ship(i);
  else if (candidacy_.due(now()))
    look();
  else
    probe_primary();
  clients_.expire(now(), name(options_.self));
}

// -- for clients --------------------------------------------------------------

void member_actor::write(const write_request& request,
                         caf::response_promise client) {
  database_reply reply;
  try {
    if (!clients_.room_for_writes())
      throw replica_error{database_error::degraded,
                          "too many writes wait for other members; try later"};
    auto written = replica_.write(request);
    reply.done = true;
    reply.answer = written.answer;
    reply.where = written.where;
    reply.primary = primary();
    clients_.add(std::move(reply), std::move(client),
                 now() + options_.write_max);
  } catch (const replica_error& e) {
    reply = refusal(e);
    reply.primary = primary();
    client.deliver(reply);
    return;
  }
  for (size_t i = 0; i < size(); ++i)
    ship(i);
  settle();
}

void member_actor::read(const database_read& request,
                        caf::response_promise client) {
  database_reply reply;
  try {
    if (further(request.not_older, replica_.last())) {
      if (!clients_.room_for_reads())
        throw replica_error{database_error::degraded,
                            "too many reads wait for a later state"};
      clients_.add(request, std::move(client), now() + options_.write_max);
      return;
    }
    auto found = replica_.read(request.query);
    reply.done = true;
    reply.answer = found.answer;
    reply.where = found.where;
  } catch (const replica_error& e) {
    reply = refusal(e);
  }
  reply.primary = primary();
  client.deliver(reply);
}

void member_actor::settle() {
  if (auto leads = replica_.leads(); leads != led_) {
    if (led_ != 0) {
      say(name(options_.self) + " leads no more: epoch " + std::to_string(led_)
          + " is over");
      clients_.fail_writes(name(options_.self) + " leads no more");
      candidacy_.heard(now(), chance());
    }
    led_ = leads;
  }
  clients_.acknowledged(replica_.acknowledged());
  for (auto& each : clients_.take_reads(replica_.last()))
    read(each.request, std::move(each.client));
}

// -- as a follower ------------------------------------------------------------

told_position member_actor::on_ask(uint64_t epoch) {
  auto told = replica_.ask(epoch);
  if (told.yes)
    candidacy_.heard(now(), chance());
  settle();
  return told;
}

offer_answer member_actor::on_shipment(const replica_shipment& what) {
  auto answer = replica_.take(what);
  if (answer.verdict != offer_verdict::fenced) {
    candidacy_.heard(now(), chance());
    heard_ = now();
    if (std::exchange(followed_, what.epoch) != what.epoch)
      say_once(name(options_.self) + " follows " + primary() + " in epoch "
               + std::to_string(what.epoch));
    note_dropped();
  }
  settle();
  return answer;
}

void member_actor::note_dropped() {
  auto before = std::exchange(dropped_, replica_.dropped());
  if (dropped_ != before)
    say(name(options_.self) + " dropped " + std::to_string(dropped_ - before)
        + " entries that were never acknowledged");
}

void member_actor::probe_primary() {
  // A process that has died is seen by its connection long before patience is
  // at its end.
  if (probes_ || followed_ == 0 || now() - heard_ < 2 * options_.heartbeat)
    return;
  auto whom = member_of_epoch(followed_, size());
  if (whom == options_.self)
    return;
  probes_ = true;
  self_
    ->request(options_.members[whom], options_.patience,
              database_status_request{})
    .then([this](const database_status&) { probes_ = false; },
          [this, of = followed_](const caf::error&) {
            probes_ = false;
            if (of == followed_ && now() - heard_ >= 2 * options_.heartbeat)
              candidacy_.lost(now(), chance());
          });
}

// -- as a primary -------------------------------------------------------------

void member_actor::ship(size_t other) {
  if (other != options_.self && !busy_[other] && replica_.leads() > 0)
    send(other, replica_.newest());
}

void member_actor::send(size_t other, replica_shipment what) {
  auto epoch = what.epoch;
  auto upto =
    what.entries.empty() ? what.where.sequence : what.entries.back().sequence;
  busy_[other] = true;
  self_->request(options_.members[other], options_.write_max, std::move(what))
    .then(
      [=, this](const offer_answer& answer) {
        busy_[other] = false;
        took(other, epoch, upto, answer);
      },
      [=, this](const caf::error&) { busy_[other] = false; });
}

void member_actor::took(size_t other, uint64_t epoch, uint64_t upto,
                        const offer_answer& answer) {
  auto next = replica_.on_answer(other, epoch, answer);
  settle();
  if (next)
    send(other, std::move(*next));
  else if (replica_.leads() > 0 && replica_.last().sequence > upto)
    ship(other);
}

} // namespace bulwark::detail
