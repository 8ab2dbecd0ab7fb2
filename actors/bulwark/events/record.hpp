#pragma once

#include <bulwark/events/emitter.hpp>
#include <bulwark/events/event.hpp>
#include <bulwark/time/time.hpp>

#include <string>
#include <utility>
#include <vector>

namespace bulwark {

using event_metadata = std::vector<std::pair<std::string, std::string>>;

// What an application tells of its own components: `cache`, `disk/3`. They are
// in log, journal and report like those of Bulwark. Safe to call from any
// thread.

/// The component has failed, and is down until `record_recovery_event`.
/// `failure_type` is the application's own word, such as `disk_full`, at most
/// 64 characters; a monitor keeps 256 of them apart, further ones are `other`.
/// Of `metadata` at most `event::metadata_max` pairs are kept.
///
/// @throws std::invalid_argument if the component is empty or has the form of
/// one of Bulwark's (`/root/...`, `node/...`), if the word is empty or longer,
/// or if the severity is `info`
void record_failure_event(const emitter& to, std::string component_id,
                          std::string failure_type,
                          severity level = severity::medium,
                          event_metadata metadata = {});

/// The component works again. `recovery_method` is a word for how it came:
/// `automatic_restart`, `failover`, `manual_intervention`, or another one.
/// `recovery_time` is how long that took, for the mean recovery time.
///
/// @throws std::invalid_argument if the component is as above, if the word is
/// empty or longer than 64 characters, or if the time is negative
void record_recovery_event(const emitter& to, std::string component_id,
                           std::string recovery_method, duration recovery_time,
                           event_metadata metadata = {});

} // namespace bulwark
