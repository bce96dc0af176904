import Testing

@testable import TerminalUI

@Suite struct BigTextTests {
    private func drawn(_ text: String, _ form: BigText.Form, _ glyphs: Glyphs = .unicode) -> [String] {
        var canvas = Canvas(Size(width: 30, height: form.rows))
        canvas.put(big: text, x: 0, y: 0, form: form, style: .plain, glyphs: glyphs)
        return (0..<form.rows).map(canvas.line)
    }

    @Test func twoPixelsShareACell() {
        #expect(drawn("23", .half) == ["▀▀█ ▀▀█", "█▀▀  ▀█", "▀▀▀ ▀▀▀"])
    }

    @Test func aPixelIsTwoCellsWideWithoutHalves() {
        #expect(drawn("7", .whole, .ascii) == ["######", "    ##", "    ##", "  ##", "  ##"])
        #expect(drawn("7", .half, .ascii) == ["", "", ""])
    }

    @Test func smallLettersAreDrawnAsLargeOnes() {
        #expect(drawn("copy", .half) == drawn("COPY", .half))
    }

    /// All letters, figures and signs that words and numbers are made of have a picture of their own.
    @Test func whatIsSaidCanBeDrawn() {
        var seen: Set<[String]> = []
        for character in "ABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890,.%=/-:" {
            let pixels = BigText.pixels(of: character)
            #expect(pixels.count == BigText.pixelRows)
            #expect(Set(pixels.map(\.count)).count == 1, "\(character)")
            // The letter O and the figure 0 may look alike.
            #expect(seen.insert(pixels.map(String.init)).inserted, "\(character)")
        }
        #expect(BigText.pixels(of: "é") == BigText.pixels(of: "☃"))
    }

    @Test func theColumnsAreThoseThatAreTaken() {
        for form in [BigText.Form.half, .whole] {
            var canvas = Canvas(Size(width: 200, height: 5))
            let taken = canvas.put(big: "12,345 MW", x: 0, y: 0, form: form, style: .plain, glyphs: .unicode)
            #expect(taken == BigText.columns("12,345 MW", form))
            let last = (0..<200).last { x in (0..<5).contains { canvas[x: x, y: $0] != .blank } }
            #expect(last == taken - 1)
        }
        #expect(BigText.columns("", .half) == 0)
    }

    @Test func nothingLeavesTheClip() {
        var canvas = Canvas(Size(width: 5, height: 2))
        canvas.put(big: "8888", x: -3, y: -1, form: .half, style: .plain, glyphs: .unicode)
        #expect(canvas.cells.count == 10)
    }
}
