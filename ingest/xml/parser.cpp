#include "ingest/xml/parser.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <xercesc/framework/XMLValidityCodes.hpp>
#include <xercesc/sax/SAXException.hpp>
#include <xercesc/util/XMLException.hpp>

#include "ingest/xml/splitter.hpp"
#include "ingest/xml/utf8.hpp"

namespace answerable::xml {
namespace {

namespace x = xercesc;

constexpr std::size_t most_depth = 64;
constexpr std::size_t most_attributes = 256;

std::vector<std::filesystem::path> schemas_of(const Kinds& kinds) {
  std::vector<std::filesystem::path> schemas{kinds.schemas_folder() / "submission" / "1" / "submission.xsd"};
  for (const auto& kind : kinds.all()) schemas.push_back(kind.schema());
  return schemas;
}

bool before(const Fault& a, const Fault& b) {
  return std::pair(a.line, a.column) < std::pair(b.line, b.column);
}

/// What is wrong with an identifier is said once, in the identifier's words, not also in those of the schema's pattern.
void drop_doubles(std::vector<Fault>& faults, std::size_t schema_faults) {
  std::vector<bool> drop(schema_faults);
  for (std::size_t i = 0; i < schema_faults; ++i) {
    drop[i] =
        std::any_of(faults.begin() + static_cast<std::ptrdiff_t>(schema_faults), faults.end(), [&](const Fault& it) {
          return it.line == faults[i].line && it.column == faults[i].column && it.field == faults[i].field;
        });
  }
  std::size_t i = 0;
  std::erase_if(faults, [&](const Fault&) { return i < schema_faults ? static_cast<bool>(drop[i++]) : false; });
}

std::string_view record_bytes(const wire::ChunkJob& job, const RecordCut& cut) {
  return job.bytes.substr(cut.start.byte - job.start.byte, cut.length);
}

}  // namespace

/// Builds the envelope's tree and, one after another, the records' trees.
class Parser::Reader final : public HardenedReader {
 public:
  Reader(x::XMLGrammarPool* pool, bool validate, Names& names)
      : HardenedReader(pool, validate), names_(names), records_(names.id("records")) {}

  template <class OnRecord>
  void run(std::string_view document, OnRecord on_record) {
    envelope.clear();
    envelope_complaints.clear();
    fatal.reset();
    pending_.clear();
    depth_ = 0;
    in_records_ = false;
    on_record_ = on_record;
    try {
      parse_bytes(document);
    } catch (const x::XMLException& e) {
      if (!fatal) fatal = Complaint{true, false, 0, utf8(e.getMessage()), 1, 1};
    } catch (const x::SAXException& e) {
      if (!fatal) fatal = Complaint{true, false, 0, utf8(e.getMessage()), 1, 1};
    }
  }

  Tree envelope, record;
  ValueTypes record_types;
  std::vector<Complained> envelope_complaints, record_complaints;
  std::optional<Complaint> fatal;
  std::string record_ns;

 private:
  bool in_record() const { return in_records_ && depth_ >= 3; }

  void complain(const Complaint& complaint) override {
    if (complaint.fatal) {
      if (!fatal) fatal = complaint;
      return;
    }
    if (complaint.of_schema && complaint.code == x::XMLValid::NoCharDataInCM) {
      keep(complaint);
      return;
    }
    pending_.push_back(complaint);
  }

  void keep(Complaint complaint) {
    auto& to = in_record() ? record_complaints : envelope_complaints;
    const auto node = in_record() ? record.current() : envelope.current();
    // Enough to know of; a hostile record could bring one for each of its bytes.
    if (to.size() < 1000) to.push_back({node, std::move(complaint)});
  }

  void keep_pending() {
    for (auto& it : pending_) keep(std::move(it));
    pending_.clear();
  }

