#include "simulation/entry.hpp"

#include <iomanip>
#include <sstream>

namespace test::sim {

std::string to_string(fact what) {
  constexpr const char* names[] = {
    "acted",          "born",    "threw",   "ready",    "told_to_end",
    "handled",        "done",    "raised",  "stuck",    "unstuck",
    "ended",          "changed", "asked",   "forsaken", "answered",
    "answered_again", "echoed",  "ordered", "obeyed",   "steered",
    "heeded",         "begged",  "lent",    "unlent",   "repaid",
    "gave_up",        "event",   "calm",    "quiet",    "closing",
    "stopped",        "closed",  "books",   "open",     "ejected",
    "permits",        "emptied",
  };
  return names[static_cast<size_t>(what)];
}

std::string to_string(const message_name& what) {
  auto result = std::to_string(what.client) + '.' + std::to_string(what.number);
  return what.part == 0 ? result : result + '.' + std::to_string(what.part);
}

std::string to_string(bulwark::child_state state) {
  constexpr const char* names[] = {
    "starting", "up", "waiting", "failed", "stopping", "stopped", "abandoned",
  };
  return names[static_cast<size_t>(state)];
}

namespace {

std::string details(const entry& what, const plan& where) {
  switch (what.what) {
  case fact::changed:
    return ' ' + to_string(what.state) + (what.failed ? " after failure" : "");
  case fact::ended:
    return ' ' + bulwark::to_string(what.how)
           + (what.gave_up ? " beyond its limit" : "");
  case fact::answered:
    return what.refused ? " error " + bulwark::to_string(what.code) : " value";
  case fact::acted:
  case fact::ordered:
  case fact::obeyed:
  case fact::steered:
  case fact::heeded:
    return what.cause == nullptr ? "" : ' ' + to_text(where, *what.cause);
  case fact::begged:
  case fact::lent:
  case fact::unlent:
  case fact::repaid:
  case fact::gave_up:
    return ' ' + to_text(where, *what.cause)
           + (what.refused ? ' ' + bulwark::to_string(what.code) : "");
  case fact::event:
    return ' ' + bulwark::to_text(*what.event);
  case fact::books:
  case fact::open:
  case fact::ejected:
  case fact::closed:
    return ' ' + std::to_string(what.count);
  case fact::permits:
    return " b" + std::to_string(what.permits.bulkhead) + ": "
           + std::to_string(what.permits.use) + " in use, "
           + std::to_string(what.permits.waiting) + " wait";
  default:
    return "";
  }
}

} // namespace

std::string to_text(const entry& what, const plan& where,
                    bulwark::time_point start) {
  std::ostringstream out;
  auto ms = std::chrono::duration<double, std::milli>(what.at - start);
  out << std::fixed << std::setprecision(3) << std::setw(11) << ms.count()
      << ' ' << to_string(what.what);
  if (what.node != none && what.what != fact::event && what.cause == nullptr) {
    out << ' ' << where.nodes[what.node].id;
    if (what.incarnation != 0)
      out << '/' << what.incarnation;
  }
  if (what.message.client != none)
    out << (what.request ? " request " : " send ") << to_string(what.message);
  if (what.service != none)
    out << " at " << where.services[what.service].name;
  out << details(what, where);
  if (!what.text.empty())
    out << ": " << what.text;
  return out.str();
}

} // namespace test::sim
