import ClusterModel
import ShardClient
import ShardCore
import ShardWire
import TerminalUI
import Testing

@testable import Dashboard

/// Every screen as text, compared with files that were looked at.
///
/// One after the other: all at once they would keep the tests that wait for answers from their turn.
@Suite(.serialized) struct GoldenFrameTests {
    static let sizes = [
        Size(width: 40, height: 12), Size(width: 80, height: 24), Size(width: 120, height: 35),
        Size(width: 200, height: 60),
    ]

    static var screens: [String: DashboardModel] { GoldenScreens.all }

    @Test(arguments: screens.keys.sorted())
    func aScreenLooksAsItDidWhenItWasLookedAt(name: String) async throws {
        let model = try #require(Self.screens[name])
        for size in Self.sizes {
            await Task.yield()
            let text = Drawing(model, theme: .standard()).canvas(size).text
            try GoldenFile.compare(text, "\(name)-\(size.width)x\(size.height)")
        }
    }

    @Test(arguments: ["overview", "broadcast-moving", "troubles", "replay"])
    func aScreenOfASCIIHasNothingElse(name: String) throws {
        let model = try #require(Self.screens[name])
        let text = Drawing(model, theme: .standard(isASCII: true)).canvas(Size(width: 80, height: 24)).text
        #expect(text.utf8.allSatisfy { $0 < 0x80 })
        try GoldenFile.compare(text, "\(name)-ascii-80x24")
    }

    /// The styles of every screen, in colour and without: at 80x24 run by run, for a person to compare; at the other
    /// sizes as a fingerprint.
    @Test(arguments: screens.keys.sorted())
    func stylesStayAsTheyWere(name: String) async throws {
        let model = try #require(Self.screens[name])
        var text = ""
        for theme in [ThemeName.dark, .mono] {
            for size in Self.sizes {
                await Task.yield()
                let styles = Drawing(model, theme: .named(theme)).canvas(size).attributesText
                text += "\(theme.rawValue) \(size.width)x\(size.height)"
                text += size.width == 80 ? "\n\(styles)" : " \(Self.fingerprint(styles))\n"
            }
        }
        try GoldenFile.compare(text, "Styles/\(name)")
    }

    /// FNV-1a of 64 bits.
    private static func fingerprint(_ text: String) -> String {
        let hash = text.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        return String(hash, radix: 16)
    }

    @Test(arguments: screens.keys.sorted())
    func theMonoThemeHasNoColourAndTheSameText(name: String) async throws {
        let model = try #require(Self.screens[name])
        for size in Self.sizes {
            await Task.yield()
            let canvas = Drawing(model, theme: .named(.mono)).canvas(size)
            #expect(canvas.cells.allSatisfy { $0.style.foreground == nil && $0.style.background == nil })
            #expect(canvas.text == Drawing(model, theme: .named(.light)).canvas(size).text)
        }
    }

    /// What must be read in the light theme, in its own colours.
    @Test(arguments: ["overview", "broadcast-moving", "report", "dialog-reshard"])
    func theLightThemeLooksAsItDid(name: String) throws {
        let model = try #require(Self.screens[name])
        let canvas = Drawing(model, theme: .named(.light)).canvas(Size(width: 80, height: 24))
        try GoldenFile.compare(canvas.text + "\n" + canvas.attributesText, "Light/\(name)-80x24")
    }

    @Test(arguments: [Size(width: 39, height: 24), Size(width: 80, height: 11), Size(width: 12, height: 4)])
    func belowTheLeastSizeItSaysWhatItNeeds(size: Size) throws {
        let model = try #require(Self.screens["overview"])
        try GoldenFile.compare(
            Drawing(model, theme: .standard()).canvas(size).text, "too-small-\(size.width)x\(size.height)")
    }

    /// Without colour every condition still has its word.
    @Test func troublesAreToldInWords() throws {
        let text = Drawing(try #require(Self.screens["troubles"]), theme: .standard()).canvas(
            Size(width: 120, height: 35)
        ).text
        for word in ["catching up", "epoch 2", "no answer", "down"] { #expect(text.contains(word)) }
    }
}
