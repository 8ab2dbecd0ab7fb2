#pragma once

#include <string>

namespace storefront {

/// A request to one of the services; the body is a JSON object.
struct api_call {
  std::string body;

  /// Makes orders, payments and the like happen once, however often the call
  /// is repeated; may be empty.
  std::string request_id;
};

/// Its answer: an HTTP status and a JSON object.
struct api_reply {
  int status = 200;
  std::string body;
};

/// Makes a service throw, where the program was started with --chaos.
struct chaos_crash {
  std::string reason;
};

template <class Inspector>
auto inspect(Inspector& f, api_call& x) {
  return f(x.body, x.request_id);
}

template <class Inspector>
auto inspect(Inspector& f, api_reply& x) {
  return f(x.status, x.body);
}

template <class Inspector>
auto inspect(Inspector& f, chaos_crash& x) {
  return f(x.reason);
}

} // namespace storefront
