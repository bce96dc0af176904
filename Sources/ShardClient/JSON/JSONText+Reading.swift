import ClusterModel
import ShardCore
import ShardWire

extension JSONText {
    /// The members of an object, each with the exact text of its value; nil if the bytes are no object. Of a name that
    /// comes twice the last counts, as in most readers.
    static func members(of bytes: [UInt8]) -> [String: JSONText]? {
        guard let members = try? JSONScanner.members(of: bytes) else { return nil }
        return Dictionary(members.map { ($0.name, JSONText(unchecked: bytes[$0.value])) }) { $1 }
    }

    /// The value as a string; nil if it is none.
    var stringValue: String? { JSONScanner.string(bytes[...]) }

    /// The value as a whole number, 0 or more, even if other implementations put it in a string, or write "5.0".
    var countValue: Int? {
        var text = (stringValue ?? description).trimmed(Self.spaces)
        if let point = text.firstIndex(of: "."), text[point...].dropFirst().allSatisfy({ $0 == "0" }) {
            text = text[..<point]
        }
        guard text.utf8.count <= 18, let value = Int(text), value >= 0 else { return nil }
        return value
    }

    /// The addresses in the list, at most `limit`; entries that are none are left out. Nil if the value is no list, or
    /// is a list with entries of which none is an address.
    func addresses(limit: Int) -> [NodeAddress]? {
        guard let elements else { return nil }
        let addresses = elements.prefix(limit).compactMap { $0.stringValue.flatMap(NodeAddress.init) }
        return addresses.isEmpty && !elements.isEmpty ? nil : addresses
    }

    /// The value as a shard's id, a number or a text; nil if it is neither.
    var shardID: ShardID? {
        if let text = stringValue { return ShardID(text: text) }
        return isNumber ? ShardID(text: description, isNumber: true) : nil
    }

    /// The shard ids in the list, at most `limit`, each once. Nil if the value is no list, or if an entry is no id: a
    /// part of a list tells nothing.
    func shardIDs(limit: Int) -> [ShardID]? {
        guard let elements else { return nil }
        let ids = elements.prefix(limit).map(\.shardID)
        guard ids.allSatisfy({ $0 != nil }) else { return nil }
        return Set(ids.compactMap { $0 }).sorted()
    }

    /// True if the value says nothing: null, a blank text, or -1, which is how some nodes say "none".
    var isNone: Bool { self == .null || stringValue?.trimmed(Self.spaces).isEmpty == true || description == "-1" }

    private var isNumber: Bool { bytes.first.map { $0 == 0x2D || (0x30...0x39).contains($0) } ?? false }

    /// The elements of a list, in any of the ways in which nodes write one: as JSON, as one text with commas, and as
    /// such a text with the brackets and quotation marks that a programming language prints. Nil for anything else.
    private var elements: [JSONText]? {
        guard let text = stringValue else {
            return try? JSONScanner.elements(of: bytes).map { JSONText(unchecked: bytes[$0]) }
        }
        let parts = text.trimmed(Self.brackets + Self.spaces).split(separator: ",", omittingEmptySubsequences: false)
        let names = parts.map { $0.trimmed(Self.spaces + Self.quotes) }
        return names == [""] ? [] : names.map { JSONText.string(String($0)) }
    }

    private static let spaces = " \t\r\n"
    private static let quotes = "'\""
    private static let brackets = "[](){}"
}

extension JSONText {
    /// The id as its node wrote it.
    public init(_ id: ShardID) {
        self = id.isNumber ? JSONText(unchecked: id.text.utf8) : .string(id.text)
    }
}

extension StringProtocol {
    /// The text without any of these characters at either end.
    fileprivate func trimmed(_ characters: String) -> SubSequence {
        let rest = drop { characters.contains($0) }
        guard let last = rest.lastIndex(where: { !characters.contains($0) }) else { return rest.prefix(0) }
        return rest[...last]
    }
}
