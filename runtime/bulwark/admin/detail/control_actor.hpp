#pragma once

#include <bulwark/admin/detail/control_means.hpp>
#include <bulwark/admin/detail/control_order.hpp>
#include <bulwark/admin/detail/node_settings.hpp>
#include <bulwark/control/change_history.hpp>
#include <bulwark/events/detail/system_actor.hpp>
#include <bulwark/http/message.hpp>
#include <bulwark/time/time.hpp>

#include <caf/allowed_unsafe_message_type.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace bulwark::detail {

/// An order that came over HTTP, and where its answer goes.
struct control_question {
  control_order order;
  http_responder respond;
};

/// Answered with the changes of the node, newest last.
struct history_question {
  http_responder respond;
};

/// The time for an answer is over: it says that the change goes on.
struct control_answer_due {
  uint64_t id = 0;
  http_responder respond;
};

/// The time of a change may be over.
struct control_end_due {};

/// A lease of a fault may be over.
struct faults_due {};

/// The node is to end by a fault, now that this was answered.
struct node_fault_due {
  fault_kind what = fault_kind::stop;
};

} // namespace bulwark::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::control_question)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::history_question)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::control_answer_due)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::control_end_due)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::faults_due)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::node_fault_due)

namespace bulwark::detail {

/// Carries out the changes of its node, one after the other or, of different
/// fields, beside each other, and tells of each that was by `change_applied`.
/// A change of several fields is carried out as a whole: when one is refused,
/// those before it are set back. What has a time to end is ended by it.
///
/// It is a system actor, and so runs while services hold every thread of the
/// scheduler.
///
/// Confined to one actor.
class control_actor final : public system_actor {
public:
  /// Within `patience` an order is answered, if need be by 202: it goes on.
  control_actor(caf::actor_config& config, control_means means,
                duration patience, emitter events);

  const char* name() const override { return "bulwark.control"; }

  /// How long a supervisor may take to start and stop children.
  static constexpr duration children_time = std::chrono::minutes{2};

protected:
  caf::behavior make_behavior() override;

private:
  using after = std::function<void(const caf::error&)>;

  /// Fields that are set by one message.
  using field_group = std::vector<field_change>;

  /// A change that is being carried out.
  struct control_work {
    uint64_t id = 0;
    std::vector<setting> settings;
    std::vector<field_group> groups;
    std::string reason;
    std::string child;
    http_responder respond;
  };

  // -- orders and their answers (control_actor.cpp) ---------------------------

  void on_order(const control_question& what);
  void set_fields(const control_question& what);
  void undo(const control_question& what);
  void restart(const control_question& what);
  void leave(const control_question& what);
  void on_end_due();
  void await_end();

  /// Begins a change; null where it was refused, and that was answered.
  std::shared_ptr<control_work> begin(change what,
                                      const http_responder& respond);
  void carry_out(const change& what, const http_responder& respond);
  void done(const control_work& what, const caf::error& failure);
  void tell_change(const change& what);

  // -- how each is carried out (control_writes.cpp) ---------------------------

  /// Writes group number `n` and those behind it.
  void write_from(const std::shared_ptr<control_work>& of, size_t n);

  /// Sets back what was written before group number `n`, for which `why` was
  /// answered.
  void set_back(const std::shared_ptr<control_work>& of, size_t n,
                const caf::error& why);

  void write(const control_work& of, const field_group& what,
             const after& then);
  void write_bulkhead(const control_work& of, const field_group& what,
                      const after& then);
  void isolate(const control_work& of, const field_change& what,
               const caf::actor& door, const after& then);
  void write_replicas(const std::string& service, const std::string& count,
                      const after& then);
  caf::error write_breaker(const std::string& service,
                           const std::string& state);
  void restart_child(const std::shared_ptr<control_work>& of);
  void start_child(const std::shared_ptr<control_work>& of,
                   const caf::actor& supervisor, bool may_run);

  /// Asks for something whose answer tells no more than that it is done, and
  /// goes on with the error, if any.
  template <class Answer, class Request>
  void ask(const caf::actor& whom, duration time, Request what, after then);

  // -- faults of experiments (control_faults.cpp) -----------------------------

  void practise(const control_question& what);
  void on_node_fault(fault_kind what);
  void await_faults();

  std::string current(const std::string& field) const;

  control_means means_;
  duration patience_;
  emitter out_;
  change_history history_;
  bool faults_awaited_ = false;
};

} // namespace bulwark::detail
