#include "audit/bag/bag_judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string_view>

#include "audit/bag/checksum.hpp"
#include "audit/bag/names.hpp"
#include "audit/bag/sealed_zip_reader.hpp"
#include "audit/bag/tag_files.hpp"

namespace answerable::bag {
namespace {

constexpr std::uint64_t longest_tag_file = 64 * 1024 * 1024;  // a manifest of six hundred thousand files
constexpr std::string_view the_bag = "(the bag)";

bool is_payload(std::string_view path) {
  return path.starts_with("data/");
}

/// Files that operating systems leave behind and take away unasked (RFC 8493 §5.2).
bool is_system_file(std::string_view path) {
  constexpr std::array<std::string_view, 4> names{".DS_Store", "Thumbs.db", "desktop.ini", "Desktop.ini"};
  return std::ranges::find(names, path.substr(path.rfind('/') + 1)) != names.end();
}

struct Manifest {
  std::string name;
  bool of_tags{};
  std::optional<Algorithm> algorithm;
};

/// manifest-sha256.txt, tagmanifest-md5.txt; nothing for any other name.
std::optional<Manifest> manifest_called(std::string_view path) {
  std::string_view name = path;
  const bool of_tags = name.starts_with("tag");
  if (of_tags) name.remove_prefix(3);
  if (!name.starts_with("manifest-") || !name.ends_with(".txt") || name.size() <= 13) return std::nullopt;
  name.remove_prefix(9);
  name.remove_suffix(4);
  if (name.find('/') != std::string_view::npos) return std::nullopt;
  return Manifest{std::string{path}, of_tags, algorithm_named(name)};
}

/// What one manifest says of one file.
struct Claim {
  const Manifest* manifest;
  std::string checksum;
};

class Judging {
 public:
  explicit Judging(const BagSource& source) : source_(source) {}

  Verdict run() {
    for (const std::string& path : source_.strange()) {
      error(path, "It is a link, a pipe or a device. A bag holds files only, and a link may lead out of it", "a file");
    }
    read_declaration();
    read_manifests();
    read_fetch_list();
    compare_files();
    name_missing();
    name_unlisted();
    name_twins();
    compare_oxum();
    std::ranges::stable_sort(verdict_.findings, [](const Finding& a, const Finding& b) {
      const bool a_is_whole = a.path == the_bag, b_is_whole = b.path == the_bag;
      return a_is_whole != b_is_whole ? a_is_whole : a.path < b.path;
    });
    return std::move(verdict_);
  }

 private:
  void note(Severity severity, std::string_view path, std::string problem, std::string expected, std::string found) {
    verdict_.findings.push_back({severity, printable(path), std::move(problem), std::move(expected), std::move(found)});
  }
  void error(std::string_view path, std::string problem, std::string expected = {}, std::string found = {}) {
    note(Severity::error, path, std::move(problem), std::move(expected), std::move(found));
  }
  void warning(std::string_view path, std::string problem, std::string expected = {}, std::string found = {}) {
    note(Severity::warning, path, std::move(problem), std::move(expected), std::move(found));
  }
  /// What 1.0 forbids and the drafts before it left open.
  Severity since_1_0() const { return version_ >= version_1_0 ? Severity::error : Severity::warning; }

  void note_all(std::string_view path, const std::vector<TagFault>& faults) {
    for (const TagFault& fault : faults) {
      note(fault.is_error ? Severity::error : Severity::warning, path,
           fmt::format("Line {}: {}", fault.line, fault.problem), fault.expected, fault.found);
    }
  }

  /// The bytes of a tag file; nothing, and a finding, when they cannot be had.
  std::optional<std::string> bytes_of(const BagSource::File& file) {
    try {
      return source_.text(file, longest_tag_file);
    } catch (const std::runtime_error& e) {
      error(file.path, fmt::format("It cannot be read: {}", e.what()));
      return std::nullopt;
    }
  }

