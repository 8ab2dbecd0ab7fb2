#pragma once

#include <bulwark/bulwark.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/meta/type_name.hpp>

#include <string>

// What the code of the pages in docs/ speaks of.

namespace pages {

struct price {
  int cents = 0;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, price& x) {
  return f(caf::meta::type_name("price"), x.cents);
}

struct query {
  std::string words;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, query& x) {
  return f(caf::meta::type_name("query"), x.words);
}

/// Stands for any service.
inline caf::behavior any_service(caf::event_based_actor*) {
  return {[](const std::string& text) { return text; }};
}

inline constexpr auto payments = any_service;
inline constexpr auto users = any_service;
inline constexpr auto partners = any_service;
inline constexpr auto monthly = any_service;
inline constexpr auto search = any_service;
inline constexpr auto database = any_service;

inline caf::behavior tickets(caf::event_based_actor*, const std::string& node) {
  return {[=](int) { return node; }};
}

} // namespace pages
