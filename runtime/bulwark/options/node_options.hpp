#pragma once

#include <bulwark/cluster/lease_times.hpp>
#include <bulwark/journal/journal_options.hpp>
#include <bulwark/ledger/objectives.hpp>
#include <bulwark/ledger/threshold_rule.hpp>
#include <bulwark/log/format.hpp>
#include <bulwark/options/host_port.hpp>
#include <bulwark/options/tls_options.hpp>
#include <bulwark/time/time.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace bulwark {

/// How a node runs, as far as it is not a matter of its services.
///
/// Immutable after construction.
struct node_options {
  /// Unique among the nodes that know each other.
  std::string name = "node";

  /// Nodes of one cluster have the same here; others are refused.
  std::string cluster = "default";

  /// Where other nodes may connect. Without it, none can.
  std::optional<host_port> listen;

  /// Where other nodes reach it, if that is not `listen`: behind an address
  /// translation, or where `listen` is `0.0.0.0` or `::`, which nobody can
  /// dial. Port 0 is the port that it listens on.
  std::optional<host_port> advertise;

  /// Nodes to connect to, again and again while they are away.
  std::vector<host_port> join;

  /// With what nodes prove to each other who they are, on the command line and
  /// in files `--tls-cert`, `--tls-key` and `--tls-ca`. Without, `listen` must
  /// be an address of loopback, see `is_loopback`, or `insecure` be set.
  tls_options tls;
  bool insecure = false;

  /// Which names other nodes may have, as patterns with `*` and `?`: one of
  /// them must fit. Empty: any.
  std::vector<std::string> allow_nodes;

  /// Where the node tells how it is doing and takes changes, over HTTP: an
  /// address of loopback, see `is_loopback`. Nothing: nowhere.
  std::optional<host_port> admin;

  /// Which nodes decide who has a role, by most of their voices: 1, 3, 5 or 7
  /// names, sorted, the same on all nodes of the cluster; others are refused.
  /// On the command line and in files: `alpha,beta,gamma`. None: no node of a
  /// cluster has a role.
  std::vector<std::string> voters;

  /// For how long they lend it: as long as nobody has it after its holder died.
  /// 1 s to 10 min, the same on all nodes.
  duration lease = lease_times{}.lease;

  /// Folder for what must outlive the process.
  std::filesystem::path data = "data";

  /// Whether that folder was given. Only then is a token for changes written
  /// there, to `NAME.admin`; without one nothing can be changed at `admin`.
  bool data_given = false;

  /// Whether events are kept in `data`, in `NAME.journal`, and against what
  /// they are safe there; nothing: they are not. On the command line and in
  /// files: `full`, `relaxed` or `off`; full where the folder was given, else
  /// off.
  std::optional<journal_sync> journal;

  /// How much of the time services are meant to be up; each is measured by the
  /// first that names it. On the command line and in files:
  /// `--objective orders=99.95%/168h`, `*` for all.
  std::vector<objective> objectives{objective{}};

  /// Limits of figures of the report beyond which there is an alert. On the
  /// command line and in files: `--alert slow=mttr_minutes>15/5m`.
  std::vector<threshold_rule> alerts;

  /// Whom alerts are told, besides the log: a command, which `/bin/sh -c` runs
  /// with the alert as JSON on its standard input, and an address like
  /// `http://HOST:PORT/PATH`, to which it is posted.
  std::string alert_command;
  std::string alert_url;

  log_level level = log_level::info;
  log_format format = log_format::text;

  /// How long a node that SIGTERM or `node::stop` told to stop goes on
  /// serving, so that those who ask whether it is ready learn that it is not.
  duration drain = std::chrono::seconds{1};

  /// How often the use of the node's bulkheads is written down, for trends.
  /// Longer than nothing.
  duration bulkhead_sample = std::chrono::seconds{10};

  /// Whether it is; `bulkhead_manager::set_monitoring` changes it later.
  bool bulkhead_monitoring = true;

  /// Whether the node warns of what it foresees, and how often it takes the
  /// figures for that: 10 ms or longer.
  bool warnings = true;
  duration warning_sample = std::chrono::seconds{10};

  /// Whether experiments may make it fail on purpose: off, no fault has a place
  /// on the node.
  bool chaos = false;
};

} // namespace bulwark