  std::optional<std::string> text_of(const BagSource::File& file) {
    const auto bytes = bytes_of(file);
    if (!bytes) return std::nullopt;
    auto text = to_utf8(*bytes, encoding_);
    if (!text) {
      error(file.path, "It is not in the encoding that bagit.txt names, or that is one not read here",
            "UTF-8 (or US-ASCII, ISO-8859-1, UTF-16)", printable(encoding_));
    }
    return text;
  }

  void read_declaration() {
    const auto* const file = source_.find("bagit.txt");
    if (file == nullptr) return error("bagit.txt", "It is missing: without it this is no bag");
    const auto bytes = bytes_of(*file);
    if (!bytes) return;
    const Declaration declaration = bag::read_declaration(*bytes);
    note_all(file->path, declaration.faults);
    version_ = declaration.version;
    encoding_ = declaration.encoding;
    if (declaration.faults.empty()) verdict_.version = fmt::format("{}.{}", version_.major, version_.minor);
  }

  void read_manifests() {
    for (const auto& file : source_.files()) {
      if (auto manifest = manifest_called(file.path)) manifests_.push_back(std::move(*manifest));
    }
    for (const Manifest& manifest : manifests_) read_manifest(manifest);

    const auto of_payload = [](const Manifest& m) { return !m.of_tags; };
    const auto can_be_checked = [](const Manifest& m) { return !m.of_tags && m.algorithm; };
    if (std::ranges::none_of(manifests_, of_payload)) {
      error(the_bag, "There is no manifest of the payload: nothing says what has to be in the bag",
            "manifest-sha256.txt");
    } else if (std::ranges::none_of(manifests_, can_be_checked)) {
      error(the_bag, "No manifest of the payload has checksums that can be worked out here",
            "md5, sha1, sha224, sha256, sha384 or sha512");
    } else if (std::ranges::none_of(
                   manifests_, [](const Manifest& m) { return !m.of_tags && m.algorithm && !is_weak(*m.algorithm); })) {
      warning(the_bag,
              "Its only checksums are MD5 or SHA-1: they show damage, but somebody who means to can change a file and "
              "keep them",
              "sha256 or sha512");
    }
    if (!source_.has_payload_folder()) error("data/", "The folder of the payload is missing");
  }

  void read_manifest(const Manifest& manifest) {
    if (!manifest.algorithm) {
      warning(manifest.name,
              "Its checksums are of a kind that cannot be worked out here: what it lists is looked for, not compared");
    }
    const auto text = text_of(*source_.find(manifest.name));
    if (!text) return;
    Listing listing =
        bag::read_manifest(*text, manifest.algorithm ? checksum_length(*manifest.algorithm) : 0, version_);
    note_all(manifest.name, listing.faults);
    for (ListedFile& file : listing.files) {
      if (!manifest.of_tags && !is_payload(file.path)) {
        error(manifest.name, fmt::format("Line {}: a manifest of the payload lists what lies outside data/", file.line),
              "data/…", printable(file.path));
        continue;
      }
      auto& claims = claims_[file.path];
      const auto twice = std::ranges::find(claims, &manifest, &Claim::manifest);
      if (twice == claims.end()) {
        claims.push_back({&manifest, std::move(file.checksum)});
      } else if (twice->checksum == file.checksum) {
        note(since_1_0(), file.path, fmt::format("{} lists it twice", manifest.name), "once", {});
      } else {
        error(file.path, fmt::format("{} lists it twice, with different checksums", manifest.name), twice->checksum,
              file.checksum);
      }
    }
  }

  void read_fetch_list() {
    const auto* const file = source_.find("fetch.txt");
    if (file == nullptr) return;
    const auto text = text_of(*file);
    if (!text) return;
    const Listing listing = read_fetch(*text, version_);
    note_all(file->path, listing.faults);
    for (const ListedFile& fetched : listing.files) {
      if (!is_payload(fetched.path)) {
        error(file->path, fmt::format("Line {}: it would fetch a file to outside data/", fetched.line), "data/…",
              printable(fetched.path));
        continue;
      }
      if (!claims_.contains(fetched.path)) {
        error(fetched.path, "fetch.txt lists it and no manifest does: what would be fetched could not be checked");
      }
      to_fetch_.insert(fetched.path);
    }
  }

