import Foundation
import TerminalUI
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite struct MovingSVGTests {
    private let size = Size(width: 10, height: 2)

    private func canvas(_ first: String, _ second: String = "same", style: Style = .plain) -> Canvas {
        var canvas = Canvas(size)
        canvas.put(first, x: 0, y: 0, style: style)
        canvas.put(second, x: 0, y: 1)
        return canvas
    }

    private func picture(_ frames: [(UInt64, Canvas)], end: UInt64) -> String {
        var picture = MovingSVG(size, foreground: Color(0xDDDDDD), background: Color(0x111111))
        for (time, canvas) in frames { picture.add(canvas, atMilliseconds: time) }
        return picture.text(endMilliseconds: end)
    }

    @Test func whatFramesHaveInCommonIsInItOnce() {
        let text = picture([(0, canvas("one")), (500, canvas("two")), (1_000, canvas("one"))], end: 2_000)
        #expect(text.components(separatedBy: ">same</text>").count == 2)
        #expect(text.components(separatedBy: ">one</text>").count == 2)
        #expect(text.contains("animation:2s step-end infinite"))
        #expect(
            text.contains("{0%{visibility:visible}25%{visibility:hidden}50%{visibility:visible}}"), "of 'one'")
        #expect(text.contains("{0%{visibility:hidden}25%{visibility:visible}50%{visibility:hidden}}"), "of 'two'")
    }

    /// Where nothing moves it, the last frame is seen, and no other.
    @Test func withoutMotionTheLastFrameStands() throws {
        let text = picture([(0, canvas("one")), (500, canvas("two"))], end: 1_000)
        let one = try #require(text.split(separator: "\n").first { $0.contains(">one<") })
        let two = try #require(text.split(separator: "\n").first { $0.contains(">two<") })
        #expect(one.contains(#"visibility="hidden""#) && !two.contains(#"visibility="hidden""#))
        #expect(text.contains("prefers-reduced-motion"))
    }

    /// A ground that stays must not be drawn over a text that comes later.
    @Test func groundsAreBelowAllTexts() throws {
        let style = Style(Color(0xFF0000), on: Color(0x0000FF))
        let text = picture([(0, canvas("ab", style: style)), (500, canvas("cd", style: style))], end: 1_000)
        let ground = try #require(text.range(of: ##"fill="#0000ff""##))
        let first = try #require(text.range(of: ">ab</text>"))
        #expect(ground.upperBound < first.lowerBound)
        #expect(text.components(separatedBy: ##"fill="#0000ff""##).count == 2)
    }

    @Test func itIsWellFormed() {
        let text = picture([(0, canvas("<&>")), (333, canvas("█▒▀▌")), (700, canvas("─╮", "界"))], end: 1_234)
        #expect(XMLParser(data: Data(text.utf8)).parse())
    }

    @Test func aPictureOfOneFrameMovesNothing() {
        let text = picture([(0, canvas("one"))], end: 0)
        #expect(!text.contains("@keyframes") && text.contains(">one</text>"))
    }

    @Test func itsBytesAreKnownWhileItGrows() {
        var picture = MovingSVG(size, foreground: Color(0xDDDDDD), background: Color(0x111111))
        for number in 0..<50 { picture.add(canvas("\(number * 7)"), atMilliseconds: UInt64(number) * 100) }
        let real = picture.text(endMilliseconds: 5_000).utf8.count
        #expect(picture.count == 50 && real < picture.bytes * 3 && picture.bytes < real * 3)
    }

    @Test func aShadeIsAPartOfTheInk() {
        var canvas = Canvas(size)
        canvas.put("▒▒▀", x: 0, y: 0)
        let text = canvas.svg(foreground: Color(0xDDDDDD), background: Color(0x111111))
        #expect(
            text.contains(##"<rect x="8" y="8" width="18" height="18" fill="#dddddd" fill-opacity="0.5"/>"##))
        #expect(text.contains(##"<rect x="26" y="8" width="9" height="9" fill="#dddddd"/>"##))
    }
}
