#include <atomic>
#include <fcntl.h>
#include <thread>
#include <unistd.h>

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <shogo/base/rng.h>
#include <shogo/contract/frame_ring.h>

namespace shogo::contract {
namespace {

std::string name(const char* test) {
  return fmt::format("/shogo-test-{}-{}", test, ::getpid());
}

Image grey(int width, int height, std::uint8_t value) {
  return Image{width, height, 1, Bytes(static_cast<std::size_t>(width * height), value)};
}

/// What somebody else has put under a ring's name.
class Foreign {
 public:
  Foreign(std::string called, ByteView bytes) : name_(std::move(called)) {
    file_ = ::shm_open(name_.c_str(), O_RDWR | O_CREAT | O_TRUNC, 0600);
    write(0, bytes);
  }
  ~Foreign() {
    ::close(file_);
    ::shm_unlink(name_.c_str());
  }
  Foreign(const Foreign&) = delete;
  Foreign& operator=(const Foreign&) = delete;
  void write(off_t at, ByteView bytes) const {
    EXPECT_EQ(::pwrite(file_, bytes.data(), bytes.size(), at), static_cast<ssize_t>(bytes.size()));
  }
  void cut(off_t size) const { EXPECT_EQ(::ftruncate(file_, size), 0); }

 private:
  std::string name_;
  int file_;
};

Bytes words(std::initializer_list<std::uint32_t> all) {
  Bytes bytes;
  for (const std::uint32_t word : all)
    for (int i = 0; i < 4; ++i) bytes.push_back(static_cast<std::uint8_t>(word >> (8 * i)));
  return bytes;
}
/// A ring of two slots of 4 x 2 grey pixels, as bytes.
Bytes small_ring() {
  Bytes bytes = words({0x52474853, 2, 1, 2, 8, 4, 2, 1});
  bytes.resize(64 + 2 * 64);
  return bytes;
}

TEST(FrameRing, reader_gets_the_newest_frame_and_sees_the_gap) {
  auto writer = FrameRingWriter::create(name("newest"), 8, 4, 1).value();
  auto reader = FrameRingReader::open(name("newest")).value();
  EXPECT_FALSE(reader->latest().has_value());
  for (std::uint8_t i = 1; i <= 9; ++i) ASSERT_TRUE(writer->write(grey(8, 4, i), 100U * i).ok());
  const auto frame = reader->latest(3);
  ASSERT_TRUE(frame.has_value());
  EXPECT_EQ(frame->number, 9U);
  EXPECT_EQ(frame->timestamp_ns, 900U);
  EXPECT_EQ(frame->image.pixels, Bytes(32, 9));
  EXPECT_FALSE(reader->latest(9).has_value());
}

TEST(FrameRing, a_frame_that_the_source_lost_leaves_its_number_out) {
  auto writer = FrameRingWriter::create(name("lost"), 8, 4, 1).value();
  auto reader = FrameRingReader::open(name("lost")).value();
  ASSERT_TRUE(writer->write(grey(8, 4, 1), 100, 1).ok());
  ASSERT_TRUE(writer->write(grey(8, 4, 2), 300, 3).ok());
  EXPECT_EQ(reader->latest()->number, 3U);
  EXPECT_FALSE(writer->write(grey(8, 4, 2), 300, 3).ok());  // no number twice
}

TEST(FrameRing, refuses_other_shapes_and_missing_rings) {
  auto writer = FrameRingWriter::create(name("shape"), 8, 4, 1).value();
  EXPECT_FALSE(writer->write(grey(4, 4, 1), 0).ok());
  EXPECT_EQ(FrameRingReader::open(name("none")).error().code(), Code::kNotFound);
  EXPECT_FALSE(FrameRingWriter::create(name("bad"), 0, 4, 1).ok());
  EXPECT_FALSE(FrameRingWriter::create("no-slash", 8, 4, 1).ok());
  EXPECT_FALSE(FrameRingWriter::create("/two/slashes", 8, 4, 1).ok());
}

TEST(FrameRing, a_reader_learns_that_its_feed_has_ended_or_begun_anew) {
  auto writer = FrameRingWriter::create(name("over"), 8, 4, 1).value();
  auto reader = FrameRingReader::open(name("over")).value();
  EXPECT_FALSE(reader->over());
  auto second = FrameRingWriter::create(name("over"), 8, 4, 1).value();
  EXPECT_TRUE(reader->over());
  writer.reset();  // must not take the second one's name away
  auto again = FrameRingReader::open(name("over"));
  ASSERT_TRUE(again.ok()) << again.error().describe();
  second.reset();
  EXPECT_TRUE((*again)->over());
  EXPECT_FALSE(FrameRingReader::open(name("over")).ok());
}

TEST(FrameRing, nothing_of_a_face_stays_behind) {
  auto writer = FrameRingWriter::create(name("wiped"), 8, 4, 1).value();
  auto reader = FrameRingReader::open(name("wiped")).value();
  ASSERT_TRUE(writer->write(grey(8, 4, 77), 1).ok());
  ASSERT_TRUE(reader->latest().has_value());
  writer.reset();
  EXPECT_FALSE(reader->latest().has_value());
}

TEST(FrameRing, a_text_ring_is_no_camera) {
  auto writer = SharedRingWriter::create(name("text"), {2, 4, 100, {}}).value();
  EXPECT_EQ(FrameRingReader::open(name("text")).error().code(), Code::kUnsupported);
  ASSERT_TRUE(writer->write(as_bytes("one"), 5).ok());
  EXPECT_FALSE(writer->write(Bytes(101), 5).ok());
  auto reader = SharedRingReader::open(name("text"), 2).value();
  EXPECT_EQ(as_text(reader->at(1)->bytes), "one");
  EXPECT_FALSE(reader->at(0).has_value());
  EXPECT_FALSE(reader->at(2).has_value());
}

TEST(ForeignRing, every_single_changed_word_of_the_header_is_refused_or_harmless) {
  const Bytes good = small_ring();
  for (std::size_t word = 0; word < 8; ++word)
    for (const std::uint32_t value : {0U, 1U, 3U, 7U, 64U, 65U, 0x7FFFFFFFU, 0x80000000U, 0xFFFFFFFFU}) {
      Bytes bytes = good;
      const Bytes changed = words({value});
      if (std::equal(changed.begin(), changed.end(), bytes.begin() + static_cast<std::ptrdiff_t>(4 * word)))
        continue;
      std::copy(changed.begin(), changed.end(), bytes.begin() + static_cast<std::ptrdiff_t>(4 * word));
      const Foreign foreign(name("word"), bytes);
      const auto reader = FrameRingReader::open(name("word"));
      EXPECT_FALSE(reader.ok()) << "word " << word << " = " << value;
    }
}

TEST(ForeignRing, every_cut_ring_is_refused) {
  const Bytes good = small_ring();
  for (std::size_t size = 0; size < good.size(); ++size) {
    const Foreign foreign(name("cut"), ByteView(good).first(size));
    EXPECT_FALSE(FrameRingReader::open(name("cut")).ok()) << size;
  }
  const Foreign foreign(name("cut"), good);
  EXPECT_TRUE(FrameRingReader::open(name("cut")).ok());
}

TEST(ForeignRing, garbage_in_slots_gives_no_frame_or_a_whole_one) {
  Rng rng(1, "garbage");
  const Foreign foreign(name("slots"), small_ring());
  const auto reader = FrameRingReader::open(name("slots")).value();
  for (int round = 0; round < 2000; ++round) {
    Bytes bytes(32 + 128);
    rng.fill(bytes);
    // Half of them with a sequence that fits, so that sizes and times are looked at.
    if (round % 2 == 0) {
      const std::uint32_t number = static_cast<std::uint32_t>(rng.below(6));
      const Bytes newest = words({number, 0}), sequence = words({2 * number, 0});
      std::copy(newest.begin(), newest.end(), bytes.begin());
      std::copy(sequence.begin(), sequence.end(), bytes.begin() + (number % 2 == 0 ? 32 : 96));
    }
    foreign.write(32, bytes);
    if (const auto frame = reader->latest()) {
      EXPECT_TRUE(frame->image.valid());
    }
  }
}

TEST(ForeignRing, a_ring_that_changes_its_shape_or_is_cut_after_opening_ends_quietly) {
  const Foreign foreign(name("later"), small_ring());
  const auto reader = FrameRingReader::open(name("later")).value();
  foreign.write(12, words({64, 0x7FFFFFFF, 16384, 16384, 3, 9, 0}));
  EXPECT_FALSE(reader->latest().has_value());
  EXPECT_EQ(reader->width(), 4);
  foreign.cut(16);
  EXPECT_FALSE(reader->latest().has_value());
  foreign.cut(0);
  EXPECT_FALSE(reader->latest().has_value());
}

TEST(ForeignRing, a_pipe_under_the_name_of_a_ring_is_refused_and_waits_for_nobody) {
  const std::string path = "/dev/shm" + name("pipe");
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  EXPECT_EQ(FrameRingReader::open(name("pipe")).error().code(), Code::kCorrupt);
  ::unlink(path.c_str());
}

TEST(FrameRing, a_reader_beside_a_fast_writer_never_gets_a_mixed_frame) {
  auto writer = FrameRingWriter::create(name("fast"), 64, 64, 1, 2).value();
  std::atomic<bool> stop = false;
  std::thread writing([&] {
    for (std::uint32_t i = 1; !stop; ++i) (void)writer->write(grey(64, 64, static_cast<std::uint8_t>(i)), i);
  });
  auto reader = FrameRingReader::open(name("fast")).value();
  std::uint64_t last = 0;
  for (int seen = 0; seen < 300;) {
    const auto frame = reader->latest(last);
    if (!frame) continue;
    ++seen;
    last = frame->number;
    EXPECT_EQ(frame->image.pixels, Bytes(64 * 64, static_cast<std::uint8_t>(frame->timestamp_ns)));
    EXPECT_EQ(frame->number, frame->timestamp_ns);
  }
  stop = true;
  writing.join();
}

}  // namespace
}  // namespace shogo::contract
