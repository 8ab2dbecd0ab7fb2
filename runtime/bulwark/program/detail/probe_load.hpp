#pragma once

#include <bulwark/chaos/experiment_probe.hpp>
#include <bulwark/chaos/probe_window.hpp>
#include <bulwark/options/host_port.hpp>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace bulwark::program {

/// Makes the probes of an experiment, by threads of its own, from its start to
/// its end: each in turn at all the addresses.
///
/// Safe to call from any thread.
class probe_load {
public:
  /// @pre `where` is not empty, unless `probes` is
  probe_load(const std::vector<experiment_probe>& probes,
             std::vector<host_port> where);
  ~probe_load();

  probe_load(const probe_load&) = delete;
  probe_load& operator=(const probe_load&) = delete;

  void read(figure_readings& into);

  /// Requests of one probe at a time: one that waits holds up no others.
  static constexpr size_t open_max = 4;

private:
  struct one_probe {
    experiment_probe what;
    std::mutex lock;
    probe_window window;
  };

  void run(one_probe& of, size_t number);
  void ask(one_probe& of, const host_port& where);
  bool rest(duration length);

  std::vector<host_port> where_;
  std::vector<std::unique_ptr<one_probe>> all_;
  std::atomic<bool> over_{false};
  std::mutex rest_lock_;
  std::condition_variable woken_;
  std::vector<std::thread> threads_;
};

} // namespace bulwark::program
