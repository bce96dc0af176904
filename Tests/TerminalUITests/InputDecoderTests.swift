import Testing

@testable import TerminalUI

@Suite struct InputDecoderTests {
    /// What comes of the bytes, read at once, and then nothing more.
    private func inputs(_ text: String) -> [TerminalInput] { inputs(Array(text.utf8)) }

    private func inputs(_ bytes: [UInt8]) -> [TerminalInput] {
        var decoder = InputDecoder()
        return decoder.take(bytes) + decoder.flush()
    }

    private func keys(_ text: String) -> [KeyEvent] {
        inputs(text).compactMap { if case .key(let key) = $0 { key } else { nil } }
    }

    private func text(_ inputs: [TerminalInput]) -> String {
        inputs.reduce("") { text, input in
            if case .key(.character(let character)) = input { text + String(character) } else { text + "?" }
        }
    }

    static let texts = [
        "abüdef", "e\u{301}", "हिन्दी", "قُلْ", "\u{1112}\u{1161}\u{11AB}", "👨\u{200D}👩\u{200D}👧", "👍🏽", "🇩🇪", "❤\u{FE0F}",
        "界", "ภาษาไทย", "न\u{200D}्",
    ]

    @Test(arguments: texts) func whatIsTypedArrivesScalarForScalar(typed: String) {
        #expect(text(inputs(typed)).unicodeScalars.elementsEqual(typed.unicodeScalars))
    }

    @Test(arguments: texts) func itDoesNotMatterHowTheBytesAreCut(typed: String) {
        var decoder = InputDecoder()
        let inputs = Array(typed.utf8).flatMap { decoder.take([$0]) } + decoder.flush()
        #expect(text(inputs).unicodeScalars.elementsEqual(typed.unicodeScalars))
    }

    @Test(arguments: [
        ("\u{1B}[A", KeyEvent.up), ("\u{1B}OB", .down), ("\u{1B}[1;5C", .right), ("\u{1B}[5~", .pageUp),
        ("\u{1B}[Z", .backTab), ("\u{1B}OP", .function(1)), ("\u{1B}[15~", .function(5)), ("\u{1B}[[B", .function(2)),
        ("\u{1B}[H", .home), ("\u{1B}[8~", .end), ("\r", .enter), ("\u{7F}", .backspace), ("\u{03}", .control("c")),
        ("\t", .tab), ("\u{1B}", .escape),
    ])
    func keysAreKnownByWhatTheySend(bytes: String, key: KeyEvent) {
        #expect(inputs(bytes) == [.key(key)])
    }

    @Test func aKeyOfTheTerminalsDescriptionGoesBeforeTheUsual() {
        var decoder = InputDecoder(keys: KeySequences(named: [Array("\u{1B}A".utf8): .up, [0x08]: .left]))
        #expect(decoder.take(Array("\u{1B}A\u{08}".utf8)) == [.key(.up), .key(.backspace)])
    }

    @Test func escapeIsAKeyWhereNothingFollows() {
        #expect(keys("\u{1B}q") == [.escape, .character("q")])
        #expect(keys("\u{1B}\u{1B}[A") == [.escape, .up])
        #expect(keys("\u{1B}]") == [.escape, .character("]")])
        #expect(keys("\u{1B}[") == [.escape, .character("[")])
    }

    @Test func whatNoKeySendsPressesNone() {
        #expect(inputs("\u{1B}[?1;2R\u{1B}[200000~\u{1B}[I\u{1B}[99;99;99;99t").isEmpty)
        #expect(inputs("\u{1B}[38;2;1").isEmpty, "cut off on the way")
        #expect(inputs([0x00, 0x1C, 0xC2, 0x85]).isEmpty, "controls")
    }

    @Test func bytesThatAreNoTextAreSaidOnce() {
        #expect(inputs([0x61, 0xFC, 0xE4, 0x62]) == [.key(.character("a")), .unreadable, .key(.character("b"))])
        #expect(inputs([0xE0, 0x80, 0x80]) == [.unreadable], "longer than its number needs")
        #expect(inputs([0xC3]) == [.unreadable], "begun and not ended")
    }

