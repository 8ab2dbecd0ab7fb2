#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/detail/control.hpp>
#include <bulwark/caf/detail/deliver.hpp>
#include <bulwark/caf/detail/end_watch.hpp>
#include <bulwark/caf/detail/self.hpp>
#include <bulwark/replica/detail/foreign_proxy.hpp>
#include <bulwark/supervisor/detail/child_notices.hpp>

#include <caf/actor_cast.hpp>
#include <caf/exit_reason.hpp>
#include <caf/sec.hpp>
#include <caf/send.hpp>
#include <caf/system_messages.hpp>

#include <exception>
#include <utility>

namespace bulwark::detail {

namespace {

/// Answers of CAF's in place of an actor that is not there any more.
bool is_gone(const caf::error& err) {
  return err == caf::sec::request_receiver_down
         || err == caf::sec::remote_lookup_failed
         || err.category() == caf::atom("exit");
}

caf::error as_reported(caf::error reason) {
  if (reason == caf::exit_reason::remote_link_unreachable)
    return make_error(errc::unreachable, describe(reason));
  return reason;
}

} // namespace

foreign_proxy::foreign_proxy(caf::actor_config& config, birth born,
                             caf::strong_actor_ptr handle,
                             foreign_renewal renew, foreign_slot slot)
  : system_actor(config, "foreign_proxy", {}),
    born_(std::move(born)),
    whom_(std::move(handle)),
    renew_(std::move(renew)),
    slot_(std::move(slot)) {}

caf::behavior foreign_proxy::make_behavior() {
  if (whom_)
    adopt(std::exchange(whom_, nullptr));
  else
    ask_for_it();
  return {
    [this](poke) { obey(); },
    [this](foreign_down& what) { end(as_reported(std::move(what.reason))); },
  };
}

void foreign_proxy::ask_for_it() {
  auto once = [this](auto what) {
    if (!std::exchange(answered_, true))
      what();
  };
  try {
    renew_(this,
           {[=, this](caf::strong_actor_ptr got) {
              once([&] { adopt(std::move(got)); });
            },
            [=, this](caf::error why) { once([&] { end(std::move(why)); }); }});
  } catch (...) {
    answered_ = true;
    end(make_error(errc::service_crashed, describe(std::current_exception())));
  }
}

void foreign_proxy::adopt(caf::strong_actor_ptr handle) {
  if (!handle)
    return end(
      make_error(errc::service_crashed, "the renewal returned no actor"));
  whom_ = std::move(handle);
  on_end(whom_, [me = address()](const caf::error& reason, run_context eu) {
    post(me, eu, foreign_down{reason});
  });
  request(caf::actor_cast<caf::actor>(whom_), caf::infinite,
          caf::sys_atom::value, caf::get_atom::value, std::string{"info"})
    .then([this](caf::ok_atom, const std::string&, const caf::strong_actor_ptr&,
                 const std::string&) { is_up(); },
          [this](caf::error& why) {
            if (is_gone(why))
              end(as_reported(std::move(why)));
            else
              is_up();
          });
  obey();
}

/// The supervisor takes the sender for who does the work.
void foreign_proxy::is_up() {
  if (auto supervisor = std::exchange(born_.supervisor, nullptr))
    post_as(whom_, supervisor, context_of(*this),
            child_up{born_.key, born_.incarnation});
}

void foreign_proxy::obey() {
  auto kill = born_.control->kill.load();
  if (!kill && !born_.control->stop.load())
    return;
  auto reason = kill ? caf::exit_reason::kill : caf::exit_reason::user_shutdown;
  if (!whom_)
    return end(reason);
  post(whom_, context_of(*this), caf::exit_msg{address(), reason});
}

void foreign_proxy::end(caf::error reason) {
  if (slot_.core) {
    replica_end dead{slot_.index, born_.incarnation};
    dead.for_good = born_.control->ends_for_good(classify(reason));
    dead.node_lost = code_of(reason, errc{}) == errc::unreachable;
    slot_.core->deaths().begin_death(slot_.index, born_.incarnation);
    slot_.core->deaths().take(dead, {}, context_of(*this));
    slot_.core->deaths().finish_death(dead, reason, context_of(*this));
  }
  quit(std::move(reason));
}

} // namespace bulwark::detail
