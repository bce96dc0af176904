import TerminalUI
import Testing

@Suite struct CanvasTests {
    @Test func whatLiesOutsideIsDropped() {
        var canvas = Canvas(Size(width: 4, height: 2))
        canvas.put("abcdef", x: 2, y: 0)
        canvas.put("zz", x: -1, y: 1)
        canvas.put("no", x: 0, y: 2)
        canvas.fill(Rect(x: 3, y: -5, width: 9, height: 9), "#")
        #expect(canvas.text == "  a#\nz  #\n")
    }

    @Test func aWideCharacterTakesTwoCellsOrNone() {
        var canvas = Canvas(Size(width: 3, height: 1))
        canvas.put("界界", x: 0, y: 0)
        #expect(canvas.text == "界\n")
        canvas.put("x", x: 1, y: 0)
        #expect(canvas.text == " x\n", "half of it is gone, so the other half goes too")
    }

    @Test func combiningMarksTakeNoColumn() {
        #expect("e\u{301}x".columns == 2)
        var canvas = Canvas(Size(width: 2, height: 1))
        canvas.put("e\u{301}x", x: 0, y: 0)
        #expect(canvas.text == "e\u{301}x\n")
    }

    @Test func controlCharactersNeverReachTheTerminal() {
        var canvas = Canvas(Size(width: 8, height: 1))
        canvas.put("a\u{1B}[31mb", x: 0, y: 0)
        #expect(!canvas.text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    }

    @Test func textThatDoesNotFitEndsWithAMark() {
        #expect("abcdef".truncated(to: 4) == "abc…")
        #expect("abcdef".truncatedAtStart(to: 4) == "…def")
        #expect("界界界".truncated(to: 4) == "界…")
        #expect("abc".truncated(to: 3) == "abc")
        #expect("one two three".wrapped(to: 7) == ["one two", "three"])
    }

    @Test(arguments: [
        ("writes held 10.4 ms", 17, ["writes held", "10.4 ms"]),
        ("of 12,345 keys in 3 shards", 16, ["of 12,345 keys", "in 3 shards"]),
        ("took 3 min 05 s", 10, ["took 3 min", "05 s"]), ("<10 ms left", 8, ["<10 ms", "left"]),
        // A list of numbers has no words to count.
        ("dealt 2 2 2 2 3 3 3", 8, ["dealt 2", "2 2 2 3", "3 3"]),
        // What fits no line is broken after the figure, then within the word.
        ("10 abcdefghij", 5, ["10", "abcde", "fghij"]), ("a  b", 1, ["a", "b"]), ("", 3, [""]),
    ])
    func aFigureIsNeverPartedFromWhatItCounts(text: String, width: Int, lines: [String]) {
        #expect(text.wrapped(to: width) == lines)
        // Also where figure and unit have styles of their own.
        let styled = text.map { Span(String($0), $0.isNumber ? Style(nil, on: nil, .bold) : .plain) }
        #expect(
            text.isEmpty || text.contains("  ") || styled.wrapped(to: width).map { $0.map(\.text).joined() } == lines)
    }

    @Test(arguments: [
        (0.0, "····"), (0.001, "▏···"), (0.5, "██··"), (0.999, "███▉"), (1.0, "████"), (7.0, "████"), (-1, "····"),
    ])
    func aBarIsNeverEmptyForSomethingNorFullForLessThanAll(fraction: Double, bar: String) {
        var canvas = Canvas(Size(width: 4, height: 1))
        canvas.bar(x: 0, y: 0, width: 4, fraction: fraction, style: .plain, track: Cell("·"), glyphs: .unicode)
        #expect(canvas.text == bar + "\n")
    }

    @Test func theLeastImportantPartGivesWayFirst() {
        var line = FittedLine(gap: [Span(" ")])
        line.add("name", .plain, priority: 9)
        line.add("detail", .plain, priority: 1)
        line.add("count", .plain, priority: 5)
        #expect(line.spans(width: 20).map(\.text).joined() == "name detail count")
        #expect(line.spans(width: 12).map(\.text).joined() == "name count")
        #expect(line.spans(width: 5).map(\.text).joined() == "name")
    }

