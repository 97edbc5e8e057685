#pragma once

#include <cstdint>

namespace answerable::xml {

/// Gives up, for good, all this process does not need to turn bytes into values: no files, no sockets, no programs,
/// limited memory and processor time. Any other system call than reading, writing and memory ends the process. \throws
/// std::runtime_error when the kernel refuses; then nothing may be parsed
void lock_in(std::uint32_t cpu_seconds);

}  // namespace answerable::xml
