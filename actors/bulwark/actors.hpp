#pragma once

// Supervisors, gates, bulkheads and pools for a program that has an actor
// system of its own. Neither Boost nor the network is needed.

#include <bulwark/bulkhead/bulkhead.hpp>
#include <bulwark/bulkhead/bulkhead_manager.hpp>
#include <bulwark/bulkhead/bulkhead_refusal.hpp>
#include <bulwark/bulkhead/execute_with_bulkhead.hpp>
#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/content_type.hpp>
#include <bulwark/caf/run_context.hpp>
#include <bulwark/caf/stop.hpp>
#include <bulwark/calls/ask.hpp>
#include <bulwark/calls/call_error.hpp>
#include <bulwark/calls/call_options.hpp>
#include <bulwark/calls/request.hpp>
#include <bulwark/chaos/experiment_runner.hpp>
#include <bulwark/dead_letters/dead_letter_box.hpp>
#include <bulwark/events/monitor.hpp>
#include <bulwark/events/monitor_requests.hpp>
#include <bulwark/gate/gate.hpp>
#include <bulwark/messages/message_types.hpp>
#include <bulwark/pool/acquire_connection.hpp>
#include <bulwark/pool/connection_pool.hpp>
#include <bulwark/pool/memory_pool.hpp>
#include <bulwark/pool/thread_pool.hpp>
#include <bulwark/protection/guard.hpp>
#include <bulwark/protection/service_breaker.hpp>
#include <bulwark/replica/foreign_child.hpp>
#include <bulwark/replica/health.hpp>
#include <bulwark/replica/other_replicas.hpp>
#include <bulwark/replica/ready.hpp>
#include <bulwark/replica/replica_factory.hpp>
#include <bulwark/supervisor/child_requests.hpp>
#include <bulwark/supervisor/supervisor.hpp>
#include <bulwark/supervisor/supervisor_requests.hpp>
#include <bulwark/warning/warning_watch.hpp>
