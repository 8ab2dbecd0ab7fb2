#pragma once

#include <bulwark/database/postgres.hpp>
#include <bulwark/time/time.hpp>

#include <condition_variable>
#include <mutex>
#include <thread>

namespace bulwark::detail {

/// Cuts a connection whose server has not answered in time: a server that is
/// frozen has a kernel that still confirms what it is sent.
///
/// Confined to one thread.
class deadline_cut {
public:
  deadline_cut(postgres_connection& connection, duration limit)
    : watch_([this, &connection, limit] {
        std::unique_lock lock{mutex_};
        if (!ended_.wait_for(lock, limit, [this] { return over_; }))
          connection.interrupt();
      }) {}

  deadline_cut(const deadline_cut&) = delete;
  deadline_cut& operator=(const deadline_cut&) = delete;

  ~deadline_cut() {
    {
      std::lock_guard lock{mutex_};
      over_ = true;
    }
    ended_.notify_all();
    watch_.join();
  }

private:
  std::mutex mutex_;
  std::condition_variable ended_;
  bool over_ = false;
  std::thread watch_;
};

} // namespace bulwark::detail
