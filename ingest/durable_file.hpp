#pragma once

#include <filesystem>
#include <string_view>

namespace answerable {

/// Writes a file that is there whole or not at all, also after the power has failed: a temporary file beside it,
/// fsync(2), its name, fsync(2) of the folder. Only this user can read it. \return false when there is a file of that
/// name already: it stays as it is \throws std::system_error naming the file
bool create_durably(const std::filesystem::path& file, std::string_view content);

/// The same, in place of the file that may be there.
void replace_durably(const std::filesystem::path& file, std::string_view content);

/// A file that was written by other means stays, with its name, also after the power has failed.
/// \throws std::system_error naming the file
void make_durable(const std::filesystem::path& file);

}  // namespace answerable
