import Foundation
import ShardCore

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

    /// The addresses it lists, at most `limit`; entries that are none are left out. Nil where it is no list of strings.
    func addresses(limit: Int) -> [NodeAddress]? {
        guard let texts = try? JSONDecoder().decode([String].self, from: Data(bytes)) else { return nil }
        return texts.prefix(limit).compactMap { NodeAddress($0) }
    }

    /// The shard ids it lists, at most `limit`. Other implementations write them as numbers or as strings.
    func shardIDs(limit: Int) -> [Int]? {
        if let numbers = try? JSONDecoder().decode([Int].self, from: Data(bytes)) {
            return Array(numbers.prefix(limit))
        }
        guard let texts = try? JSONDecoder().decode([String].self, from: Data(bytes)) else { return nil }
        return texts.prefix(limit).compactMap { Int($0) }
    }
}
