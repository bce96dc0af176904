/// The trace hash of one run, the same on every machine, to compare two versions of the program.
public struct RunHash: Hashable, Sendable, Comparable {
    public let profile: Profile
    public let seed: UInt64
    public let traceHash: UInt64

    public init(_ report: RunReport) {
        profile = report.scenario.profile
        seed = report.scenario.seed
        traceHash = report.traceHash
    }

    /// The name of the run: its profile and seed.
    public var run: String { "\(profile.rawValue) \(seed)" }
    /// The line of a list: the run, and its hash in hexadecimal.
    public var line: String { "\(run) \(Self.text(traceHash))" }

    /// Returns a hash as it is printed.
    public static func text(_ hash: UInt64) -> String { hash.hexadecimal }

    /// Orders by the profiles' names, then by the seeds.
    public static func < (left: Self, right: Self) -> Bool {
        (left.profile.rawValue, left.seed) < (right.profile.rawValue, right.seed)
    }

    static func combined(_ hashes: [RunHash]) -> UInt64 {
        var fold = TraceHash()
        for hash in hashes.sorted() { fold.fold(hash.line.utf8) }
        return fold.value
    }
}