  /// The one pass over the bytes.
  void compare_files() {
    std::map<Algorithm, Checksum> checksums;
    for (const Manifest& manifest : manifests_) {
      if (manifest.algorithm) checksums.try_emplace(*manifest.algorithm, *manifest.algorithm);
    }
    for (const auto& file : source_.files()) {
      ++verdict_.files;
      if (is_payload(file.path)) {
        ++payload_.files;
        payload_.octets += file.size;
      }
      const auto claims = claims_.find(file.path);
      std::map<Algorithm, std::string> found;
      if (claims != claims_.end()) {
        for (const Claim& claim : claims->second) {
          if (claim.manifest->algorithm) found.try_emplace(*claim.manifest->algorithm);
        }
      }
      try {
        source_.read(file, [&](std::span<const std::byte> piece) {
          verdict_.octets += piece.size();
          for (const auto& [algorithm, none] : found) checksums.at(algorithm).update(piece);
        });
      } catch (const SealedZipError& e) {
        error(file.path, fmt::format("{}, at byte {} of the ZIP", e.what(), e.offset), e.expected, e.found);
      } catch (const std::runtime_error& e) {
        error(file.path, fmt::format("It cannot be read: {}", printable(e.what())));
      }
      for (auto& [algorithm, checksum] : found) checksum = checksums.at(algorithm).finish();
      if (claims == claims_.end()) continue;
      for (const Claim& claim : claims->second) {
        if (!claim.manifest->algorithm) continue;
        const std::string& checksum = found.at(*claim.manifest->algorithm);
        if (checksum != claim.checksum) {
          error(file.path,
                fmt::format("It is not the file that {} lists: it was changed since, or damaged", claim.manifest->name),
                claim.checksum, checksum);
        }
      }
    }
  }

  /// Before 1.0: a file that is there, listed in the same manifest with the same checksum, under a name that a file
  /// system may take for this one.
  const BagSource::File* twin_of(const std::string& path, const std::vector<Claim>& claims) const {
    if (version_ >= version_1_0) return nullptr;
    for (const std::string& name : names_like(path)) {
      const auto* const file = source_.find(name);
      const auto twin = claims_.find(name);
      if (file == nullptr || twin == claims_.end()) continue;
      const bool same = std::ranges::all_of(claims, [&](const Claim& claim) {
        return std::ranges::any_of(twin->second, [&](const Claim& other) {
          return other.manifest == claim.manifest && other.checksum == claim.checksum;
        });
      });
      if (same) return file;
    }
    return nullptr;
  }

  void name_missing() {
    for (const auto& [path, claims] : claims_) by_likeness_[alike(path)].push_back(path);
    for (const auto& [path, claims] : claims_) {
      if (source_.find(path) != nullptr) continue;
      const std::string& manifest = claims.front().manifest->name;
      if (to_fetch_.contains(path)) {
        error(path,
              "It is not in the bag: fetch.txt says where it could be had. The bag is incomplete, and nothing is "
              "fetched here");
      } else if (const auto* const twin = twin_of(path, claims)) {
        warning(path, fmt::format("{} lists one file under two names; it is there under the other", manifest),
                printable(path), printable(twin->path));
      } else if (is_system_file(path) && version_ < version_1_0) {
        warning(path,
                fmt::format("{} lists it and it is missing: operating systems make and remove such files by themselves",
                            manifest));
        system_files_missing_ = true;
      } else {
        error(path, fmt::format("It is missing: {} lists it", manifest), claims.front().checksum);
      }
    }
  }

