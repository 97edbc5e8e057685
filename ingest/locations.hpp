#pragma once

#include <filesystem>

namespace answerable {

/// Where schemas and rules lie: ANSWERABLE_SHARE when set, otherwise ../share/answerable beside the running program.
/// \throws std::runtime_error saying how to mend it when there is no such folder
std::filesystem::path share_folder();

/// Where data is kept when nobody says otherwise (XDG Base Directory Specification 0.8): $XDG_DATA_HOME/answerable, or
/// ~/.local/share/answerable; for root /var/lib/answerable, because the private server's own user cannot enter /root.
/// \throws std::runtime_error when the user has no home
std::filesystem::path default_data_folder();

/// Where signing keys are kept when nobody says otherwise, apart from the data: $XDG_CONFIG_HOME/answerable/keys, or
/// ~/.config/answerable/keys; for root /etc/answerable/keys.
/// \throws std::runtime_error when the user has no home
std::filesystem::path default_keys_folder();

}  // namespace answerable
