#pragma once

// All that a program needs which declares services and runs them on a node.

#include <bulwark/bulkhead/bulkhead_requests.hpp>
#include <bulwark/bulkhead/manager_requests.hpp>
#include <bulwark/caf/caf_error.hpp>
#include <bulwark/calls/call_error.hpp>
#include <bulwark/calls/call_options.hpp>
#include <bulwark/calls/request.hpp>
#include <bulwark/cluster/role.hpp>
#include <bulwark/errors/errc.hpp>
#include <bulwark/events/event.hpp>
#include <bulwark/node/node.hpp>
#include <bulwark/node/run.hpp>
#include <bulwark/options/version.hpp>
#include <bulwark/replica/foreign_child.hpp>
#include <bulwark/replica/health.hpp>
#include <bulwark/replica/other_replicas.hpp>
#include <bulwark/replica/ready.hpp>
#include <bulwark/replica/role_token.hpp>
#include <bulwark/supervisor/child_requests.hpp>
#include <bulwark/supervisor/supervisor.hpp>
#include <bulwark/text/duration_text.hpp>
#include <bulwark/text/wall_time_text.hpp>
