import ShardWire

/// The text of one JSON value, kept to the byte: numbers keep their digits, objects the order of their members.
///
/// Values and causal metadata of other implementations pass through a client in this form, because any reading and
/// writing anew could change them.
public struct JSONText: Hashable, Sendable, CustomStringConvertible {
    /// UTF-8, without white space before and after.
    public let bytes: [UInt8]

    init(unchecked bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

    /// Nil if `text` is not one JSON value with at most white space around it.
    public init?(_ text: String) {
        let document = Array(text.utf8)
        guard let range = try? JSONScanner.value(of: document) else { return nil }
        bytes = Array(document[range])
    }

    /// The JSON string that says `text`.
    public static func string(_ text: String) -> JSONText { JSONText(unchecked: JSONWriter.string(text)) }

    public static let null = JSONText(unchecked: "null".utf8)
    static let emptyObject = JSONText(unchecked: "{}".utf8)

    /// The bytes of an object with these members, in this order.
    static func object(_ members: [(String, JSONText)]) -> [UInt8] {
        JSONWriter.object(members.map { ($0.0, $0.1.bytes) })
    }

    public var description: String { String(decoding: bytes, as: UTF8.self) }
}
