#pragma once

#include "api/input.hpp"
#include "api/messages.hpp"

#include <string>

namespace storefront {

/// What one service does with a call, apart from any actor. A broken database
/// and the like leave by exception: the service crashes and is restarted.
///
/// Confined to one actor.
class api_service {
public:
  virtual ~api_service() = default;

  /// Answers `call`; an `api_error` becomes a reply.
  api_reply handle(const api_call& call);

protected:
  /// Returns a JSON object. `request_id` is that of the call or, where it has
  /// none, the body's; it may be empty.
  /// @throws api_error
  virtual std::string answer(const input& in,
                             const std::string& request_id) = 0;
};

/// Returns the reply to a call that `error` refused.
api_reply refusal(const class api_error& error);

/// Returns the request id of a call: its own, or the field of its body, or "".
/// @throws api_error when it is malformed: an id has 1 to 128 letters, digits
/// and `.`, `_`, `:`, `-`.
std::string request_id_of(const api_call& call, const input& in);

} // namespace storefront
