#include <bulwark/cluster/detail/tls/certificate_keeper.hpp>
#include <bulwark/events/detail/severity_rules.hpp>
#include <bulwark/options/config_error.hpp>
#include <bulwark/text/wall_time_text.hpp>

#include <utility>

#include <sys/stat.h>

namespace bulwark::detail {

certificate_keeper::certificate_keeper(tls_options files, std::string node,
                                       emitter events)
  : files_(std::move(files)),
    node_(std::move(node)),
    events_(std::move(events)),
    seen_(stamps()),
    last_(seen_) {
  std::string failure;
  current_ = tls_context::load(files_, node_, failure);
  if (!current_)
    throw config_error{"TLS cannot be used: " + failure};
  looker_ = std::thread{[this] { run(); }};
}

certificate_keeper::~certificate_keeper() {
  stop();
}

void certificate_keeper::stop() {
  {
    std::lock_guard guard{lock_};
    stopped_ = true;
  }
  wake_.notify_all();
  if (looker_.joinable())
    looker_.join();
}

std::shared_ptr<const tls_context> certificate_keeper::current() const {
  std::lock_guard guard{lock_};
  return current_;
}

void certificate_keeper::run() {
  std::unique_lock guard{lock_};
  while (!stopped_) {
    guard.unlock();
    look();
    guard.lock();
    wake_.wait_for(guard, look_every, [this] { return stopped_; });
  }
}

void certificate_keeper::look() {
  std::lock_guard guard{looking_};
  // Not while they are being replaced, one after the other.
  auto stamp = stamps();
  auto quiet = stamp == last_;
  last_ = std::move(stamp);
  if (quiet && last_ != seen_) {
    seen_ = last_;
    load_again();
  }
  tell_expiry();
}

void certificate_keeper::load_again() {
  std::string failure;
  auto fresh = tls_context::load(files_, node_, failure);
  if (!fresh) {
    auto what = about(event_kind::warning_raised);
    what.reason = "new files of TLS cannot be used: " + failure
                  + "; those before stay in use";
    return events_.emit(std::move(what));
  }
  {
    std::lock_guard guard{lock_};
    current_ = fresh;
  }
  auto what = about(event_kind::change_applied);
  what.reason = "new files of TLS are in use for new connections";
  what.with("what", "certificate").with("ends", to_text(fresh->ends()));
  events_.emit(std::move(what));
}

void certificate_keeper::tell_expiry() {
  auto now = std::chrono::time_point_cast<std::chrono::microseconds>(
    std::chrono::system_clock::now());
  auto ends = current()->ends();
  auto step = steps_.look(ends, now);
  if (!step)
    return;
  auto what = about(event_kind::warning_raised);
  what.level = step->level;
  what.reason =
    step->days == 0
      ? "the certificate has ended, and other nodes refuse it"
      : "the certificate ends within " + std::to_string(step->days) + " d";
  what.with("basis", "it ends at " + to_text(ends))
    .with("advice", "replace the files; they are read again by themselves");
  events_.emit(std::move(what));
}

event certificate_keeper::about(event_kind kind) const {
  event result;
  result.kind = kind;
  result.level = severity_of(kind);
  result.component = "node/" + node_;
  result.with("file", files_.certificate.string());
  return result;
}

std::string certificate_keeper::stamps() const {
  std::string result;
  for (const auto* each :
       {&files_.certificate, &files_.key, &files_.authority}) {
    // NOLINTNEXTLINE(*-member-init): filled in by the call
    struct stat found;
    if (::stat(each->c_str(), &found) != 0)
      result += "none ";
    else
      for (auto part : {static_cast<uint64_t>(found.st_ino),
                        static_cast<uint64_t>(found.st_size),
                        static_cast<uint64_t>(found.st_mtim.tv_sec),
                        static_cast<uint64_t>(found.st_mtim.tv_nsec)})
        result += std::to_string(part) + " ";
  }
  return result;
}

} // namespace bulwark::detail
