#include <bulwark/database/database_cluster.hpp>
#include <bulwark/database/detail/cluster_core.hpp>

#include <utility>

namespace bulwark {

database_cluster::database_cluster(caf::actor_system& system,
                                   database_cluster_options options)
  : core_(std::make_unique<detail::cluster_core>(system, std::move(options))) {}

database_cluster::~database_cluster() = default;

query_result database_cluster::execute_query(const sql_statement& query,
                                             const log_position& not_older) {
  return core_->execute_query(query, not_older);
}

query_result database_cluster::execute_write(write_request request) {
  return core_->execute_write(std::move(request));
}

void database_cluster::report_load(const std::string& name, double share) {
  core_->report_load(name, share);
}

void database_cluster::fail(const std::string& name) {
  core_->fail(name);
}

void database_cluster::come_back(const std::string& name) {
  core_->come_back(name);
}

bool database_cluster::force_primary() {
  return core_->force_primary();
}

std::string database_cluster::primary() const {
  return core_->primary();
}

group_health database_cluster::health() const {
  return core_->health();
}

} // namespace bulwark
