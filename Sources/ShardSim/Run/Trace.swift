import DequeModule

/// The lines of a trace; beyond the bound the oldest are dropped.
struct Trace {
    private var lines: Deque<String> = []
    private let linesMax: Int

    init(linesMax: Int) { self.linesMax = linesMax }

    mutating func append(_ text: @autoclosure () -> String, at micros: UInt64) {
        guard linesMax > 0 else { return }
        if lines.count == linesMax { lines.removeFirst() }
        let milliseconds = String(micros / 1_000)
        let padding = String(repeating: " ", count: max(0, 6 - milliseconds.count))
        let fraction = String(1_000 + micros % 1_000).dropFirst()
        lines.append("\(padding)\(milliseconds).\(fraction) \(text())")
    }

    var isKept: Bool { linesMax > 0 }

    var all: [String] { Array(lines) }
}
