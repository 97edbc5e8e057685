#pragma once

#include <filesystem>

#include "ingest/cli/intake_desk.hpp"

namespace answerable::cli {

/// `submit --watch`: takes in what is put into a folder until the program is told to end (SIGTERM, SIGINT). When the
/// database is away it waits until it is back.
int watch_folder(const Common& common, const FileOptions& options, const std::filesystem::path& folder);

}  // namespace answerable::cli
