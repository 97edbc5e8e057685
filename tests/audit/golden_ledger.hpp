#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/bag/bag_source.hpp"
#include "audit/ledger/checkpoint.hpp"
#include "audit/ledger/ed25519.hpp"
#include "ingest/intake/leaf.hpp"
#include "tests/audit/bag_kit.hpp"

/// The golden ledger of tests/audit/golden, made anew from its parts, and what can be made of it that is wrong.
namespace answerable::ledger::testing {

using bag::testing::Files;
namespace fs = std::filesystem;

inline const fs::path golden_folder = fs::path(ANSWERABLE_SOURCE) / "tests/audit/golden";
inline const std::string export_folder = "answerable-905-ledger-1", bundle_folder = "answerable-905-B-00000001";

struct GoldenLeaf {
  int format{};
  std::string text, content;
  intake::Salt salt{};
};

class Golden {
 public:
  Golden();

  const std::vector<GoldenLeaf>& leaves() const { return leaves_; }
  const std::string& sent() const { return sent_; }
  VerifierKey first_key() const { return vkey(first_); }
  VerifierKey second_key() const { return vkey(second_); }
  VerifierKey witness_key() const {
    return {"audit.made-up.example/w1", SignatureType::cosignature, witness_.public_key()};
  }
  /// Of somebody who made all this up.
  VerifierKey stranger_key() const { return vkey(stranger_); }
  const PrivateKey& stranger() const { return stranger_; }

  /// Signed for the first `size` of the leaves by the council's first key.
  std::string checkpoint(std::span<const GoldenLeaf> leaves, std::size_t size) const;
  std::string checkpoint(std::span<const GoldenLeaf> leaves, std::size_t size, std::vector<const PrivateKey*> signers,
                         bool cosigned) const;
  static std::string proof(std::span<const GoldenLeaf> leaves, std::size_t index, std::size_t size,
                           const std::string& note);

  /// The newest checkpoint: signed by both keys, cosigned.
  std::string newest() const { return checkpoint(leaves_, leaves_.size(), {&second_, &first_}, true); }
  std::vector<std::string> former() const;
  /// What stands below data/ in the export, of these leaves and checkpoints.
  Files export_payload() const { return export_payload(leaves_, former(), newest()); }
  Files export_payload(std::span<const GoldenLeaf> leaves, const std::vector<std::string>& notes,
                       const std::string& last) const;
  Files bundle_payload() const;
  std::string receipt(std::string_view state) const;

  /// The bag of this payload, manifests and all, as if it had been made so.
  static Files bag_of(const Files& payload);
  static fs::path seal(const fs::path& file, const Files& payload);

 private:
  static VerifierKey vkey(const PrivateKey& key);

  std::vector<GoldenLeaf> leaves_;
  std::string sent_, plan_;
  PrivateKey first_, second_, witness_, stranger_;
};

/// Files in memory, read as if they lay in a sealed ZIP.
class MemorySource : public bag::BagSource {
 public:
  explicit MemorySource(Files contents);
  bool is_sealed() const override { return true; }
  bool has_payload_folder() const override { return true; }
  void read(const File& file, const TakePiece& take) const override { take(as_bytes(contents_.at(file.path))); }

 private:
  Files contents_;
};

}  // namespace answerable::ledger::testing
