#include "audit/ledger/judge_bundle.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "audit/bag/sealed_zip_reader.hpp"
#include "audit/ledger/judging.hpp"

namespace answerable::ledger {

bool Judgement::holds() const {
  return std::ranges::none_of(findings, [](const bag::Finding& f) { return f.severity == bag::Severity::error; });
}

BundleJudgement judge_bundle(const std::filesystem::path& path, const JudgeOptions& options) {
  std::unique_ptr<bag::BagSource> source;
  try {
    source = bag::open_bag(path);
  } catch (const bag::SealedZipError& e) {
    BundleJudgement result;
    result.findings.push_back(finding(path.filename().string(),
                                      fmt::format("{}, at byte {}. Nothing in it was judged", e.what(), e.offset),
                                      e.expected, e.found));
    return result;
  }
  return judge_bundle(*source, options);
}

BundleJudgement judge_bundle(const bag::BagSource& source, const JudgeOptions& options) {
  BundleJudgement result;
  result.cannot_tell.emplace_back(
      "that what was recorded was true: only that it is what was recorded, and has not been changed since");
  auto verdict = bag::judge_bag(source);
  result.findings = std::move(verdict.findings);
  result.files = verdict.files;
  result.octets = verdict.octets;
  Judging judging(source, result, options);
  judging.judge_tag_files();
  if (result.format.empty() || !judging.judge_checkpoint()) return result;
  if (result.format == "bundle/1")
    judge_leaves(judging);
  else
    judge_export(judging);
  return result;
}

}  // namespace answerable::ledger
