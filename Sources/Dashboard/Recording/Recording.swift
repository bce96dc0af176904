import ClusterModel
import Foundation
import HostSystem
import Wording

/// A recording as it was read: checked from its first line to its last.
public struct Recording: Sendable {
    /// The limit of a line: a longer one is no poll of any cluster that this program can watch.
    static let lineBytesMaxUsual = 32 * 1_024 * 1_024
    static let bytesMax = 2_000_000_000
    /// The end of the year 9999.
    private static let millisecondsMax: UInt64 = 253_402_300_799_999

    public let header: RecordingHeader
    /// A note on lines that were left out; nil for none.
    public let note: String?
    /// The time of each poll, since 1970; never descending.
    public let times: [UInt64]
    /// The indices in ``times`` of the polls that the dashboard showed.
    let shown: [Int]
    private let bytes: Data
    private let decode: Decode
    private let ranges: [Range<Int>]

    public var count: Int { times.count }

    /// Makes a poll from a line of the file.
    public typealias Decode = @Sendable (Data) throws -> RecordedPoll

    /// Reads a file and checks every line of it.
    ///
    /// - Parameter earlier: reads the lines of version 1, which knew one engine only.
    public static func read(path: String, earlier: Decode? = nil) async throws -> Recording {
        let bytes: Data
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            if attributes[.type] as? FileAttributeType == .typeDirectory {
                throw RecordingError(path, "is a folder, no recording")
            }
            if (attributes[.size] as? Int ?? 0) > bytesMax {
                throw RecordingError(path, "is larger than \(Figures.bytes(bytesMax)), which no recording is")
            }
            // Not mapped: another program may shorten the file while it is played.
            bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch let error as RecordingError {
            throw error
        } catch {
            throw RecordingError(path, "cannot be read: \(error.words)")
        }
        return try await Recording(bytes, path: path, earlier: earlier)
    }

    /// - Parameter path: the file's path, for the words of errors.
    init(
        _ bytes: Data, path: String, lineBytesMax: Int = Recording.lineBytesMaxUsual, earlier: Decode? = nil
    ) async throws {
        var lines = Self.lines(of: bytes)
        guard let first = lines.first else {
            throw RecordingError(path, "is empty; 'shardtop watch --record FILE' makes a recording")
        }
        header = try Self.header(bytes[first], path)
        let decode = try Self.decode(header, earlier, path)
        lines.removeFirst()
        if let index = lines.firstIndex(where: { $0.count > lineBytesMax }) {
            throw RecordingError(
                path, line: index + 2,
                "is longer than \(Figures.bytes(lineBytesMax)), as no poll is; "
                    + Self.advice(path, line: index + 2))
        }
        var polls = await Self.check(bytes, lines, decode)
        // A program that was killed may leave half a line, which is told by its missing end.
        if case .failure? = polls.last, bytes.last != 0x0A {
            polls.removeLast()
            lines.removeLast()
            note = "line \(lines.count + 2), the last, is cut off and left out"
        } else {
            note = nil
        }
        var times: [UInt64] = []
        var shown: [Int] = []
        for (index, poll) in polls.enumerated() {
            switch poll {
            case .success(let checked):
                guard checked.atMilliseconds >= times.last ?? 0 else {
                    throw Self.damage(path, index, "its time is before that of the line above")
                }
                times.append(checked.atMilliseconds)
                if checked.isShown { shown.append(index) }
            case .failure(let trouble): throw Self.damage(path, index, trouble.words)
            }
        }
        guard !shown.isEmpty else {
            throw RecordingError(path, line: 1, "no poll follows; record for a moment longer")
        }
        self.times = times
        self.shown = shown
        self.bytes = bytes
        self.decode = decode
        ranges = lines
    }

    /// The poll at a place in ``times``.
    func poll(_ index: Int) -> RecordedPoll {
        do { return try decode(bytes[ranges[index]]) } catch {
            preconditionFailure("line \(index + 2) was read before, and now: \(error)")
        }
    }

    // MARK: Lines

