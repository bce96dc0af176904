/// The value or the tombstone that a store holds for one key, with the version of the write that made it.
public struct Entry: Hashable, Sendable {
    /// The JSON text of the value, as the client sent it; nil for a tombstone.
    public let value: [UInt8]?
    public let version: Version
    /// The writes of other shards that this one depends on. What it depends on within its own shard is implied: a
    /// replica that covers a write covers those too.
    public let dependencies: VersionVector

    public init(value: [UInt8]?, version: Version, dependencies: VersionVector) {
        self.value = value
        self.version = version
        self.dependencies = dependencies
    }

    public var isTombstone: Bool { value == nil }
}

/// An entry with its key: the unit that replication, collation and broadcast carry.
public struct Record: Hashable, Sendable {
    public let key: String
    public let entry: Entry

    public init(key: String, entry: Entry) {
        self.key = key
        self.entry = entry
    }

    /// The weight of the record in a message, in bytes, about.
    public var weightBytes: Int {
        key.utf8.count + (entry.value?.count ?? 0) + 64 + entry.dependencies.count * 40
    }
}
