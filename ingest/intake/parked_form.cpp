#include <cstring>
#include <stdexcept>
#include <type_traits>

#include "ingest/intake/parked.hpp"

namespace answerable::intake {
namespace {

class Out {
 public:
  explicit Out(std::string& out) : out_(out) {}
  void raw(const void* bytes, std::size_t size) { out_.append(static_cast<const char*>(bytes), size); }
  void text(std::string_view value) {
    const std::size_t size = value.size();
    raw(&size, sizeof size);
    out_.append(value);
  }
  void attributes(const AttributeList& value) { text(value.packed()); }
  template <class T>
  std::size_t size(const std::vector<T>& values) {
    const std::size_t count = values.size();
    raw(&count, sizeof count);
    return count;
  }
  template <class T>
  bool presence(const std::optional<T>& value) {
    const bool there = value.has_value();
    raw(&there, sizeof there);
    return there;
  }

 private:
  std::string& out_;
};

class In {
 public:
  explicit In(std::string_view in) : in_(in) {}
  void raw(void* bytes, std::size_t size) { std::memcpy(bytes, take(size).data(), size); }
  void text(std::string& value) {
    std::size_t size;
    raw(&size, sizeof size);
    value = take(size);
  }
  void attributes(AttributeList& value) {
    std::string packed;
    text(packed);
    value = AttributeList::unpack(packed);
  }
  template <class T>
  std::size_t size(std::vector<T>& values) {
    std::size_t count;
    raw(&count, sizeof count);
    values.resize(count);
    return count;
  }
  template <class T>
  bool presence(std::optional<T>& value) {
    bool there;
    raw(&there, sizeof there);
    if (there) value.emplace();
    return there;
  }

 private:
  std::string_view take(std::size_t size) {
    if (size > in_.size()) throw std::runtime_error("the temporary file for records that wait for others was damaged");
    const auto taken = in_.substr(0, size);
    in_.remove_prefix(size);
    return taken;
  }
  std::string_view in_;
};

template <class>
inline constexpr bool is_list = false;
template <class T>
inline constexpr bool is_list<std::vector<T>> = true;
template <class>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

/// Writes or reads, field by field.
template <class Archive>
struct Form {
  Archive archive;

  void all(auto&... values) { (one(values), ...); }

  template <class T>
  void one(T& v) {
    using V = std::remove_const_t<T>;
    if constexpr (std::is_same_v<V, std::string>) {
      archive.text(v);
    } else if constexpr (std::is_same_v<V, AttributeList>) {
      archive.attributes(v);
    } else if constexpr (is_list<V>) {
      const std::size_t count = archive.size(v);
      for (std::size_t i = 0; i < count; ++i) one(v[i]);
    } else if constexpr (is_optional<V>) {
      if (archive.presence(v)) one(*v);
    } else if constexpr (std::is_same_v<V, OrganisationRef>) {
      all(v.scheme, v.code, v.name);
    } else if constexpr (std::is_same_v<V, IdentifierRef>) {
      all(v.scheme, v.value);
    } else if constexpr (std::is_same_v<V, Fault>) {
      all(v.severity, v.code, v.line, v.column, v.record_id, v.field, v.sent, v.problem, v.expected, v.mend);
    } else if constexpr (std::is_same_v<V, ParsedEntry>) {
      all(v.act, v.when, v.until, v.by, v.attributes);
    } else if constexpr (std::is_same_v<V, ParsedEvidence>) {
      all(v.item, v.state, v.target, v.document, v.is_a, v.covers, v.reason, v.created, v.searched_by, v.searched_where,
          v.searched_terms, v.searched_on);
    } else if constexpr (std::is_same_v<V, ParsedReference>) {
      all(v.id, v.sender, v.kinds, v.scheme, v.field, v.line, v.column, v.severity);
    } else if constexpr (std::is_same_v<V, ParsedRecord>) {
      all(v.ordinal, v.position, v.length, v.lead, v.line, v.column, v.kind, v.version, v.id, v.corrects,
          v.subject_type, v.subject, v.defines_subject, v.cases, v.agreement, v.function, v.performer, v.worker, v.role,
          v.recorded, v.source, v.entries, v.evidence, v.references, v.faults);
    } else {
      static_assert(std::is_trivially_copyable_v<V>);
      archive.raw(&v, sizeof v);
    }
  }
};

}  // namespace

void encode(const ParsedRecord& record, std::string& out) {
  Form<Out>{Out(out)}.one(record);
}

ParsedRecord decode(std::string_view encoded) {
  ParsedRecord record;
  Form<In>{In(encoded)}.one(record);
  return record;
}

}  // namespace answerable::intake
