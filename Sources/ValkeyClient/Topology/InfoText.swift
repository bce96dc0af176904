/// The fields of an answer to `INFO`: lines of `name:value` in sections. Only those that are asked for are kept, as an
/// answer has hundreds and a poll reads many.
struct InfoText {
    /// More lines are not looked at, nor longer ones kept.
    private static let linesMax = 20_000
    private static let valueBytesMax = 1_024

    /// The fields to keep.
    struct Names: Sendable {
        let names: Set<String>
        /// Fields whose names begin so and go on with a digit, as `db0`, or with anything where it ends with `_`.
        let prefixes: [String]
        /// Length, first and last byte of each, packed: most lines are passed over by these alone.
        private let marks: Set<Int>
        private let firsts: Set<UInt8>

        init(_ names: Set<String>, prefixes: [String] = []) {
            self.names = names
            self.prefixes = prefixes
            marks = Set(names.compactMap { Self.mark(Array($0.utf8)[...]) })
            firsts = Set(prefixes.compactMap(\.utf8.first))
        }

        func mayHave(_ name: ArraySlice<UInt8>) -> Bool {
            guard let first = name.first, let mark = Self.mark(name) else { return false }
            return marks.contains(mark) || firsts.contains(first)
        }

        func has(_ name: String) -> Bool { names.contains(name) || prefixes.contains { InfoText.begins(name, $0) } }

        private static func mark(_ name: ArraySlice<UInt8>) -> Int? {
            guard let first = name.first, let last = name.last else { return nil }
            return name.count << 16 | Int(first) << 8 | Int(last)
        }
    }

    private var values: [String: String] = [:]

    init(_ bytes: [UInt8], names: Set<String>, prefixes: [String] = []) {
        self.init(bytes, Names(names, prefixes: prefixes))
    }

    init(_ bytes: [UInt8], _ names: Names) {
        var lines = 0
        var start = bytes.startIndex
        while start < bytes.endIndex, lines < Self.linesMax {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
            keep(bytes[start..<end], names)
            start = end + 1
            lines += 1
        }
    }

    private mutating func keep(_ line: ArraySlice<UInt8>, _ names: Names) {
        guard line.first != UInt8(ascii: "#"), let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return }
        guard names.mayHave(line[..<colon]) else { return }
        let name = String(decoding: line[..<colon], as: UTF8.self)
        guard names.has(name) else { return }
        var value = line[(colon + 1)...].prefix(Self.valueBytesMax)
        if value.last == UInt8(ascii: "\r") { value = value.dropLast() }
        values[name] = String(decoding: value, as: UTF8.self)
    }

    fileprivate static func begins(_ name: String, _ prefix: String) -> Bool {
        guard name.hasPrefix(prefix) else { return false }
        guard !prefix.hasSuffix("_") else { return true }
        return name.utf8.dropFirst(prefix.utf8.count).first.map { (0x30...0x39).contains($0) } ?? false
    }

    func text(_ name: String) -> String? { values[name] }

    /// Nil where it is absent or no whole number.
    func integer(_ name: String) -> Int? { values[name].flatMap { Int($0) } }

    /// Nil where it is absent or negative.
    func count(_ name: String) -> UInt64? { values[name].flatMap { UInt64($0) } }

    func double(_ name: String) -> Double? { values[name].flatMap { Double($0) }.flatMap { $0.isFinite ? $0 : nil } }

    /// Nil where it is absent.
    func flag(_ name: String) -> Bool? { values[name].map { $0 == "1" || $0 == "yes" } }

    /// Fields whose names begin so, each read as `part=value,part=value`, in the order of their names.
    func parts(_ prefix: String) -> [(name: String, parts: [String: Substring])] {
        values.filter { Self.begins($0.key, prefix) }.sorted { $0.key < $1.key }.map { name, value in
            var parts: [String: Substring] = [:]
            for part in value.split(separator: ",").prefix(64) {
                let sides = part.split(separator: "=", maxSplits: 1)
                if sides.count == 2 { parts[String(sides[0])] = sides[1] }
            }
            return (name, parts)
        }
    }
}
