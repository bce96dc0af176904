/// Canvases in sequence as one animated picture in SVG that repeats, for viewers in which a style sheet may animate it.
/// Elsewhere, and for users who want no motion, the last canvas stands still.
///
/// An element that several frames have in common is in the file once.
public struct MovingSVG {
    private let size: Size
    private let foreground: Color
    private let background: Color
    /// The time at which each frame begins.
    private var starts: [UInt64] = []
    /// The frames that each element is in, as runs: from the first to before the last.
    private var runs: [Canvas.Element: [Range<Int>]] = [:]
    /// Elements in the order in which they came.
    private var order: [Canvas.Element] = []
    /// The size that the picture will have, about.
    public private(set) var bytes = 0

    public var count: Int { starts.count }

    /// - Parameters:
    ///   - foreground: the colour of cells without one of their own.
    ///   - background: the colour of the paper.
    public init(_ size: Size, foreground: Color, background: Color) {
        (self.size, self.foreground, self.background) = (size, foreground, background)
    }

    /// - Parameter milliseconds: the time at which the frame begins, since the first one did; not before that of any
    ///   earlier one.
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

    /// The bytes that a change of an element's visibility takes, about.
    private static let stepBytes = 60

    /// - Parameter end: the time at which the last frame ends, and the first begins again.
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

    /// Without motion only the last frame is visible.
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

    /// At most three digits behind the point.
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
