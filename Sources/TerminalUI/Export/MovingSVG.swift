/// Canvases one after the other as one picture in SVG that moves by itself, over and over, where a style sheet may move
/// it; elsewhere, and for who wants no motion, the last of them stands still.
///
/// What several frames have in common is in it once.
public struct MovingSVG {
    private let size: Size
    private let foreground: Color
    private let background: Color
    /// When each frame begins.
    private var starts: [UInt64] = []
    /// The frames that each element is in, as runs: from the first to before the last.
    private var runs: [Canvas.Element: [Range<Int>]] = [:]
    /// Elements in the order in which they came.
    private var order: [Canvas.Element] = []
    /// About as many as the picture will have.
    public private(set) var bytes = 0

    public var count: Int { starts.count }

    /// - Parameters:
    ///   - foreground: for cells without a colour of their own.
    ///   - background: of the paper.
    public init(_ size: Size, foreground: Color, background: Color) {
        (self.size, self.foreground, self.background) = (size, foreground, background)
    }

    /// - Parameter milliseconds: when it begins, since the first one did; later than all before.
    public mutating func add(_ canvas: Canvas, atMilliseconds milliseconds: UInt64) {
        precondition(canvas.size == size && milliseconds >= starts.last ?? 0, "frame \(count) at \(milliseconds) ms")
        let frame = starts.count
        starts.append(milliseconds)
        for element in canvas.svgElements(foreground: foreground, background: background).joined() {
            if let last = runs[element]?.indices.last {
                guard runs[element]?[last].upperBound != frame + 1 else { continue }
                if runs[element]?[last].upperBound == frame {
                    let start = runs[element]?[last].lowerBound ?? frame
                    runs[element]?[last] = start..<frame + 1
                } else {
                    runs[element]?.append(frame..<frame + 1)
                    bytes += Self.stepBytes
                }
            } else {
                runs[element] = [frame..<frame + 1]
                order.append(element)
                bytes += element.text.utf8.count + Self.stepBytes
            }
        }
    }

    /// What a change of an element's visibility takes.
    private static let stepBytes = 60

    /// - Parameter end: when the last frame ends, and the first begins again.
    public func text(endMilliseconds end: UInt64) -> String {
        var groups: [[Range<Int>]: [Canvas.Element]] = [:]
        var groupOrder: [[Range<Int>]] = []
        for element in order {
            let key = runs[element] ?? []
            if groups[key] == nil { groupOrder.append(key) }
            groups[key, default: []].append(element)
        }
        let length = max(end, (starts.last ?? 0) + 1)
        var styles: [String] = []
        var papers: [String] = []
        var inks: [String] = []
        for (number, key) in groupOrder.enumerated() {
            let elements = groups[key] ?? []
            let isAlways = key == [0..<count]
            let name = "f\(number)"
            if !isAlways { styles.append(keyframes(name, key, length)) }
            for isPaper in [true, false] {
                let texts = elements.filter { $0.isPaper == isPaper }.map(\.text)
                guard !texts.isEmpty else { continue }
                let open = isAlways ? "<g>" : #"<g class="m" style="animation-name:\#(name)"\#(hidden(key))>"#
                let group = open + texts.joined() + "</g>"
                if isPaper { papers.append(group) } else { inks.append(group) }
            }
        }
        let seconds = Self.decimals(Double(length) / 1_000)
        let head =
            ["<style>", ".m{animation:\(seconds)s step-end infinite}"] + styles + [
                "@media(prefers-reduced-motion:reduce){.m{animation:none}}", "</style>",
            ]
        return Canvas.svg(size, foreground, background, head: head, papers + inks)
    }

    /// Without motion the last frame is seen.
    private func hidden(_ key: [Range<Int>]) -> String {
        key.last?.upperBound == count ? "" : #" visibility="hidden""#
    }

    private func keyframes(_ name: String, _ key: [Range<Int>], _ length: UInt64) -> String {
        var steps = ""
        if key.first?.lowerBound != 0 { steps += "0%{visibility:hidden}" }
        for run in key {
            steps += "\(percent(run.lowerBound, length)){visibility:visible}"
            if run.upperBound < count { steps += "\(percent(run.upperBound, length)){visibility:hidden}" }
        }
        return "@keyframes \(name){\(steps)}"
    }

    private func percent(_ frame: Int, _ length: UInt64) -> String {
        Self.decimals(Double(starts[frame]) * 100 / Double(length)) + "%"
    }

    /// Three digits behind the point at the most.
    private static func decimals(_ value: Double) -> String {
        let thousandths = Int((value * 1_000).rounded())
        var text = "\(thousandths / 1_000)"
        let rest = thousandths % 1_000
        guard rest > 0 else { return text }
        text += "." + String(String(rest + 1_000).dropFirst())
        while text.hasSuffix("0") { text.removeLast() }
        return text
    }
}
