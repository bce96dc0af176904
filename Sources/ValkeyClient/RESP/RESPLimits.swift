/// The bounds of one reply. Beyond them the connection is closed with a reason.
public struct RESPLimits: Sendable, Hashable {
    /// One text: Valkey and Redis allow values of 512 MB, which no screen shows.
    public var bulkBytesMax = 64 * 1024 * 1024
    /// All bytes of one reply, as sent.
    public var replyBytesMax = 128 * 1024 * 1024
    /// All elements of one reply, of all its lists and maps together; a map's keys and values both count.
    public var elementsMax = 1_000_000
    /// Lists within lists.
    public var depthMax = 32
    /// A line: a short text, an error, a number of any size.
    public var lineBytesMax = 64 * 1024

    public init() {}

    /// Of the replies to a greeting: nothing is known yet of who sends them.
    static let greeting: RESPLimits = {
        var limits = RESPLimits()
        limits.bulkBytesMax = 64 * 1024
        limits.replyBytesMax = 256 * 1024
        limits.elementsMax = 1_000
        limits.depthMax = 8
        return limits
    }()
}

/// Why bytes are no reply, in words.
public enum RESPFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// A reply cannot begin with this byte.
    case notAReply(UInt8)
    case malformed(String)
    case tooLarge(String)
    case notSupported(String)

    public var description: String {
        switch self {
        case .notAReply(let byte): "a reply cannot begin with byte \(byte)"
        case .malformed(let words), .tooLarge(let words), .notSupported(let words): words
        }
    }
}
