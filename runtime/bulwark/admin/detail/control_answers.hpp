#pragma once

#include <bulwark/control/change_history.hpp>
#include <bulwark/control/setting.hpp>
#include <bulwark/http/message.hpp>

#include <caf/error.hpp>

#include <vector>

namespace bulwark::detail {

/// A change as JSON: `id`, `what`, `who`, `state`, `at`, and where it has them
/// `reason`, `fields`, `until`, `undoes` and `error`.
http_response change_answer(int status, const change& what);

/// `/api/history`: oldest first.
http_response history_answer(const std::vector<change>& all);

/// `/api/settings`: what can be set while the node runs, what each has and what
/// it must be.
http_response settings_answer(const std::vector<setting>& all);

/// Why a change was refused by whoever had to carry it out: 400 where field,
/// value and rule are told, 404 for what is not there, 503 where no answer
/// came, else 409.
http_response refused_change(const caf::error& why);

} // namespace bulwark::detail
