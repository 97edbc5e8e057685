#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "ingest/pg/connection.hpp"

namespace answerable::access {

/// Why a service must not serve from this database: one sentence with what to do, or nothing. Looked at are the role
/// (its name, superuser, BYPASSRLS, makes roles or databases, owns tables, member of other roles), the server (fsync,
/// full_page_writes, data checksums) and the schema's version.
/// \param connection logged in as the service's own role
/// \param role "answerable_reports"
/// \param migrations the folder this program came with
std::optional<std::string> refuse_database(pg::Connection& connection, std::string_view role,
                                           const std::filesystem::path& migrations);

}  // namespace answerable::access
