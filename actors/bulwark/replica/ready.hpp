#pragma once

namespace bulwark {

/// Says that the service whose handler runs in this thread takes messages
/// from now on: its files are open, its caches are warm. Only for services
/// declared so (`reports_ready`); further calls do nothing. Returns false
/// outside of a supervised actor.
///
/// Safe to call from any thread.
bool report_ready();

} // namespace bulwark