  void name_unlisted() {
    const bool tags_listed = std::ranges::any_of(manifests_, &Manifest::of_tags);
    if (!tags_listed) {
      note(source_.is_sealed() ? Severity::error : Severity::warning, the_bag,
           "There is no tag manifest: the files beside the payload could be changed unseen", "tagmanifest-sha256.txt",
           {});
    }
    for (const auto& file : source_.files()) {
      const auto claims = claims_.find(file.path);
      const auto listed_by = [&](const Manifest& manifest) {
        return claims != claims_.end() &&
               std::ranges::any_of(claims->second, [&](const Claim& claim) { return claim.manifest == &manifest; });
      };
      if (is_system_file(file.path)) {
        warning(file.path,
                "Operating systems make and remove such files by themselves: it may not be part of what was sent");
      }
      if (is_payload(file.path)) {
        const bool listed =
            std::ranges::any_of(manifests_, [&](const Manifest& m) { return !m.of_tags && listed_by(m); });
        if (!listed) error(file.path, "It was added: no manifest lists it");
        if (!listed || version_ < version_1_0) continue;
        for (const Manifest& manifest : manifests_) {
          if (!manifest.of_tags && !listed_by(manifest))
            error(file.path,
                  fmt::format("{} does not list it, as every manifest of the payload has to", manifest.name));
        }
      } else if (const auto manifest = manifest_called(file.path); tags_listed && !(manifest && manifest->of_tags)) {
        if (std::ranges::any_of(manifests_, [&](const Manifest& m) { return m.of_tags && listed_by(m); })) continue;
        note(source_.is_sealed() ? Severity::error : Severity::warning, file.path,
             "No tag manifest lists it: it may have been added or changed since", {}, {});
      }
    }
  }

  void name_twins() {
    for (const auto& [likeness, paths] : by_likeness_) {
      for (std::size_t i = 1; i < paths.size(); ++i) {
        warning(paths[i],
                "Its name differs only in capitals or in how accents are written from another's: some systems take the "
                "two for one file",
                {}, printable(paths[0]));
      }
    }
  }

  void compare_oxum() {
    const auto* file = source_.find("bag-info.txt");
    if (file == nullptr) file = source_.find("package-info.txt");  // its name before 0.96
    if (file == nullptr) return;
    const auto text = text_of(*file);
    if (!text) return;
    const BagInfo info = read_bag_info(*text);
    note_all(file->path, info.faults);
    for (const Oxum& oxum : info.oxums) {
      if (oxum == payload_) continue;
      note(system_files_missing_ ? Severity::warning : Severity::error, file->path,
           "Payload-Oxum, the payload's bytes and files, is not what is there",
           fmt::format("{}.{}", oxum.octets, oxum.files), fmt::format("{}.{}", payload_.octets, payload_.files));
    }
  }

  const std::vector<std::string>& names_like(const std::string& path) const { return by_likeness_.at(alike(path)); }

  const BagSource& source_;
  Verdict verdict_;
  BagVersion version_;
  std::string encoding_{"UTF-8"};
  std::vector<Manifest> manifests_;
  std::map<std::string, std::vector<Claim>, std::less<>> claims_;  // by path
  std::map<std::string, std::vector<std::string>> by_likeness_;    // paths that are claimed
  std::set<std::string, std::less<>> to_fetch_;
  Oxum payload_;
  bool system_files_missing_{};
};

}  // namespace

bool Verdict::valid() const {
  return std::ranges::none_of(findings, [](const Finding& f) { return f.severity == Severity::error; });
}

Verdict judge_bag(const std::filesystem::path& path) {
  try {
    return judge_bag(*open_bag(path));
  } catch (const SealedZipError& e) {
    Verdict verdict;
    verdict.findings.push_back({Severity::error, printable(path.filename().string()),
                                fmt::format("{}, at byte {}", e.what(), e.offset), printable(e.expected),
                                printable(e.found)});
    return verdict;
  }
}

Verdict judge_bag(const BagSource& source) {
  return Judging{source}.run();
}

}  // namespace answerable::bag
