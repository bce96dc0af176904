/// One reply of a server, in RESP2 or RESP3.
public enum RESPValue: Sendable, Hashable {
    /// A short line, as `OK`.
    case simple(String)
    /// The server said no. It is a value: who asked decides what it means.
    case error(RESPError)
    case integer(Int64)
    case double(Double)
    case boolean(Bool)
    /// Nothing: RESP3's null, and RESP2's null bulk and null array.
    case null
    case bulk([UInt8])
    case array([RESPValue])
    /// In the order in which the server gave them.
    case map([Entry])
    case set([RESPValue])
    /// Out of order, no answer to any command; a `ServerConnection` drops those.
    case push([RESPValue])
    /// An integer of any size, as its digits.
    case bigNumber(String)
    /// Text with a format of three letters, as `txt`.
    case verbatim(format: String, bytes: [UInt8])

    /// A key of a map with its value.
    public struct Entry: Sendable, Hashable {
        public let key: RESPValue
        public let value: RESPValue

        public init(_ key: RESPValue, _ value: RESPValue) {
            self.key = key
            self.value = value
        }
    }
}
