#include <bulwark/cluster/detail/wire/refused_frame.hpp>
#include <bulwark/cluster/detail/wire/wire.hpp>
#include <bulwark/cluster/detail/wire/wire_scribe.hpp>
#include <bulwark/protection/detail/unit_random.hpp>

#include <chrono>
#include <system_error>

namespace bulwark::detail {

namespace {

using operation = loop_handler::operation;

/// Others get their turn after this many reads.
constexpr int reads_at_once = 16;

/// A buffer of more than this is not kept.
constexpr size_t kept_max = 1024 * 1024;

using steady = std::chrono::steady_clock;

/// @pre `frame` has the bytes of a header
frame_header head_of(std::string_view frame) {
  return read_header(header_bytes{frame.data(), frame_header::size});
}

} // namespace

wire_scribe::wire_scribe(std::shared_ptr<wire> hub,
                         std::shared_ptr<connection> what,
                         loop_handler::multiplexer& loop, descriptor socket)
  // Numbers of descriptors are used again while the broker still cleans up
  // after the last one of that number.
  : scribe(
    caf::io::connection_handle::from_int(static_cast<int64_t>(what->id))),
    hub_(std::move(hub)),
    it_(std::move(what)),
    handler_(loop, socket.release(), *this,
             [this](operation each) { on_event(each); }),
    reader_(frame_check{it_->side, hub_->own_node(), hub_->limits()}) {
  it_->scribe = this;
}

wire_scribe::~wire_scribe() {
  leave();
}

// -- reading ------------------------------------------------------------------

/// What the broker wants next is always what comes next: a header, or what
/// follows it.
void wire_scribe::configure_read(caf::io::receive_policy::config) {
  begun_ = true;
  if (it_->faults().reads())
    handler_.watch(operation::read);
}

void wire_scribe::on_event(operation what) {
  // The broker may have closed it earlier in this turn.
  if (detached())
    return;
  switch (what) {
  case operation::read:
    return read();
  case operation::write:
    if (it_->needs_room())
      read();
    if (!detached())
      write();
    return;
  case operation::propagate_error:
    return fail("the connection broke");
  }
}

void wire_scribe::read() {
  auto& room = hub_->read_buffer();
  for (int i = 0; i < reads_at_once && !detached(); ++i) {
    auto got = it_->receive(room);
    // A handshake that went on.
    if (got.what != transfer::kind::failed && it_->resumes())
      write();
    if (detached())
      return;
    switch (got.what) {
    case transfer::kind::again:
      if (it_->needs_room())
        handler_.watch(operation::write);
      return;
    case transfer::kind::closed:
      return fail("it closed the connection");
    case transfer::kind::failed:
      return broken(got.error);
    case transfer::kind::done:
      break;
    }
    auto faults = it_->faults();
    loss_ = faults.loss;
    std::string_view bytes{room.data(), got.bytes};
    if (faults.drop)
      continue;
    if (faults.delay.count() > 0 || !late_.empty())
      late_.emplace_back(steady::now() + faults.delay, bytes);
    else
      feed(bytes);
  }
  read_rest();
}

/// Bytes that TLS has taken off the socket wake nobody.
void wire_scribe::read_rest() {
  if (detached() || !it_->pending())
    return;
  handler_.backend().post([self = caf::io::scribe_ptr{this}, this] {
    if (!detached())
      read();
  });
}

void wire_scribe::broken(int error) {
  if (error != 0)
    return fail(std::generic_category().message(error));
  // What is wrong in a handshake of TLS.
  auto reason = it_->reason();
  if (!reader_.check().shaken())
    hub_->tell_refused(*it_, reason);
  fail(reason);
}

void wire_scribe::feed(std::string_view bytes) {
  while (!detached() && reader_.read(bytes))
    give_frame();
  if (!detached() && reader_.refusal() != nullptr) {
    hub_->tell_refused(*it_, reader_.refusal());
    fail(reader_.refusal());
  }
}

void wire_scribe::give_frame() {
  if (is_lost())
    return;
  const auto& head = reader_.head();
  if (reader_.check().shaken() && it_->node().empty())
    if (auto refusal = hub_->met(*it_, reader_.check().peer())) {
      hub_->tell_refused(*it_, *refusal);
      return fail(*refusal);
    }
  auto* loop = &handler_.backend();
  piece_.assign(head.begin(), head.end());
  consume(loop, piece_.data(), piece_.size());
  if (reader_.payload().empty() || detached())
    return;
  piece_.swap(reader_.payload());
  consume(loop, piece_.data(), piece_.size());
  piece_.swap(reader_.payload());
}

/// Never of the frames by which nodes get to know each other: a connection that
/// cannot be made is not one that loses messages.
bool wire_scribe::is_lost() {
  return loss_ > 0 && !it_->node().empty() && !reader_.payload().empty()
         && unit_random(++frames_) < loss_;
}

// -- writing ------------------------------------------------------------------

void wire_scribe::flush() {
  if (appended_.empty())
    return;
  std::string_view left{appended_.data(), appended_.size()};
  while (!detached() && left.size() >= frame_header::size) {
    auto head = head_of(left);
    auto size = std::min(left.size(), frame_header::size + head.payload);
    pass(left.substr(0, size));
    left.remove_prefix(size);
  }
  if (appended_.capacity() > kept_max)
    appended_ = std::vector<char>{};
  appended_.clear();
  if (write_posted_ || handler_.watches(operation::write) || detached())
    return;
  // Once per turn: the broker flushes after each message.
  write_posted_ = true;
  handler_.backend().post([self = caf::io::scribe_ptr{this}, this] {
    write_posted_ = false;
    if (!detached())
      write();
  });
}

void wire_scribe::pass(std::string_view frame) {
  auto head = head_of(frame);
  auto payload = frame.substr(frame_header::size);
  auto verdict = check_sending(head, payload, it_->waiting(), hub_->limits(),
                               reader_.check().peer());
  if (verdict == send_verdict::pass)
    it_->append(frame, steady::now());
  else
    turn_away(head, payload, verdict);
}

void wire_scribe::turn_away(const frame_header& head, std::string_view payload,
                            send_verdict why) {
  if (why == send_verdict::drop)
    return;
  if (why == send_verdict::hopeless) {
    handler_.backend().post([self = caf::io::scribe_ptr{this}, this] {
      fail("it takes nothing, not even what must come through");
    });
    return;
  }
  auto reason = hub_->words(why, *it_);
  auto instead = instead_of_answer(*hub_, head, payload, reason);
  if (!instead.empty()
      && check_sending(head_of(instead),
                       std::string_view{instead}.substr(frame_header::size),
                       it_->waiting(), hub_->limits(), reader_.check().peer())
           == send_verdict::pass)
    return it_->append(instead, steady::now());
  refuse_frame(*hub_, head, payload, reason);
}

void wire_scribe::write() {
  switch (it_->send(steady::now())) {
  case connection::state::waits:
    return handler_.watch(operation::write);
  case connection::state::idle:
  case connection::state::held:
    return it_->needs_room() ? handler_.watch(operation::write)
                             : handler_.unwatch(operation::write);
  case connection::state::failed:
    return fail(it_->reason());
  }
}

// -- the end ------------------------------------------------------------------

void wire_scribe::fail(const std::string& reason) {
  it_->blame(reason);
  // Detaching may let go of what keeps this alive.
  caf::io::scribe_ptr self{this};
  if (!detached())
    io_failure(&handler_.backend(), operation::read);
}

/// The broker closes it. What still waits for a node that does not read would
/// hold up the end of the system: it is tried once and dropped.
void wire_scribe::graceful_shutdown() {
  it_->blame("this node closed the connection");
  flush();
  it_->send(steady::now());
  it_->say_goodbye();
  detach(&handler_.backend(), false);
}

void wire_scribe::remove_from_loop() {
  handler_.unwatch(operation::read);
  handler_.unwatch(operation::write);
  leave();
}

void wire_scribe::leave() {
  it_->close();
  it_->scribe = nullptr;
  hub_->ended(*it_);
}

void wire_scribe::look() {
  if (detached() || !begun_)
    return;
  if (it_->faults().reads())
    handler_.watch(operation::read);
  else
    handler_.unwatch(operation::read);
  while (!detached() && !late_.empty()
         && late_.front().first <= steady::now()) {
    auto bytes = std::move(late_.front().second);
    late_.pop_front();
    feed(bytes);
  }
  if (!detached())
    write();
  read_rest();
}

} // namespace bulwark::detail