    @Test func theMouseIsKnownInBothItsForms() {
        #expect(inputs("\u{1B}[<0;10;5M\u{1B}[<0;10;5m") == [.mouse(MouseEvent(.click, x: 9, y: 4))])
        #expect(inputs("\u{1B}[<64;300;1M") == [.mouse(MouseEvent(.wheelUp, x: 299, y: 0))])
        #expect(inputs([0x1B, 0x5B, 0x4D, 97, 33, 200]) == [.mouse(MouseEvent(.wheelDown, x: 0, y: 167))])
        #expect(inputs("\u{1B}[<0;99999999999999999999;1M\u{1B}[<0;0;0M").isEmpty)
    }

    // MARK: Answers

    @Test(arguments: [
        ("\u{1B}]11;rgb:ffff/ffff/ffff\u{07}", UInt32(0xFFFFFF)), ("\u{1B}]11;rgb:1414/1717/1c1c\u{1B}\\", 0x14171C),
        ("\u{1B}]11;rgb:00/80/f\u{07}", 0x0080FF), ("\u{1B}]11;rgba:0000/2b2b/3636/ffff\u{07}", 0x002B36),
    ])
    func theGroundIsReadOfItsAnswer(bytes: String, rgb: UInt32) {
        #expect(inputs(bytes) == [.background(rgb)])
        var decoder = InputDecoder()
        let slowly = Array(bytes.utf8).flatMap { decoder.take([$0]) }
        #expect(slowly == [.background(rgb)], "however slowly it comes")
    }

    /// Until it is answered, what may begin the answer is waited for longer than a key's escape.
    @Test func whileAnAnswerIsAwaitedAnEscapeWaitsForIt() {
        var decoder = InputDecoder()
        _ = decoder.take([0x1B])
        let usual = decoder.patienceMilliseconds ?? 0
        decoder.isAnswerAwaited = true
        #expect(decoder.patienceMilliseconds ?? 0 > usual)
        _ = decoder.flush()
        #expect(decoder.patienceMilliseconds == nil)
    }

    @Test func noAnswerPressesKeys() {
        #expect(inputs("\u{1B}]11;rgb:zz/00/00\u{07}\u{1B}]10;rgb:00/00/00\u{07}").isEmpty)
        #expect(inputs("\u{1B}]11;rgb:ffff/ff").isEmpty, "cut off on the way")
        #expect(inputs("\u{1B}[?64;1;2c") == [.attributes])
        let long = "\u{1B}]11;" + String(repeating: "q", count: 5_000) + "\u{07}"
        #expect(!inputs(long).contains(.key(.escape)))
    }

    // MARK: Pastes

    @Test func aPasteIsOneThingHoweverItIsCut() {
        let bytes = Array("\u{1B}[200~q\nr ü\u{1B}[Ax\u{1B}[201~z".utf8)
        let expected: [TerminalInput] = [.paste(Paste("q\nr ü\u{1B}[Ax")), .key(.character("z"))]
        #expect(inputs(bytes) == expected)
        for size in [1, 2, 3, 5, 7] {
            var decoder = InputDecoder()
            var found: [TerminalInput] = []
            for start in stride(from: 0, to: bytes.count, by: size) {
                found += decoder.take(bytes[start...].prefix(size))
            }
            #expect(found == expected, "\(size) at a time")
        }
    }

    @Test func aPasteWithoutItsEndEndsWhenNothingMoreComes() {
        #expect(inputs("\u{1B}[200~abc") == [.paste(Paste("abc"))])
        #expect(inputs("\u{1B}[201~").isEmpty)
    }

    @Test func ofAHugePasteABeginningIsKeptAndTheRestCounted() throws {
        let text = "a" + String(repeating: "ü", count: 50_000)
        guard case .paste(let paste)? = inputs("\u{1B}[200~\(text)\u{1B}[201~").first else {
            Issue.record("no paste")
            return
        }
        #expect(paste.text.utf8.count <= Paste.bytesMax)
        #expect(paste.text.utf8.count + paste.bytesDropped == 100_001)
        #expect(!paste.text.contains("\u{FFFD}"), "no character is cut in two")
    }
}
