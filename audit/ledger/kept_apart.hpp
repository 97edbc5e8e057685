#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace answerable::ledger {

/// The newest checkpoints of a council's ledgers, kept beside the keys and so apart from the data: whoever puts an
/// older database back, or another history, has not put these back. One file a ledger: <council>-<ledger>.checkpoint.
std::vector<std::string> read_kept_apart(const std::filesystem::path& folder, const std::string& authority);
/// Replaces the file durably. \throws std::system_error
void keep_apart(const std::filesystem::path& folder, const std::string& authority, int ledger, const std::string& note);

}  // namespace answerable::ledger
