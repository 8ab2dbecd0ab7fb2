#pragma once

// All that a program needs which declares services and runs them on a node.

#include <bulwark/bulkhead/bulkhead_requests.hpp>
#include <bulwark/caf_error.hpp>
#include <bulwark/child_requests.hpp>
#include <bulwark/duration_text.hpp>
#include <bulwark/errc.hpp>
#include <bulwark/event.hpp>
#include <bulwark/foreign_child.hpp>
#include <bulwark/message_types.hpp>
#include <bulwark/node.hpp>
#include <bulwark/ready.hpp>
#include <bulwark/run.hpp>
#include <bulwark/supervisor.hpp>
#include <bulwark/version.hpp>
