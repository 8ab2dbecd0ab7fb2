#pragma once

#include <bulwark/supervision/restart_options.hpp>
#include <bulwark/supervisor/child_spec.hpp>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/message.hpp>

#include <cstddef>
#include <string>

namespace bulwark {

// What can be asked of a supervisor at run time, beside `which_children` and
// `child_counts_request`; from the same process only. Each is answered when it
// is done, or with one of these errors, which change nothing:
//
// - `not_found`: no child has that id.
// - `running`: the child runs; terminate it first.
// - `already_started`: a child of that id runs, or is about to.
// - `already_present`: a child of that id does not run; restart or delete it.
// - `invalid_option`: field, value and rule.
// - `stopped`: the supervisor ends, or the child was stopped meanwhile.
// - `service_crashed`: the child did not start; it is tried again like after
//   any failure.

/// Adds a child after all others and starts it. Answered with `child_info`
/// when it is up. Children added so are gone after a restart of their
/// supervisor, as in OTP.
struct start_child {
  child_spec spec;
};

/// To a supervisor with the strategy simple_one_for_one: starts a child like
/// its template, with `arguments` in its `birth`. Without an id it gets the
/// template's, `#` and a number.
struct start_instance {
  caf::message arguments;
  std::string id;
};

/// To the same: starts `count` of them, each with these arguments and with an
/// id that ends with a number. At most 256 are being started at a time, so that
/// a start that takes long holds up the others, and whoever else asks is
/// answered in between. Answered, when each is up or has failed, with the
/// `child_list` of those it started and that are still known; `running` while
/// another request of the kind goes on.
struct start_instances {
  size_t count = 0;
  caf::message arguments = {};
};

/// Stops a child and does not start it again by itself; a temporary one is
/// forgotten. A restart that was pending is dropped. Answered with
/// `caf::unit` when it has ended, or was abandoned.
struct terminate_child {
  std::string id;
};

/// Starts a child that does not run, or does not run yet: one that was
/// terminated, waits for its restart, or failed too often. It gets a fresh
/// window. Answered with `child_info` when it is up.
struct restart_child {
  std::string id;
};

/// Takes a child that is up for failed, whatever it seems to be: its gate gives
/// it nothing more, and a standby takes over; then it is ended and started
/// again as after any failure. Answered with `caf::unit` at once; with
/// `invalid_option` where it is not up.
struct fail_child {
  std::string id;

  /// Why, for the log.
  std::string reason = {};
};

/// Forgets a child that does not run. Answered with `caf::unit`.
struct delete_child {
  std::string id;
};

/// Answered with the `child_spec`.
struct child_spec_request {
  std::string id;
};

/// To a supervisor with `more`: to have `count` children, between what
/// `min_healthy`, `children_min` and `children_max` allow. New ones are made by
/// `more` and start together; those with the highest numbers retire and are
/// forgotten: a replica hands back what waits and finishes what it has taken
/// up, within its `shutdown`. Answered with `caf::unit` when all are up or
/// gone; `running` while another request of the kind goes on. A restart of the
/// supervisor keeps the number.
struct scale_children {
  size_t count = 0;
};

/// Changes how a child is restarted, from its next failure on. Answered with
/// `caf::unit`.
struct change_restart {
  std::string id;
  restart_options restart;
};

/// Changes the limit of all children together. Answered with `caf::unit`.
struct change_limits {
  supervisor_options limits;
};

} // namespace bulwark

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::child_spec)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::start_child)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::start_instance)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::start_instances)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::terminate_child)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::restart_child)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::fail_child)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::delete_child)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::child_spec_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::scale_children)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::change_restart)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::change_limits)
