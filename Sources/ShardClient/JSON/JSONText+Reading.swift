import Foundation
import ShardCore
import ShardWire

extension JSONText {
    /// The string it says; nil where it is none.
    var stringValue: String? {
        guard bytes.first == 0x22, bytes.count >= 2 else { return nil }
        if !bytes.contains(0x5C) { return String(decoding: bytes.dropFirst().dropLast(), as: UTF8.self) }
        return try? JSONDecoder().decode(String.self, from: Data(bytes))
    }

    /// The whole number it says, 0 or more; also where other implementations put it in a string.
    var countValue: Int? {
        let text = stringValue ?? description
        guard text.utf8.count <= 18, let value = Int(text), value >= 0 else { return nil }
        return value
    }

    /// The elements of the list that it is; nil where it is none.
    private var elements: [JSONText]? { try? JSONScanner.elements(of: bytes) }

    /// The addresses it lists, at most `limit`; entries that are none are left out. Nil where it is no list of strings.
    func addresses(limit: Int) -> [NodeAddress]? {
        guard let texts = try? JSONDecoder().decode([String].self, from: Data(bytes)) else { return nil }
        return texts.prefix(limit).compactMap { NodeAddress($0) }
    }

    /// The shard's id it says, a number or a text; nil where it is neither.
    var shardID: ShardID? {
        if let text = stringValue { return ShardID(text: text) }
        guard let first = bytes.first, first == 0x2D || (0x30...0x39).contains(first) else { return nil }
        return ShardID(text: description, isNumber: true)
    }

    /// The shard ids it lists, at most `limit`; entries that are none are left out. Nil where it is no list.
    func shardIDs(limit: Int) -> [ShardID]? { elements?.prefix(limit).compactMap(\.shardID) }
}

extension JSONText {
    /// The id as its node wrote it.
    public init(_ id: ShardID) {
        self = id.isNumber ? JSONText(unchecked: id.text.utf8) : .string(id.text)
    }
}
