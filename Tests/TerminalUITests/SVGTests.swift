import Foundation
import TerminalUI
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite struct SVGTests {
    private func svg(_ draw: (inout Canvas) -> Void) -> String {
        var canvas = Canvas(Size(width: 6, height: 2))
        draw(&canvas)
        return canvas.svg(foreground: Color(0xDDDDDD), background: Color(0x111111))
    }

    @Test func everyRunStandsInItsColumns() {
        let picture = svg { canvas in
            canvas.put("ab", x: 1, y: 0)
            canvas.put("cd", x: 3, y: 0, style: Style(Color(0xFF0000), on: nil, [.bold, .underline]))
            canvas.put("界e", x: 0, y: 1, style: Style(Color(0x00FF00), on: nil, [.reverse, .dim]))
        }
        #expect(
            picture.split(separator: "\n").dropFirst(3).dropLast(2) == [
                #"<text x="17" y="21" textLength="18">ab</text>"#,
                ##"<text x="35" y="21" textLength="18" fill="#ff0000" font-weight="bold" text-decoration="underline">cd</text>"##,
                ##"<rect x="8" y="26" width="18" height="18" fill="#00ff00"/>"##,
                ##"<text x="8" y="39" textLength="18" fill="#111111" opacity="0.6">界</text>"##,
                ##"<rect x="26" y="26" width="9" height="18" fill="#00ff00"/>"##,
                ##"<text x="26" y="39" textLength="9" fill="#111111" opacity="0.6">e</text>"##,
            ])
    }

    /// Glyphs of a font leave seams between neighbours; shapes whose edges are the cells' do not.
    @Test func whatMeetsItsNeighboursIsDrawnFromEdgeToEdge() {
        let picture = svg { canvas in
            canvas.put("██▌", x: 0, y: 0)
            canvas.put("─╮▂▂", x: 0, y: 1)
        }
        #expect(
            picture.split(separator: "\n").dropFirst(3).dropLast(2) == [
                ##"<rect x="8" y="8" width="18" height="18" fill="#dddddd"/>"##,
                ##"<rect x="26" y="8" width="4.5" height="18" fill="#dddddd"/>"##,
                ##"<rect x="8" y="34" width="9" height="1" fill="#dddddd"/>"##,
                ##"<path d="M21.5 44Q21.5 34.5 17 34.5" fill="none" stroke="#dddddd" shape-rendering="auto"/>"##,
                ##"<rect x="26" y="39.5" width="18" height="4.5" fill="#dddddd"/>"##,
            ])
    }

    /// A picture that is enlarged by a fraction puts edges between pixels, where both neighbours would let the ground through.
    @Test func edgesStaySharpHoweverItIsEnlarged() {
        #expect(svg { $0.put("█", x: 0, y: 0) }.contains(#"shape-rendering="crispEdges""#))
    }

    @Test func textIsEscaped() {
        #expect(svg { $0.put("<&>", x: 0, y: 0) }.contains(">&lt;&amp;&gt;</text>"))
    }

    @Test func aPictureIsWellFormed() {
        let picture = svg { $0.put("<&\">", x: 0, y: 0, style: Style(Color(0xFF0000))) }
        #expect(XMLParser(data: Data(picture.utf8)).parse())
    }
}
