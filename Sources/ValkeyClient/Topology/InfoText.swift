/// The fields of an answer to `INFO`: lines of `name:value` in sections. Only those that are asked for are looked for, and
/// none is read before somebody wants it, as an answer has hundreds and a poll reads many.
struct InfoText {
    /// More lines are not looked at, nor longer values read.
    private static let linesMax = 20_000
    private static let valueBytesMax = 1_024

    private let bytes: [UInt8]
    private let names: Names
    /// The place of the value of each of the names; nil if it is absent.
    private var values: [Range<Int>?]
    /// Fields of one of the prefixes.
    private var others: [(name: Range<Int>, value: Range<Int>)] = []

    init(_ bytes: [UInt8], names: Set<String>, prefixes: [String] = []) {
        self.init(bytes, Names(names, prefixes: prefixes))
    }

    init(_ bytes: [UInt8], _ names: Names) {
        (self.bytes, self.names) = (bytes, names)
        values = Array(repeating: nil, count: names.names.count)
        bytes.withUnsafeBufferPointer { bytes in
            var (lines, start) = (0, 0)
            while start < bytes.count, lines < Self.linesMax {
                var (colon, end) = (-1, start)
                while end < bytes.count, bytes[end] != UInt8(ascii: "\n") {
                    if colon < 0, bytes[end] == UInt8(ascii: ":") { colon = end }
                    end += 1
                }
                if colon > start { keep(name: start..<colon, value: colon + 1..<end, of: bytes) }
                start = end + 1
                lines += 1
            }
        }
    }

    private mutating func keep(name: Range<Int>, value: Range<Int>, of bytes: UnsafeBufferPointer<UInt8>) {
        let place = names.place(of: UnsafeBufferPointer(rebasing: bytes[name]))
        guard place != nil || names.hasPrefix(of: bytes[name]) else { return }
        var value = value.prefix(Self.valueBytesMax)
        if let last = value.last, bytes[last] == UInt8(ascii: "\r") { value = value.dropLast() }
        if let place { values[place] = value } else { others.append((name, value)) }
    }

    private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    func text(_ name: String) -> String? { names.places[name].flatMap { values[$0] }.map(text) }

    /// Nil if it is absent or no whole number.
    func integer(_ name: String) -> Int? { text(name).flatMap { Int($0) } }

    /// Nil if it is absent or negative.
    func count(_ name: String) -> UInt64? { text(name).flatMap { UInt64($0) } }

    func double(_ name: String) -> Double? { text(name).flatMap { Double($0) }.flatMap { $0.isFinite ? $0 : nil } }

    /// Nil if it is absent.
    func flag(_ name: String) -> Bool? { text(name).map { $0 == "1" || $0 == "yes" } }

    /// Fields whose names begin so, each read as `part=value,part=value`, in the order of their names.
    func parts(_ prefix: String) -> [(name: String, parts: [String: Substring])] {
        let prefix = Prefix(prefix)
        let named = zip(names.names, values).compactMap { name, value in
            value.flatMap { prefix.begins(name) ? (name: String(decoding: name, as: UTF8.self), value: $0) : nil }
        }
        let others = others.filter { prefix.begins(bytes[$0.name]) }.map { (name: text($0.name), value: $0.value) }
        return (named + others).sorted { $0.name < $1.name }.map { name, value in
            var parts: [String: Substring] = [:]
            for part in text(value).split(separator: ",").prefix(64) {
                let sides = part.split(separator: "=", maxSplits: 1)
                if sides.count == 2 { parts[String(sides[0])] = sides[1] }
            }
            return (name, parts)
        }
    }
}

extension InfoText {
    /// The fields to look for.
    struct Names: Sendable {
        fileprivate let names: [[UInt8]]
        fileprivate let places: [String: Int]
        private let prefixes: [Prefix]
        /// Length, first and last byte of each name: by these alone most lines are passed over.
        private let marks: [Int]
        private var hasMark = [Bool](repeating: false, count: 1_024)

        init(_ names: Set<String>, prefixes: [String] = []) {
            let sorted = names.sorted()
            self.names = sorted.map { Array($0.utf8) }
            places = Dictionary(uniqueKeysWithValues: zip(sorted, sorted.indices))
            self.prefixes = prefixes.map(Prefix.init)
            marks = self.names.map { $0.withUnsafeBufferPointer(Self.mark) }
            for mark in marks { hasMark[Self.bucket(mark)] = true }
        }

        private static func mark(_ name: UnsafeBufferPointer<UInt8>) -> Int {
            name.isEmpty ? 0 : name.count << 16 | Int(name[0]) << 8 | Int(name[name.count - 1])
        }

        private static func bucket(_ mark: Int) -> Int { (mark ^ mark >> 6 ^ mark >> 12) & 1_023 }

        fileprivate func place(of name: UnsafeBufferPointer<UInt8>) -> Int? {
            let mark = Self.mark(name)
            guard hasMark[Self.bucket(mark)] else { return nil }
            return marks.indices.first { marks[$0] == mark && names[$0].elementsEqual(name) }
        }

        fileprivate func hasPrefix(of name: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
            prefixes.contains { $0.begins(name) }
        }
    }

    /// How names begin that go on with a digit, as `db0`, or with anything where it ends with `_`.
    fileprivate struct Prefix: Sendable {
        private let bytes: [UInt8]

        init(_ text: String) { bytes = Array(text.utf8) }

        func begins(_ name: some Collection<UInt8>) -> Bool {
            guard name.first == bytes.first, name.starts(with: bytes) else { return false }
            guard bytes.last != UInt8(ascii: "_") else { return true }
            return name.dropFirst(bytes.count).first.map { (0x30...0x39).contains($0) } ?? false
        }
    }
}
