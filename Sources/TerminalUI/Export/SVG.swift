extension Canvas {
    /// The size of a cell in the picture, in pixels: that of the usual monospaced fonts at ``fontPixels``.
    private static let cellWidth = 9
    private static let cellHeight = 18
    private static let fontPixels = 15
    private static let baseline = 13
    private static let margin = 8

    /// The canvas as a picture in SVG. Each run of cells of one style is a text of its own, held to the columns that it
    /// takes, so that columns line up as on the screen in any monospaced font.
    ///
    /// - Parameters:
    ///   - foreground: the colour of cells without one of their own.
    ///   - background: the colour of the paper.
    public func svg(foreground: Color, background: Color) -> String {
        let elements = svgElements(foreground: foreground, background: background)
        return Self.svg(size, foreground, background, elements.flatMap { $0.map(\.text) })
    }

    /// A picture of `size` in cells with these elements, which may be styled in `head`.
    static func svg(
        _ size: Size, _ foreground: Color, _ background: Color, head: [String] = [], _ elements: [String]
    ) -> String {
        let width = size.width * cellWidth + 2 * margin
        let height = size.height * cellHeight + 2 * margin
        let lines =
            [
                #"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \#(width) \#(height)" width="\#(width)" height="\#(height)">"#
            ] + head + [
                #"<rect width="\#(width)" height="\#(height)" rx="6" fill="\#(background.css)"/>"#,
                #"<g font-family="'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="\#(fontPixels)" fill="\#(foreground.css)" xml:space="preserve" shape-rendering="crispEdges">"#,
            ] + elements + ["</g>", "</svg>"]
        return lines.joined(separator: "\n") + "\n"
    }

    /// A piece of a picture.
    struct Element: Hashable {
        var text: String
        /// True for the background that others are drawn on.
        var isPaper = false
    }

    /// The elements of each row, in the order in which they are drawn.
    func svgElements(foreground: Color, background: Color) -> [[Element]] {
        (0..<size.height).map { y in runs(y).flatMap { elements($0, y, foreground, background) } }
    }

    private struct Run {
        var x: Int
        var columns: Int
        var text: String
        var style: Style
        var isShape = false

        func continues(_ character: Character, _ shape: CellShape?) -> Bool {
            shape?.isContinued == true && text.first == character
        }
    }

    /// The runs of neighbouring cells with one style. A wide character stands alone, since fonts differ about its
    /// width, and so does a character that is drawn as a shape.
    private func runs(_ y: Int) -> [Run] {
        var runs: [Run] = []
        for x in 0..<size.width {
            let cell = self[x: x, y: y]
            if cell.isContinuation { continue }
            let isWide = self[x: x + 1, y: y].isContinuation
            let shape = CellShape(cell.character)
            if let last = runs.last, last.style == cell.style, last.x + last.columns == x, !isWide,
                last.columns == last.text.count, shape == nil ? !last.isShape : last.continues(cell.character, shape)
            {
                runs[runs.count - 1].text.append(cell.character)
                runs[runs.count - 1].columns += 1
            } else {
                runs.append(
                    Run(
                        x: x, columns: isWide ? 2 : 1, text: String(cell.character), style: cell.style,
                        isShape: shape != nil))
            }
        }
        return runs
    }

    private func elements(_ run: Run, _ y: Int, _ foreground: Color, _ background: Color) -> [Element] {
        let attributes = run.style.attributes
        var ink = run.style.foreground ?? foreground
        var paper = run.style.background
        if attributes.contains(.reverse) { (ink, paper) = (paper ?? background, ink) }
        let x = Self.margin + run.x * Self.cellWidth
        let top = Self.margin + y * Self.cellHeight
        let width = run.columns * Self.cellWidth
        var elements: [Element] = []
        if let paper {
            elements.append(
                Element(
                    text:
                        #"<rect x="\#(x)" y="\#(top)" width="\#(width)" height="\#(Self.cellHeight)" fill="\#(paper.css)"/>"#,
                    isPaper: true))
        }
        if run.isShape, let shape = run.text.first.flatMap(CellShape.init) {
            let drawn = shape.element(x: x, y: top, width: width, height: Self.cellHeight, ink: ink.css)
            return elements + [Element(text: attributes.contains(.dim) ? #"<g opacity="0.6">\#(drawn)</g>"# : drawn)]
        }
        // Renderers differ about blanks at the ends.
        let before = run.text.prefix { $0 == " " }.count
        let words = run.text.dropFirst(before)
        let after = words.reversed().prefix { $0 == " " }.count
        guard before < run.text.count else { return elements }
        let length = width - (before + after) * Self.cellWidth
        var text =
            #"<text x="\#(x + before * Self.cellWidth)" y="\#(top + Self.baseline)" textLength="\#(length)""#
        if ink != foreground { text += #" fill="\#(ink.css)""# }
        if attributes.contains(.bold) { text += #" font-weight="bold""# }
        if attributes.contains(.dim) { text += #" opacity="0.6""# }
        if attributes.contains(.underline) { text += #" text-decoration="underline""# }
        elements.append(Element(text: text + ">" + String(words.dropLast(after)).escapedForXML + "</text>"))
        return elements
    }
}

extension String {
    fileprivate var escapedForXML: String {
        var text = ""
        for character in self {
            switch character {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            default: text.append(character)
            }
        }
        return text
    }
}
