#include "demo/tally.hpp"

namespace storefront {

void tally::sent() {
  std::lock_guard guard{mutex_};
  ++totals_.sent;
}

void tally::answered(const bulwark::http_reply& reply) {
  bool degraded = reply.body.find("\"degraded\":") != std::string::npos;
  std::lock_guard guard{mutex_};
  ++totals_.by_status[reply.status];
  totals_.degraded += degraded ? 1 : 0;
}

void tally::cut(bool expected) {
  std::lock_guard guard{mutex_};
  ++(expected ? totals_.cut : totals_.cut_elsewhere);
}

void tally::unanswered() {
  std::lock_guard guard{mutex_};
  ++totals_.unanswered;
}

void tally::ordered(const std::string& reference) {
  std::lock_guard guard{mutex_};
  totals_.orders.push_back(reference);
}

void tally::paid(const std::string& reference) {
  std::lock_guard guard{mutex_};
  totals_.payments.push_back(reference);
}

totals tally::read() const {
  std::lock_guard guard{mutex_};
  return totals_;
}

} // namespace storefront
