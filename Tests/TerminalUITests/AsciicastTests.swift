import Foundation
import TerminalUI
import Testing

@Suite struct AsciicastTests {
    private func canvas(_ size: Size, _ seed: Int) -> Canvas {
        var canvas = Canvas(size)
        let texts = ["plain", "wide 界界 x", "\"quoted\" \\", "████▒▀", "é à ü"]
        for y in 0..<size.height {
            let number = (seed &* 31 &+ y &* 17) % 97
            let style = Style(
                number % 3 == 0 ? Color(UInt32(number) * 0x010203) : nil, on: number % 5 == 0 ? Color(0x00FF00) : nil,
                number % 2 == 0 ? .bold : [])
            canvas.put(texts[number % texts.count], x: number % 7, y: y, style: style)
        }
        return canvas
    }

    /// What a terminal shows that is sent this: characters, by row and column.
    private struct Shown {
        var cells: [[String]]

        init(_ size: Size) {
            cells = Array(repeating: Array(repeating: " ", count: size.width), count: size.height)
        }

        mutating func take(_ text: String) {
            var (x, y) = (0, 0)
            var rest = Substring(text)
            while let character = rest.first {
                guard character == "\u{1B}" else {
                    rest.removeFirst()
                    let columns = character == "界" ? 2 : 1
                    cells[y][x] = String(character)
                    if columns == 2 { cells[y][x + 1] = "" }
                    x += columns
                    continue
                }
                guard let end = rest.dropFirst(2).firstIndex(where: \.isLetter) else { return }
                let numbers = rest[rest.index(rest.startIndex, offsetBy: 2)..<end].split(separator: ";").map { Int($0) }
                switch rest[end] {
                case "H": (y, x) = ((numbers[0] ?? 1) - 1, (numbers[1] ?? 1) - 1)
                case "J": self = Shown(Size(width: cells[0].count, height: cells.count))
                default: break
                }
                rest = rest[rest.index(after: end)...]
            }
        }

        var text: String {
            cells.map { row in
                var line = row.joined()
                while line.hasSuffix(" ") { line.removeLast() }
                return line
            }.joined(separator: "\n") + "\n"
        }
    }

    @Test func changesShowWhatIsMeantToBeShown() {
        let size = Size(width: 30, height: 6)
        var shown = Shown(size)
        var last: Canvas?
        for seed in 0..<40 {
            let canvas = canvas(size, seed / 2 * 3)
            let change = canvas.terminalText(after: last)
            #expect((last == canvas) == change.isEmpty)
            shown.take(change)
            #expect(shown.text == canvas.text)
            last = canvas
        }
    }

    @Test func anotherSizeBeginsAnew() {
        let small = canvas(Size(width: 20, height: 3), 1)
        #expect(
            canvas(Size(width: 30, height: 3), 1).terminalText(after: small).hasPrefix("\u{1B}[?25l\u{1B}[0m\u{1B}[2J"))
    }

    @Test func everyLineIsJSON() throws {
        let size = Size(width: 20, height: 3)
        var cast = Asciicast(size, title: "a \"demo\"\u{7}", timestamp: 1_700_000_000)
        for number in 0..<4 { cast.add(canvas(size, number), atMilliseconds: UInt64(number) * 1_005) }
        cast.add(canvas(size, 3), atMilliseconds: 4_000)
        cast.end(atMilliseconds: 5_007)
        let lines = cast.text.split(separator: "\n").map { Data($0.utf8) }
        struct Header: Decodable { var version, width, height, timestamp: Int, title: String }
        let header = try JSONDecoder().decode(Header.self, from: lines[0])
        #expect(header.version == 2 && header.width == 20 && header.height == 3 && header.title == "a \"demo\"\u{7}")
        let events = try lines.dropFirst().map { try #require(JSONSerialization.jsonObject(with: $0) as? [Any]) }
        #expect(events.count == 5 && cast.count == 4)
        #expect(events.map { ($0[0] as? NSNumber)?.doubleValue } == [0, 1.005, 2.01, 3.015, 5.007])
        #expect(events.allSatisfy { $0[1] as? String == "o" })
    }
}
