#include "ingest/xml/worker.hpp"

#include <fmt/format.h>
#include <malloc.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <xercesc/util/OutOfMemoryException.hpp>

#include "ingest/civil_date.hpp"
#include "ingest/digest.hpp"
#include "ingest/xml/parser.hpp"
#include "ingest/xml/sandbox.hpp"
#include "ingest/xml/wire.hpp"

namespace answerable::xml {
namespace {

constexpr int parent = STDIN_FILENO;
constexpr int kept_memory = 32 << 20;

/// False at the end of what the parent says.
bool read_all(char* to, std::size_t size) {
  while (size > 0) {
    const auto got = ::read(parent, to, size);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    to += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

bool write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto put = ::write(parent, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

struct Frame {
  wire::FrameKind kind{};
  std::string content;
};

bool read_frame(Frame& frame) {
  unsigned char prefix[wire::prefix_size];
  if (!read_all(reinterpret_cast<char*>(prefix), sizeof prefix)) return false;
  const auto size = prefix[0] | prefix[1] << 8U | prefix[2] << 16U | static_cast<std::uint32_t>(prefix[3]) << 24U;
  if (size < 1 || size > wire::most_frame) return false;
  frame.kind = static_cast<wire::FrameKind>(prefix[4]);
  frame.content.resize(size - 1);
  return read_all(frame.content.data(), frame.content.size());
}

std::unique_ptr<Parser> start() {
  Frame frame;
  if (!read_frame(frame) || frame.kind != wire::FrameKind::setup) return nullptr;
  try {
    wire::Reader setup(frame.content);
    const auto folder = setup.text();
    const auto cpu_seconds = setup.u32();
    auto parser = std::make_unique<Parser>(folder, setup.u8() != 0);
    // What one piece needed the next needs again: memory is kept, not given back and asked for anew.
    ::mallopt(M_MMAP_THRESHOLD, kept_memory);
    ::mallopt(M_TRIM_THRESHOLD, kept_memory);
    london_day(now());  // reads the time zone's file while it may
    sha256({});         // and OpenSSL its own
    lock_in(cpu_seconds);
    return write_all(wire::Writer(wire::FrameKind::ready).take()) ? std::move(parser) : nullptr;
  } catch (const std::exception& e) {
    wire::Writer failed(wire::FrameKind::failed);
    failed.text(e.what());
    write_all(failed.take());
    return nullptr;
  }
}

}  // namespace

int parse_worker_main() {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const auto parser = start();
  if (parser == nullptr) return 1;
  try {
    for (Frame frame; read_frame(frame);) {
      std::string result;
      if (frame.kind == wire::FrameKind::head) {
        parser->begin(wire::read_head(frame.content));
        continue;
      }
      const auto job = wire::read_chunk(frame.content);
      if (frame.kind == wire::FrameKind::chunk) {
        result = parser->chunk(job);
      } else if (frame.kind == wire::FrameKind::tail) {
        result = parser->tail(job);
      } else {
        result = parser->whole(job);
      }
      if (!write_all(result)) break;
    }
  } catch (const std::exception&) {
    ::_exit(1);
  } catch (const xercesc::OutOfMemoryException&) {
    ::_exit(1);
  }
  ::_exit(0);
}

}  // namespace answerable::xml