    @Test func coloursFallBackToWhatTheTerminalHas() {
        let color = Color(basic: 9)
        #expect(ColorDepth(colors: 0).number(of: color) == -1)
        #expect(ColorDepth(colors: 8).number(of: color) == 1)
        #expect(ColorDepth(colors: 16).number(of: color) == 9)
        #expect(ColorDepth(colors: 256).number(of: color) == 196)
        #expect(ColorDepth(colors: 256).number(of: nil) == -1)
    }

    @Test func aColourThatATerminalHasNotIsItsOwn() {
        let color = Color(0x4A5160)
        #expect(ColorDepth(colors: 8).number(of: color) == -1)
        #expect(ColorDepth(colors: 16).number(of: color) == -1)
        #expect(ColorDepth(colors: 1 << 24).number(of: color) == 0x4A5160)
    }

    /// Joined letters take a cell for each letter with its marks; joined pictures are drawn as the first of them.
    @Test(arguments: [
        ("हिन्दी", 5), ("e\u{301}", 1), ("👨\u{200D}👩\u{200D}👧", 2), ("👍🏽", 2), ("\u{1112}\u{1161}\u{11AB}", 2),
        ("قُلْ", 2), ("❤\u{FE0F}", 1), ("界", 2), ("a", 1),
    ])
    func aCharacterIsShownInAllItsCells(text: String, columns: Int) {
        #expect(text.columns == columns)
        var canvas = Canvas(Size(width: 8, height: 1))
        #expect(canvas.put(text, x: 0, y: 0) == columns)
        #expect(canvas[x: columns, y: 0] == .blank)
    }

    @Test func noLetterOfAJoinedScriptIsLeftOut() {
        var canvas = Canvas(Size(width: 8, height: 1))
        canvas.put("हिन्दी", x: 0, y: 0)
        #expect(canvas.line(0).unicodeScalars.elementsEqual("हिन्दी".unicodeScalars))
    }

    private func graph(
        _ values: [Double?], _ size: Size, highest: Double, isLight: Bool = false, glyphs: Glyphs = .unicode
    ) -> String {
        var canvas = Canvas(size)
        canvas.graph(
            values.map { $0.map { GraphColumn($0, style: .plain, isLight: isLight) } }, canvas.bounds, highest: highest,
            ground: .plain, clip: "^", glyphs: glyphs)
        return canvas.text
    }

    @Test func aGraphIsAsHighAsItsValuesAndStandsOnTheGround() {
        #expect(graph([0, 0, 1, 8, 16], Size(width: 5, height: 2), highest: 16) == "    █\n▁▁▁██\n")
        #expect(graph([0, 3], Size(width: 2, height: 1), highest: 0, glyphs: .ascii) == "__\n")
    }

    @Test func whatIsNotKnownIsBlankAndNoNought() {
        #expect(graph([nil, 0, nil, 8], Size(width: 6, height: 1), highest: 8) == "   ▁ █\n")
        #expect(graph([.nan, 0], Size(width: 2, height: 1), highest: 8) == " ▁\n")
    }

    @Test func whatIsHigherThanTheGraphIsCutOffWithASign() {
        #expect(graph([8, 9], Size(width: 2, height: 2), highest: 8) == "█^\n██\n")
    }

    @Test func whatIsToBeToldFromTheRestIsLighter() {
        #expect(graph([8, 0], Size(width: 2, height: 1), highest: 8, isLight: true) == "░▁\n")
    }

    @Test func aStyledLineIsCutBetweenWordsAndKeepsItsStyles() {
        let bold = Style(nil, on: nil, .bold)
        let line = [Span("one two  "), Span("three", bold)]
        #expect(line.wrapped(to: 20) == [line])
        let wrapped = line.wrapped(to: 8, indent: 2)
        #expect(wrapped.map { $0.map(\.text).joined() } == ["one two", "three"])
        #expect(wrapped[1].last?.style == bold)
        #expect([Span("abcdefghij")].wrapped(to: 4).map { $0.map(\.text).joined() } == ["abcd", "efgh", "ij"])
        #expect([Span]().wrapped(to: 4) == [[]])
        // A word is one, however many styles it has.
        let mixed = [Span("ab", bold), Span("cd"), Span(" "), Span("ef", bold), Span("gh,")]
        #expect(mixed.wrapped(to: 7).map { $0.map(\.text).joined() } == ["abcd", "efgh,"])
    }
}