  void startElement(const x::XMLElementDecl& declaration, const unsigned int uri, const XMLCh* const,
                    const x::RefVectorOf<x::XMLAttr>& attributes, const XMLSize_t count, const bool is_empty,
                    const bool) override {
    if (depth_ >= most_depth) throw Forbidden{"elements stand too deep"};
    if (count > most_attributes) throw Forbidden{"an element has too many attributes"};
    const auto name = names_.id_of(declaration.getBaseName());
    const bool starts_record = in_records_ && depth_ == 2;
    if (starts_record) {
      record.clear();
      record_types.clear();
      record_complaints.clear();
      record_ns = utf8(getURIText(uri));
      record_uri_ = uri;
    }
    if (depth_ == 0) root_uri_ = uri;
    ++depth_;
    auto& tree = in_record() ? record : envelope;
    tree.open(name, in_record() ? uri != record_uri_ : uri != root_uri_);
    if (depth_ == 2 && name == records_ && uri == root_uri_) in_records_ = true;
    if (in_record()) record_types.open(declaration);
    for (XMLSize_t i = 0; i < count; ++i) add(tree, declaration, *attributes.elementAt(i));
    if (!pending_.empty()) keep_pending();
    if (is_empty) close();
  }

  void add(Tree& tree, const x::XMLElementDecl& declaration, const x::XMLAttr& attribute) {
    const std::u16string_view prefix(attribute.getPrefix());
    const std::u16string_view name(attribute.getName());
    if (prefix == u"xmlns" || (prefix.empty() && name == u"xmlns") || prefix == u"xsi") return;
    auto& store = tree.text_store();
    const auto begin = static_cast<std::uint32_t>(store.size());
    const std::u16string_view value(attribute.getValue());
    append_utf8(store, value.data(), value.size());
    tree.add_attribute(
        prefix.empty() ? names_.id_of(attribute.getName()) : names_.id(std::u16string_view(attribute.getQName())),
        begin);
    if (in_record()) record_types.attribute(declaration, attribute);
  }

  void endElement(const x::XMLElementDecl&, const unsigned int, const bool, const XMLCh* const) override { close(); }

  void close() {
    if (!pending_.empty()) keep_pending();
    (in_record() ? record : envelope).close();
    --depth_;
    if (in_records_ && depth_ == 2) on_record_();
    if (depth_ == 1) in_records_ = false;
  }

  void docCharacters(const XMLCh* const text, const XMLSize_t length, const bool) override {
    if (depth_ == 0) return;
    auto& tree = in_record() ? record : envelope;
    auto& store = tree.text_store();
    const auto begin = static_cast<std::uint32_t>(store.size());
    append_utf8(store, text, length);
    tree.add_text(begin);
  }

  void ignorableWhitespace(const XMLCh* const, const XMLSize_t, const bool) override {}