    private static func lines(of bytes: Data) -> [Range<Int>] {
        var lines: [Range<Int>] = []
        bytes.withUnsafeBytes { buffer in
            var start = 0
            while start < buffer.count {
                let end = buffer[start...].firstIndex(of: 0x0A) ?? buffer.count
                lines.append(start..<end)
                start = end + 1
            }
        }
        return lines
    }

    private static func header(_ line: Data, _ path: String) throws(RecordingError) -> RecordingHeader {
        struct Outline: Decodable { var format: String, version: Int }
        guard line.count < 65_536, let outline = try? JSONDecoder().decode(Outline.self, from: line),
            outline.format == RecordingHeader.format
        else {
            throw RecordingError(
                path, line: 1, "is no header of a recording; 'shardtop watch --record FILE' makes one")
        }
        guard (1...RecordingHeader.version).contains(outline.version) else {
            throw RecordingError(
                path, line: 1,
                "the recording is of version \(outline.version), this program plays versions 1 to "
                    + "\(RecordingHeader.version); play it with the shardtop that made it")
        }
        do { return try JSONDecoder().decode(RecordingHeader.self, from: line) } catch {
            throw RecordingError(path, line: 1, "the header is damaged; copy its first line from a sound recording")
        }
    }

    private static func decode(
        _ header: RecordingHeader, _ earlier: Decode?, _ path: String
    ) throws(RecordingError) -> Decode {
        guard header.version < RecordingHeader.version else {
            return { try JSONDecoder().decode(RecordedPoll.self, from: $0) }
        }
        guard let earlier else { throw RecordingError(path, line: 1, "version \(header.version) cannot be read here") }
        return earlier
    }

    private static func damage(_ path: String, _ index: Int, _ words: String) -> RecordingError {
        RecordingError(path, line: index + 2, "\(words); \(advice(path, line: index + 2))")
    }

    private static func advice(_ path: String, line: Int) -> String {
        "'head -n \(line - 1) \(path) > OTHER' keeps what comes before it"
    }

    // MARK: Checking

    private struct Checked: Sendable {
        var atMilliseconds: UInt64
        var isShown: Bool
    }

    private struct Trouble: Error {
        var words: String
    }

    /// Checks the lines in parallel, as decoding takes most of the time.
    private static func check(
        _ bytes: Data, _ lines: [Range<Int>], _ decode: @escaping Decode
    ) async -> [Result<Checked, Trouble>] {
        let workers = max(1, min(8, ProcessInfo.processInfo.activeProcessorCount))
        let size = max(1, (lines.count + workers - 1) / workers)
        return await withTaskGroup(of: (Int, [Result<Checked, Trouble>]).self) { group in
            for start in stride(from: 0, to: lines.count, by: size) {
                let part = lines[start..<min(start + size, lines.count)]
                group.addTask { (start, part.map { check(bytes[$0], decode) }) }
            }
            let parts = await group.reduce(into: []) { $0.append($1) }
            return parts.sorted { $0.0 < $1.0 }.flatMap(\.1)
        }
    }

    private static func check(_ line: Data, _ decode: Decode) -> Result<Checked, Trouble> {
        let poll: RecordedPoll
        do { poll = try decode(line) } catch let error as DecodingError {
            return .failure(Trouble(words: error.shortWords))
        } catch {
            return .failure(Trouble(words: error.words))
        }
        guard poll.atMilliseconds <= millisecondsMax else { return .failure(Trouble(words: "'at' is no time")) }
        guard poll.snapshot?.takenMilliseconds ?? 0 <= poll.atMilliseconds else {
            return .failure(Trouble(words: "its snapshot is from after it"))
        }
        guard (poll.snapshot == nil) == (poll.features == nil) else {
            return .failure(Trouble(words: "of snapshot and features one is missing"))
        }
        if let change = poll.snapshot?.change, !change.stages.indices.contains(change.stage) {
            return .failure(Trouble(words: "'stage' is not one of its stages"))
        }
        return .success(Checked(atMilliseconds: poll.atMilliseconds, isShown: poll.snapshot != nil))
    }
}
