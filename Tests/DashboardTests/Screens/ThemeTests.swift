import TerminalUI
import Testing

@testable import Dashboard

@Suite struct ThemeTests {
    /// A colour whose nearest neighbour among the 256 is a grey would be no colour in most terminals.
    @Test(arguments: [ThemeName.dark, .light])
    func whatHasAMeaningIsColouredInA256ColourTerminalToo(name: ThemeName) throws {
        let theme = Theme.named(name)
        for style in [theme.accent, theme.good, theme.warning, theme.bad] + theme.shards {
            let color = try #require(style.foreground)
            #expect(color.palette256 < 232, "\(String(color.rgb, radix: 16))")
        }
    }

    @Test(arguments: [ThemeName.dark, .light])
    func theColoursOfShardsDiffer(name: ThemeName) {
        let colors = Theme.named(name).shards.compactMap { $0.foreground?.palette256 }
        #expect(Set(colors).count == colors.count)
    }
}
