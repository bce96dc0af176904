import Crypto

/// The hash that places nodes and keys.
public enum ShardHash {
    /// `MD5(decimal(seed) + ":" + text)` as a 128-bit big-endian unsigned integer, modulo `count`.
    public static func shard(of text: String, seed: UInt64, count: Int) -> Int { fatalError("not written yet") }
}
