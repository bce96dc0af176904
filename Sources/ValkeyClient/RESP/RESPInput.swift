/// Bytes that came and were not read yet. It finds the end of a line without looking at a byte twice.
struct RESPInput: Sendable {
    private var bytes: [UInt8] = []
    private var start = 0
    /// Bytes from `start` on that hold no end of a line.
    private var searched = 0

    /// Bytes that were read are dropped once they are this many, and more than half of those that are held.
    private static let waste = 64 * 1024

    var isEmpty: Bool { start == bytes.count }
    var first: UInt8? { isEmpty ? nil : bytes[start] }

    mutating func append(_ more: some Sequence<UInt8>) {
        bytes.append(contentsOf: more)
    }

    /// The next line without its end; nil if that has not come.
    mutating func line(bytesMax: Int) throws(RESPFault) -> ArraySlice<UInt8>? {
        let last = min(bytes.count, start + bytesMax)
        var index = start + searched
        while index < last, bytes[index] != UInt8(ascii: "\n") { index += 1 }
        guard index < last else {
            guard bytes.count - start < bytesMax else { throw .tooLarge("a line of more than \(bytesMax) bytes") }
            searched = index - start
            return nil
        }
        guard index > start, bytes[index - 1] == UInt8(ascii: "\r") else {
            throw .malformed("a line that does not end as lines do")
        }
        let line = bytes[start..<(index - 1)]
        advance(to: index + 1)
        return line
    }

    /// The next bytes, which end as lines do; nil if they have not all come.
    mutating func text(length: Int) throws(RESPFault) -> [UInt8]? {
        let end = start + length
        guard bytes.count >= end + 2 else { return nil }
        guard bytes[end] == UInt8(ascii: "\r"), bytes[end + 1] == UInt8(ascii: "\n") else {
            throw .malformed("a text that is longer than it was said to be")
        }
        let text = Array(bytes[start..<end])
        advance(to: end + 2)
        return text
    }

    private mutating func advance(to index: Int) {
        start = index
        searched = 0
        guard start == bytes.count || (start > Self.waste && start > bytes.count / 2) else { return }
        let isLarge = bytes.capacity > 4 * Self.waste
        // The memory that a large reply took is given back.
        bytes = start == bytes.count && isLarge ? [] : Array(bytes[start...])
        start = 0
    }
}
