import ShardCore

/// Writes a message's fields one after another. Node addresses and origins, which repeat in nearly every record, go
/// into tables at the front of the frame, and are named by their place there.
struct ByteWriter {
    /// Changes the fields that are written; for tests of readers.
    var liar: (any FieldLiar)?
    private(set) var bytes: [UInt8] = []
    private(set) var addresses: [NodeAddress] = []
    private(set) var origins: [Origin] = []
    private var addressIndex: [NodeAddress: UInt64] = [:]
    private var originIndex: [Origin: UInt64] = [:]

    mutating func byte(_ value: UInt8) { bytes.append(value) }

    mutating func bool(_ value: Bool) { bytes.append(value ? 1 : 0) }

    /// Seven bits a byte, the lowest first; the top bit says that more follow.
    mutating func integer(_ value: UInt64) { plain(liar?.number(value) ?? value) }

    /// Writes a place in a table or a length, which no liar changes, or another number after the liar has changed it.
    private mutating func plain(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func count(_ value: Int) { plain(UInt64(value)) }

    mutating func blob(_ value: [UInt8]) {
        count(value.count)
        bytes += value
    }

    mutating func text(_ value: String) {
        count(value.utf8.count)
        bytes += value.utf8
    }

    mutating func list<Element>(_ values: [Element], _ write: (inout ByteWriter, Element) -> Void) {
        let values = liar?.list(values) ?? values
        count(values.count)
        for value in values { write(&self, value) }
    }

    mutating func optional<Value>(_ value: Value?, _ write: (inout ByteWriter, Value) -> Void) {
        bool(value != nil)
        if let value { write(&self, value) }
    }

    mutating func address(_ value: NodeAddress) {
        let value = liar?.address(value) ?? value
        if let index = addressIndex[value] { return plain(index) }
        let index = UInt64(addresses.count)
        addressIndex[value] = index
        addresses.append(value)
        plain(index)
    }

    mutating func origin(_ value: Origin) {
        let value = liar?.origin(value) ?? value
        // Comparing with a few is cheaper than hashing one.
        if let index = origins.prefix(8).firstIndex(of: value) { return plain(UInt64(index)) }
        if let index = originIndex[value] { return plain(index) }
        let index = UInt64(origins.count)
        originIndex[value] = index
        origins.append(value)
        plain(index)
    }
}

/// Lies about fields of a message, so that the message is well formed and false.
package protocol FieldLiar {
    func number(_ value: UInt64) -> UInt64
    func address(_ value: NodeAddress) -> NodeAddress
    func origin(_ value: Origin) -> Origin
    func list<Element>(_ values: [Element]) -> [Element]
}
