import ClusterModel
import Foundation
import HostSystem
import Wording

/// Writes polls into a file as they come: JSON lines behind a header line.
///
/// Nobody waits for the recorder, and its errors end the recording and nothing else. The file is playable up to its
/// last whole line, however the program ends.
public actor Recorder {
    /// The outcome of a recording.
    public struct Summary: Equatable, Sendable {
        public var polls: Int
        public var bytes: Int
        /// From the first poll to the last.
        public var milliseconds: UInt64
        /// Why the recording ended early.
        public var problem: String?
    }

    /// The usual limit of a recording's size.
    public static let bytesMaxUsual = 1_000_000_000
    private static let bufferBytesMax = 256 * 1_024
    private static let flushMilliseconds: UInt64 = 1_000
    /// The most polls that may wait for a slow disk.
    private static let waitingMax = 200

    /// Tells once why the recording ended early, if it did. Ends with the recording.
    public nonisolated let problems: AsyncStream<String>
    private nonisolated let tellProblem: AsyncStream<String>.Continuation
    private nonisolated let polls: AsyncStream<RecordedPoll>
    private nonisolated let waiting: AsyncStream<RecordedPoll>.Continuation

    private let path: String
    private let file: FileHandle
    private let bytesMax: Int
    private let encoder = JSONEncoder()
    private var buffer = Data()
    private var bufferedPolls = 0
    private var bytes = 0
    private var count = 0
    private var firstMilliseconds: UInt64?
    private var lastMilliseconds: UInt64 = 0
    private var problem: String?
    private var flushing: Task<Void, Never>?
    private var writing: Task<Void, Never>?

    /// Makes the file and writes the header. An existing file is left as it is, and refused.
    public init(path: String, header: RecordingHeader, bytesMax: Int = Recorder.bytesMaxUsual) throws(RecordingError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw RecordingError(
                path,
                errno == EEXIST
                    ? "the file exists; a recording overwrites nothing, choose another name"
                    : "cannot be made: \(String(cString: strerror(errno)))")
        }
        file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        self.path = path
        self.bytesMax = bytesMax
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        (problems, tellProblem) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1))
        (polls, waiting) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.waitingMax))
        do {
            let line = try encoder.encode(header) + [0x0A]
            try file.write(contentsOf: line)
            bytes = line.count
        } catch {
            throw RecordingError(path, "cannot be written: \(error.words)")
        }
        Task { await self.begin() }
    }

    /// Takes a poll for the file, and returns at once.
    public nonisolated func keep(_ poll: RecordedPoll) {
        if case .dropped = waiting.yield(poll) {
            Task { await self.stop("the disk does not keep up") }
        }
    }

    /// Writes the rest, and closes the file; a file without any poll is removed.
    public func finish() async -> Summary {
        begin()
        waiting.finish()
        await writing?.value
        flushing?.cancel()
        flush()
        try? file.close()
        if count == 0 { try? FileManager.default.removeItem(atPath: path) }
        tellProblem.finish()
        return Summary(
            polls: count, bytes: bytes, milliseconds: lastMilliseconds - (firstMilliseconds ?? lastMilliseconds),
            problem: problem)
    }

    private func begin() {
        guard writing == nil else { return }
        writing = Task {
            for await poll in polls { self.take(poll) }
        }
    }

    private func take(_ poll: RecordedPoll) {
        guard problem == nil else { return }
        var poll = poll
        // Polls may come from several tasks; a recording only goes forward.
        poll.atMilliseconds = max(poll.atMilliseconds, lastMilliseconds, poll.snapshot?.takenMilliseconds ?? 0)
        let line: Data
        do { line = try encoder.encode(poll) + [0x0A] } catch {
            return stop("a poll cannot be written: \(error.words)")
        }
        guard bytes + buffer.count + line.count <= bytesMax else {
            return stop("the recording has reached its bound of \(Figures.bytes(bytesMax))")
        }
        buffer += line
        bufferedPolls += 1
        firstMilliseconds = firstMilliseconds ?? poll.atMilliseconds
        lastMilliseconds = poll.atMilliseconds
        if buffer.count >= Self.bufferBytesMax { flush() } else { flushSoon() }
    }

    private func flushSoon() {
        guard flushing == nil else { return }
        flushing = Task {
            try? await Task.sleep(for: .milliseconds(Self.flushMilliseconds))
            if !Task.isCancelled { self.flush() }
        }
    }

    private func flush() {
        flushing?.cancel()
        flushing = nil
        guard !buffer.isEmpty else { return }
        let (data, polls) = (buffer, bufferedPolls)
        (buffer, bufferedPolls) = (Data(), 0)
        do {
            try file.write(contentsOf: data)
            bytes += data.count
            count += polls
        } catch {
            stop("\(path) cannot be written: \(error.words)")
        }
    }

    /// Ends the recording early: the file keeps its lines, and nothing is added any more.
    private func stop(_ words: String) {
        guard problem == nil else { return }
        problem = words
        flush()
        tellProblem.yield("recording ended: \(words)")
    }
}
