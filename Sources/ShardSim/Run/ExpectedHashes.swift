/// The hashes that runs had when a list was written, by ``RunHash/line``. Runs that it does not name are not compared.
public struct ExpectedHashes: Sendable {
    /// A line that does not belong in such a list.
    public struct LineError: Error, Hashable, Sendable, CustomStringConvertible {
        public let line: String

        public var description: String { "the line \"\(line)\" is not a profile, a seed and a hash" }
    }

    private var expected: [String: UInt64] = [:]

    /// - Parameter text: a line for each run; blank lines are skipped.
    public init(_ text: String) throws(LineError) {
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count == 3, Profile(rawValue: String(words[0])) != nil, UInt64(words[1]) != nil,
                let hash = UInt64(words[2], radix: 16)
            else { throw LineError(line: String(line)) }
            expected["\(words[0]) \(words[1])"] = hash
        }
    }

    /// Returns those of the runs that the list names, and those of them that had another hash; in the order of the
    /// list.
    public func compared(with hashes: [RunHash]) -> (known: [RunHash], different: [RunHash]) {
        let known = hashes.filter { expected[$0.run] != nil }.sorted()
        return (known, known.filter { expected[$0.run] != $0.traceHash })
    }
}
