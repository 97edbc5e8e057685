#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "tests/reports/pdf_archive_parts.hpp"

namespace answerable::render {
namespace {

using nlohmann::json;

/// An XMP packet, read by libxml2's xmllint.
class Packet {
 public:
  explicit Packet(const std::string& bytes)
      : path_(std::filesystem::temp_directory_path() / fmt::format("answerable-packet-{}.xml", ::getpid())) {
    std::ofstream(path_, std::ios::binary) << bytes;
  }
  ~Packet() { std::filesystem::remove(path_); }
  Packet(const Packet&) = delete;
  Packet& operator=(const Packet&) = delete;

  bool well_formed() const { return ask("--noout").status == 0; }

  /// "" for a property that is not there.
  std::string property(const std::string& space, const std::string& name, const std::string& below = "") const {
    return ask(fmt::format("--xpath \"string(/*[local-name()='xmpmeta' and namespace-uri()='adobe:ns:meta/']"
                           "/*[local-name()='RDF']/*[local-name()='Description']"
                           "/*[local-name()='{}' and namespace-uri()='{}']{})\"",
                           name, space, below))
        .output;
  }

 private:
  struct Answer {
    int status;
    std::string output;
  };
  Answer ask(const std::string& arguments) const {
    std::FILE* pipe = ::popen(fmt::format("xmllint --nonet {} {} 2>/dev/null", arguments, path_.string()).c_str(), "r");
    std::string output;
    std::array<char, 4096> part{};
    for (std::size_t n = 0; (n = std::fread(part.data(), 1, part.size(), pipe)) > 0;) output.append(part.data(), n);
    const int status = ::pclose(pipe);
    if (output.ends_with('\n')) output.pop_back();
    return {status, output};
  }

  std::filesystem::path path_;
};

/// "2026-11-21T20:15:03Z" of "D:20261121201503Z"
std::string iso_of(const std::string& date) {
  if (date.size() != 17) return date;
  return fmt::format("{}-{}-{}T{}:{}:{}Z", date.substr(2, 4), date.substr(6, 2), date.substr(8, 2), date.substr(10, 2),
                     date.substr(12, 2), date.substr(14, 2));
}

}  // namespace

void check_metadata(const PdfObjects& pdf, Violations& found) {
  const json& catalogue = pdf.at(pdf.trailer(), "/Root");
  if (!found.unless(catalogue.contains("/Metadata"), "6.6.2.1: no metadata")) return;
  const json& stream = pdf.at(catalogue, "/Metadata");
  found.unless(pdf.at(stream, "/Type") == "/Metadata" && pdf.at(stream, "/Subtype") == "/XML",
               "6.6.2.1: the metadata is not said to be XML");
  found.unless(!stream.contains("/Filter"), "6.6.2.1: the metadata cannot be found by a search of the bytes");
  const std::string bytes = pdf.stream(catalogue.at("/Metadata"));
  const auto header = bytes.substr(0, bytes.find("?>"));
  found.unless(header.starts_with("<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\""),
               "6.6.2.1: no packet header");
  found.unless(header.find("bytes=") == std::string::npos && header.find("encoding=") == std::string::npos,
               "6.6.2.1: 'bytes' or 'encoding' in the packet header");
  const Packet packet(bytes);
  if (!found.unless(packet.well_formed(), "6.6.2.1: the metadata is not well formed")) return;

  const std::string identification = "http://www.aiim.org/pdfa/ns/id/";
  found.unless(packet.property(identification, "part") == "2", "6.6.4: not said to be part 2");
  found.unless(packet.property(identification, "conformance") == "A", "6.6.4: not said to be of level A");

  const std::string dublin_core = "http://purl.org/dc/elements/1.1/";
  const std::string xmp = "http://ns.adobe.com/xap/1.0/";
  const auto information = [&](const char* key) {
    const std::string text = pdf.at(pdf.trailer(), "/Info").value(key, "");
    return text.starts_with("u:") ? text.substr(2) : text;
  };
  const std::string first = "/*/*[local-name()='li'][1]";
  found.unless(!information("/Title").empty(), "6.6.3: no title");
  found.unless(packet.property(dublin_core, "title", first) == information("/Title"), "6.6.3: the titles differ");
  found.unless(packet.property(dublin_core, "creator", first) == information("/Author"), "6.6.3: the authors differ");
  found.unless(packet.property(dublin_core, "description", first) == information("/Subject"),
               "6.6.3: the subjects differ");
  found.unless(packet.property(xmp, "CreatorTool") == information("/Creator"), "6.6.3: the makers differ");
  found.unless(packet.property(xmp, "CreateDate") == iso_of(information("/CreationDate")), "6.6.3: the dates differ");
  for (const auto& [key, value] : pdf.at(pdf.trailer(), "/Info").items()) {
    found.unless(
        key == "/Title" || key == "/Author" || key == "/Subject" || key == "/Creator" || key == "/CreationDate",
        "6.6.3: the information dictionary says more: " + key);
  }
}

}  // namespace answerable::render