  Names& names_;
  std::uint32_t records_;
  std::vector<Complaint> pending_;
  std::size_t depth_{};
  bool in_records_{};
  unsigned root_uri_{}, record_uri_{};
  std::function<void()> on_record_;
};

Parser::Parser(const std::filesystem::path& schemas_folder, bool contents)
    : contents_(contents), kinds_(Kinds::load(schemas_folder)) {
  const auto schemas = schemas_of(kinds_);
  pool_ = load_grammars(schemas);
  model_ = std::make_unique<SchemaModel>(schemas);
  for (const auto& kind : kinds_.all()) by_ns_[kind.ns] = &extractors_.emplace_back(kind, names_);
  scheme_ = names_.id("scheme");
  code_ = names_.id("code");
  id_ = names_.id("id");
  reader_ = std::make_unique<Reader>(pool_.get(), true, names_);
}

Parser::~Parser() = default;

Position Parser::in_file(const wire::ChunkJob& job, int line, int column) const {
  // Xerces counts lines by LF, CR LF and CR, and columns in UTF-16 units, in the document it was given; what it means
  // is a byte.
  const std::string_view document = document_;
  std::size_t at = document.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  for (int l = 1; l < line && at < document.size(); ++at) {
    if (document[at] == '\n' || (document[at] == '\r' && (at + 1 == document.size() || document[at + 1] != '\n'))) ++l;
  }
  for (int c = 1; c < column && at < document.size();) {
    const auto lead = static_cast<unsigned char>(document[at]);
    c += lead >= 0xF0 ? 2 : 1;
    at += lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  }
  at = std::min(at, document.size());
  Position place;
  const bool in_head = at < head_.bytes.size() || head_.bytes.empty();
  if (in_head) {
    place.advance(document.substr(0, at));
  } else {
    place = job.start;
    place.advance(document.substr(head_.bytes.size(), std::min(at - head_.bytes.size(), job.bytes.size())));
  }
  return place;
}

void Parser::begin(wire::Head head) {
  head_ = std::move(head);
  shapes_.clear();
}

std::string Parser::chunk(const wire::ChunkJob& job) {
  wire::Result result;
  result.job = job.job;
  records_.clear();
  // The records whose shape is not known are parsed, as many at once as stand together.
  wire::ChunkJob run = job;
  run.records.clear();
  const auto parse_run = [&] {
    if (run.records.empty()) return;
    const auto& last = run.records.back();
    run.bytes = job.bytes.substr(run.start.byte - job.start.byte, last.start.byte + last.length - run.start.byte);
    parse(run, true, result);
    run.records.clear();
  };
  for (std::size_t i = 0; i < job.records.size() && !result.fatal; ++i) {
    const auto& cut = job.records[i];
    const auto lead = job.bytes.substr(cut.start.byte - job.start.byte - cut.lead, cut.lead);
    if (!job.wants_envelope && shapes_.fits(lead, record_bytes(job, cut), tree_, ns_)) {
      parse_run();
      if (!result.fatal) record(job, cut, {tree_, ns_, {}});
      continue;
    }
    if (run.records.empty() && i > 0) {
      run.start = job.records[i - 1].start;
      run.start.advance(record_bytes(job, job.records[i - 1]));
    }
    run.records.push_back(cut);
  }
  if (!result.fatal) parse_run();
  return wire::result(result, records_);
}

std::string Parser::tail(const wire::ChunkJob& job) {
  wire::Result result;
  result.job = job.job;
  records_.clear();
  parse(job, false, result);
  return wire::result(result, records_);
}

void Parser::parse(const wire::ChunkJob& job, bool closed_by_us, wire::Result& result) {
  document_ = head_.bytes;
  document_ += job.bytes;
  if (closed_by_us) document_ += head_.closing;
  whole_kinds_ = true;
  std::size_t next = 0;
  bool astray = false;
  const auto on_record = [&] {
    if (next >= job.records.size()) {
      astray = true;
      return;
    }
    const auto& cut = job.records[next++];
    record(job, cut, {reader_->record, reader_->record_ns, reader_->record_complaints});
    if (reader_->record_complaints.empty() && by_ns_.contains(reader_->record_ns))
      shapes_.learn(record_bytes(job, cut), reader_->record, reader_->record_ns, reader_->record_types);
  };
  std::string forbidden;
  try {
    reader_->run(document_, on_record);
  } catch (const Forbidden& it) {
    forbidden = it.why;
    reader_ = std::make_unique<Reader>(pool_.get(), true, names_);
  }
  if (reader_->fatal) {
    auto fault = ill_formed(*reader_->fatal);
    const auto place = in_file(job, reader_->fatal->line, reader_->fatal->column);
    fault.line = place.line;
    fault.column = place.column;
    result.faults.push_back(std::move(fault));
    result.fatal = true;
  } else if (!forbidden.empty() || astray || next != job.records.size()) {
    Fault fault;
    fault.code = "file.unsafe";
    fault.line = job.start.line;
    fault.column = job.start.column;
    fault.problem =
        fmt::format("The file cannot be read safely from here on{}{}.", forbidden.empty() ? "" : ": ", forbidden);
    fault.expected = "XML as an XML library writes it.";
    fault.mend = "Export the file again with an XML library.";
    result.faults.push_back(std::move(fault));
    result.fatal = true;
  }
  // A header that was read to its end is told of even then, so that what was found before is heard of.
  if (!result.fatal || (job.wants_envelope && records_.count() > 0)) envelope(job, result);
}

std::string Parser::whole(const wire::ChunkJob& job) {
  head_ = {};
  document_ = job.bytes;
  wire::Result result;
  result.job = job.job;
  records_.clear();
  Reader reader(nullptr, false, names_);
  try {
    reader.run(document_, [] {});
  } catch (const Forbidden& it) {
    reader.fatal = Complaint{true, false, 0, it.why, 1, 1};
  }
  if (reader.fatal) {
    auto fault = ill_formed(*reader.fatal);
    const auto place = in_file(job, reader.fatal->line, reader.fatal->column);
    fault.line = place.line;
    fault.column = place.column;
    result.faults.push_back(std::move(fault));
    result.fatal = true;
  }
  return wire::result(result, records_);
}

void Parser::unknown_kind(const Read& read, Places& places, ParsedRecord& made) {
  const auto ns = read.ns;
  const auto& name = names_.text(read.tree[0].name);
  std::vector<std::string> elements;
  const Kind* same = nullptr;
  for (const auto& kind : kinds_.all()) {
    elements.push_back(kind.element);
    if (kind.element == name) same = &kind;
  }
  const Kind* near = same;
  if (near == nullptr) {
    if (const auto word = nearest(name, elements)) {
      near =
          &*std::find_if(kinds_.all().begin(), kinds_.all().end(), [&](const Kind& it) { return it.element == *word; });
    }
  }
  const auto place = places.of(0);
  Fault fault;
  fault.code = "namespace.unknown-kind";
  fault.line = place.line;
  fault.column = place.column;
  fault.record_id = made.id;
  fault.field = name;
  fault.sent = shortened(fmt::format("<{} xmlns=\"{}\">", name, ns), 200);
  fault.problem = ns.empty()            ? "The record's element is in no namespace, so that its kind is not known."
                  : ns == submission_ns ? "The record's element is in the envelope's namespace: it lacks its own xmlns."
                                        : "There is no such kind of record.";
  fault.expected =
      fmt::format("One of these kinds: {}. Each in the namespace its schema names.", fmt::join(elements, ", "));
  fault.mend = near != nullptr
                   ? fmt::format("Write <{} xmlns=\"{}\" id=\"…\">.", near->element, near->ns)
                   : "Choose the kind that says what happened; each has its schema and examples in schemas/records.";
  made.faults.push_back(std::move(fault));
}

void Parser::record(const wire::ChunkJob& job, const RecordCut& cut, const Read& read) {
  Places places(record_bytes(job, cut), cut.start);
  ParsedRecord made;
  make(read, places, made);
  whole_kinds_ = whole_kinds_ && !made.kind.empty();
  records_.add(made);
}

void Parser::make(const Read& read, Places& places, ParsedRecord& made) {
  const auto& tree = read.tree;
  made.id = tree.attribute(0, id_);
  const auto found = by_ns_.find(read.ns);
  if (found == by_ns_.end()) {
    unknown_kind(read, places, made);
    return;
  }
  std::size_t schema_faults = 0;
  if (!read.complaints.empty()) {
    const auto& name = names_.text(tree[0].name);
    const auto* rule = model_->find(read.ns, name);
    if (rule == nullptr) {
      const auto& kind = found->second->kind();
      const auto place = places.of(0);
      Fault fault;
      fault.code = "element.unknown";
      fault.line = place.line;
      fault.column = place.column;
      fault.record_id = made.id;
      fault.field = name;
      fault.sent = fmt::format("<{}>", shortened(name, 100));
      fault.problem =
          fmt::format("A record of the kind {} does not begin with the element {}.", kind.name, shortened(name, 100));
      fault.expected = fmt::format("The element {}.", kind.element);
      fault.mend = fmt::format("Write <{} xmlns=\"{}\" id=\"…\">.", kind.element, kind.ns);
      made.kind = kind.name;
      made.version = kind.version;
      made.faults.push_back(std::move(fault));
      return;
    }
    made.faults = diagnose(tree, names_, rule, read.complaints, places, made.id);
    schema_faults = made.faults.size();
  }
  found->second->extract(tree, places, head_.today, contents_, made);
  if (made.faults.empty()) return;
  drop_doubles(made.faults, schema_faults);
  std::stable_sort(made.faults.begin(), made.faults.end(), before);
}

void Parser::envelope(const wire::ChunkJob& job, wire::Result& result) {
  const auto& tree = reader_->envelope;
  std::vector<Complained> complaints;
  for (const auto& it : reader_->envelope_complaints) {
    const bool in_records = it.node >= 0 && names_.text(tree[it.node].name) == "records" && tree[it.node].parent == 0;
    if (in_records && it.complaint.code == x::XMLValid::NoCharDataInCM) {
      const auto place = in_file(job, it.complaint.line, it.complaint.column);
      Fault fault;
      fault.code = "text.unexpected";
      fault.line = place.line;
      fault.column = place.column;
      fault.field = "submission/records";
      fault.problem = "Text stands between the records, just before this place.";
      fault.expected = "Records only, with nothing but white space and comments between them.";
      fault.mend = "Take the text out.";
      result.faults.push_back(std::move(fault));
    } else if (!in_records || whole_kinds_) {
      // A record of no known kind has its own fault; that the records element then does not fit either says nothing
      // more.
      complaints.push_back(it);
    }
  }
  Places places(document_, {});
  std::vector<Fault> faults;
  if (!complaints.empty())
    faults = diagnose(tree, names_, model_->find(submission_ns, "submission"), complaints, places, {});
  const auto schema_faults = faults.size();
  check_identifiers(tree, names_, scheme_, code_, places, {}, faults);
  drop_doubles(faults, schema_faults);
  if (!job.wants_envelope) {
    // The head has been spoken of with the first piece of the file.
    Position end;
    end.advance(head_.bytes);
    std::erase_if(faults,
                  [&](const Fault& it) { return std::pair(it.line, it.column) < std::pair(end.line, end.column); });
    result.faults.insert(result.faults.end(), faults.begin(), faults.end());
    return;
  }
  const auto header = tree.child(0, names_.id("header"));
  Envelope made;
  if (header >= 0) {
    const auto node = [&](std::string_view name) { return tree.child(header, names_.id(name)); };
    const auto text = [&](std::int32_t at, std::string_view name) {
      const auto child = at < 0 ? -1 : tree.child(at, names_.id(name));
      return child < 0 ? std::string{} : std::string(tree.text(child));
    };
    const auto organisation = [&](std::int32_t at) {
      if (at < 0) return OrganisationRef{};
      return OrganisationRef{std::string(tree.attribute(at, scheme_)), std::string(tree.attribute(at, code_)),
                             std::string(tree.text(at))};
    };
    const auto complain = [&](std::int32_t at, std::string_view attribute, std::string code, std::string_view sent,
                              std::string problem, std::string expected, std::string mend) {
      const auto place = places.of(at);
      faults.push_back({Severity::error,
                        std::move(code),
                        place.line,
                        place.column,
                        {},
                        field_of(tree, names_, at, attribute),
                        shortened(sent, 200),
                        std::move(problem),
                        std::move(expected),
                        std::move(mend)});
    };
    made.message_id = text(header, "messageId");
    made.sender = organisation(node("sender"));
    made.authority = organisation(node("authority"));
    made.agreement = text(header, "agreement");
    made.source_system = text(header, "sourceSystem");
    made.period_from = parse_day(text(node("period"), "from"));
    made.period_to = parse_day(text(node("period"), "to"));
    const auto created = parse_instant(text(header, "createdAt"));
    if (created) made.created_at = *created;
    if (faults.empty()) {
      if (made.authority.scheme != "cassr") {
        complain(node("authority"), "scheme", "authority.scheme", made.authority.scheme,
                 "The council is not named by its CASSR code.", "scheme=\"cassr\" and the council's three-digit code.",
                 "Write for example <authority scheme=\"cassr\" code=\"905\">Somerset</authority>.");
      }
      if (!created) {
        complain(node("createdAt"), {}, "value.date", text(header, "createdAt"),
                 "This is not a clock time with its zone.", "A clock time with its zone.",
                 "Write it like 2024-06-01T09:30:00+01:00.");
      }
      if (made.period_from && made.period_to && *made.period_to < *made.period_from) {
        complain(node("period"), {}, "date.order",
                 fmt::format("{} to {}", iso(*made.period_from), iso(*made.period_to)),
                 "The period ends before it begins.", "A first day on or before the last day.",
                 "Check both days and correct the one that is wrong.");
      }
    }
  }
  std::stable_sort(faults.begin(), faults.end(), before);
  const bool right = header >= 0 && faults.empty();
  result.faults.insert(result.faults.end(), std::make_move_iterator(faults.begin()),
                       std::make_move_iterator(faults.end()));
  if (right) result.envelope = std::move(made);
}

}  // namespace answerable::xml
