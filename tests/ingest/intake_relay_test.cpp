#include "ingest/intake/relay.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "ingest/digest.hpp"
#include "ingest/intake/key_map.hpp"

namespace answerable {
namespace {

using intake::Key;
using intake::KeyMap;
using intake::Relay;

/// Writes down what it is told; throws at a record of the name it is given.
struct Listener : xml::Handler {
  void envelope(const Envelope& envelope) override { told += "E" + envelope.message_id + ";"; }
  void record(ParsedRecord&& record, std::span<const std::byte> lead, std::span<const std::byte> body) override {
    if (record.id == bad) throw std::runtime_error("not this one");
    if (slow) std::this_thread::sleep_for(std::chrono::milliseconds{20});
    told += record.id + ":" + text(lead) + ":" + text(body) + ";";
    ++records_told;
  }
  void part(std::uint64_t position, std::span<const std::byte> bytes) override {
    told += "P" + std::to_string(position) + text(bytes) + ";";
  }
  static std::string text(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  std::string told, bad{"-"};
  bool slow{};
  std::atomic<int> records_told{};
};

ParsedRecord record(const std::string& id, std::uint32_t lead, std::uint32_t length) {
  ParsedRecord made;
  made.id = id;
  made.lead = lead;
  made.length = length;
  return made;
}

TEST(IntakeRelay, TellsEverythingInOrderAndCutsAPiecesBytesAtItsRecords) {
  Listener listener;
  Relay relay(listener);
  Envelope envelope;
  envelope.message_id = "M1";
  relay.envelope(envelope);
  relay.part(0, as_bytes("head"));
  relay.records({record("A", 1, 2), record("B", 0, 3)}, " aabbb");
  relay.record(record("C", 1, 1), as_bytes(" "), as_bytes("c"));
  relay.part(9, as_bytes("tail"));
  relay.finish();
  EXPECT_EQ(listener.told, "EM1;P0head;A: :aa;B::bbb;C: :c;P9tail;");
}

TEST(IntakeRelay, WhatTheListenerThrowsComesOutAndNothingMoreIsTold) {
  Listener listener;
  listener.bad = "B";
  Relay relay(listener);
  const auto tell_all = [&] {
    for (const char* id : {"A", "B", "C", "D"}) relay.records({record(id, 0, 1)}, "x");
    relay.finish();
  };
  EXPECT_THROW(tell_all(), std::runtime_error);
  EXPECT_EQ(listener.records_told, 1);
}

TEST(IntakeRelay, MoreThanMayWaitIsWaitedFor) {
  Listener listener;
  listener.slow = true;
  Relay relay(listener);
  const std::string large(3 << 20, 'x');
  for (int i = 0; i < 6; ++i) relay.records({record("A", 0, 3 << 20)}, std::string(large));
  EXPECT_GE(listener.records_told, 3);
  relay.finish();
  EXPECT_EQ(listener.records_told, 6);
}

TEST(IntakeRelay, GivenUpItEndsWithoutTellingTheRest) {
  Listener listener;
  listener.slow = true;
  {
    Relay relay(listener);
    for (int i = 0; i < 100; ++i) relay.records({record("A", 0, 1)}, "x");
  }
  EXPECT_LT(listener.records_told, 100);
}

TEST(IntakeKeyMap, FindsWhatWasPutInThroughGrowthAndForgetsAll) {
  KeyMap<int> map;
  const auto key = [](std::uint64_t i) { return Key{(i % 7) << 20, i + 1}; };  // most of them meet
  EXPECT_EQ(map.find(key(1)), nullptr);
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    const Key spread{i * 0x9E3779B97F4A7C15U, i + 1};
    EXPECT_TRUE(map.try_emplace(spread).second);
    map[spread] = static_cast<int>(i);
  }
  for (std::uint64_t i = 0; i < 100; ++i) map[key(i + 1'000'000)] = -static_cast<int>(i);
  EXPECT_EQ(map.size(), 20'100U);
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    const int* const found = map.find(Key{i * 0x9E3779B97F4A7C15U, i + 1});
    ASSERT_NE(found, nullptr);
    ASSERT_EQ(*found, static_cast<int>(i));
  }
  for (std::uint64_t i = 0; i < 100; ++i) ASSERT_EQ(*map.find(key(i + 1'000'000)), -static_cast<int>(i));
  EXPECT_FALSE(map.try_emplace(key(1'000'000)).second);
  EXPECT_EQ(map.find(key(1)), nullptr);
  map.clear();
  EXPECT_EQ(map.size(), 0U);
  EXPECT_EQ(map.find(key(1'000'000)), nullptr);
}

}  // namespace
}  // namespace answerable
