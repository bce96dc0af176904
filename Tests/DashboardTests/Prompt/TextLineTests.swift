import ClusterModel
import ShardClient
import ShardCore
import ShardWire
import TerminalUI
import Testing

@testable import Dashboard

@Suite struct TextLineTests {
    private func model(_ keys: KeyEvent...) -> DashboardModel {
        Fixture.model(Fixture.snapshot(layout: Fixture.two, keys: [50, 50], joiners: [7]), keys: keys)
    }

    /// As a terminal sends it: a scalar at a time.
    private func type(_ text: String, in model: inout DashboardModel) {
        for scalar in text.unicodeScalars { _ = model.reduce(.key(.character(Character(scalar)))) }
    }

    private func screen(_ model: DashboardModel) -> String {
        Drawing(model, theme: .standard()).canvas(Size(width: 80, height: 24)).text
    }

    static let keys = [
        "हिन्दी", "e\u{301}", "قُلْ", "\u{1112}\u{1161}\u{11AB}", "👨\u{200D}👩\u{200D}👧", "👍🏽", "🇩🇪", "❤\u{FE0F}", "abüdef",
    ]

    @Test(arguments: keys) func theKeyThatIsTypedIsTheKeyThatIsAsked(key: String) throws {
        var model = model(.character("w"))
        type(key, in: &model)
        guard case .locate(let asked)? = model.reduce(.key(.enter)).first else {
            Issue.record("nothing was asked")
            return
        }
        #expect(asked.unicodeScalars.elementsEqual(key.unicodeScalars))
    }

    @Test(arguments: keys) func everyPlaceWhereTextIsTypedTakesItWhole(text: String) {
        var filtered = model(.character("/"))
        type(text, in: &filtered)
        #expect(filtered.filter == text)
        var commanded = model(.character(":"))
        type("follow \(text)", in: &commanded)
        #expect(commanded.reduce(.key(.enter)) == [.locate(key: text)])
        var helped = model(.character("?"))
        type(text, in: &helped)
        #expect(helped.overlay == .help(filter: TextLine(text)))
        var added = model(.character("A"), .tab)
        type(text, in: &added)
        #expect(
            added.overlay == .addMember(AddMemberDialog(address: "10.0.0.7:8081" + text, shard: 0, isInAddress: true)))
    }

    @Test(arguments: ["e\u{301}", "👨\u{200D}👩\u{200D}👧", "🇩🇪", "\u{1112}\u{1161}\u{11AB}"])
    func backspaceErasesACharacterWithAllThatBelongsToIt(character: String) {
        var line = TextLine("a" + character)
        _ = line.take(.backspace)
        #expect(line == "a")
        _ = line.take(.control("u"))
        #expect(line.isEmpty)
        _ = line.take(.backspace)
        #expect(line.isEmpty, "nothing is left to erase")
    }

    @Test func aKeyThatIsTooLongIsSaidAndNotAsked() {
        var model = model(.character("w"))
        _ = model.reduce(.pasted(Paste(String(repeating: "k", count: 62))))
        #expect(screen(model).contains("the key is 62 characters; 50 at most"))
        #expect(model.reduce(.key(.enter)).isEmpty)
        for _ in 0..<12 { _ = model.reduce(.key(.backspace)) }
        #expect(!screen(model).contains("at most"))
        #expect(model.reduce(.key(.enter)) == [.locate(key: String(repeating: "k", count: 50))])
    }

    @Test func aKeyOfFewCharactersAndManyMarksIsSaidToo() {
        var model = model(.character("w"))
        _ = model.reduce(.pasted(Paste("a" + String(repeating: "\u{301}", count: 600))))
        #expect(screen(model).contains("the key is 1,201 bytes; 1,000 at most"))
        #expect(model.reduce(.key(.enter)).isEmpty)
    }

    @Test(arguments: ["where", "follow"]) func soItIsInACommand(name: String) {
        var model = model(.character(":"))
        type("\(name) " + String(repeating: "k", count: 51), in: &model)
        #expect(model.reduce(.key(.enter)).isEmpty)
        #expect(screen(model).contains("the key is 51 characters; 50 at most"))
    }

    @Test(arguments: [
        ("key-42\n", "key-42"), ("\r\n  a\r\nb\tc \n", "a b c"), ("a\u{1B}[Ab\u{07}", "a[Ab"), ("e\u{301}", "e\u{301}"),
        ("\n", ""),
    ])
    func aPasteIsOneLineOfText(pasted: String, text: String) {
        var line = TextLine()
        line.take(Paste(pasted))
        #expect(line.text.unicodeScalars.elementsEqual(text.unicodeScalars))
    }

    @Test func whatDoesNotFitIsRefusedWholeAndSaid() {
        for paste in [Paste(String(repeating: "x", count: 5_000)), Paste("x", bytesDropped: 100_000)] {
            var model = model(.character("/"), .character("a"))
            _ = model.reduce(.pasted(paste))
            #expect(model.filter == "a")
            #expect(screen(model).contains("nothing was added"))
        }
    }

    @Test func aPasteWhereNothingIsTypedPressesNoKeysAndSaysSo() {
        var model = model()
        #expect(model.reduce(.pasted(Paste("qxrX\n"))).isEmpty)
        #expect(model.overlay == nil)
        #expect(screen(model).contains("what was pasted presses no keys"))
        #expect(model.log.count == 1)
        _ = model.reduce(.key(.character("r")))
        #expect(model.reduce(.pasted(Paste("30\n"))).isEmpty, "nor in a dialog that takes keys")
    }

    @Test func bytesThatAreNoTextAreSaidWhereTextIsTyped() {
        var model = model(.character("w"), .character("a"))
        _ = model.reduce(.unreadable)
        _ = model.reduce(.key(.character("b")))
        #expect(screen(model).contains("did not come as UTF-8"), "however quickly more is typed")
        #expect(model.reduce(.key(.enter)).isEmpty, "it is not what was meant")
        _ = model.reduce(.key(.control("u")))
        _ = model.reduce(.key(.character("b")))
        #expect(model.reduce(.key(.enter)) == [.locate(key: "b")])
        var commanded = self.model(.character(":"))
        for character in "quit" { _ = commanded.reduce(.key(.character(character))) }
        _ = commanded.reduce(.unreadable)
        #expect(commanded.reduce(.key(.enter)).isEmpty)
    }
}
