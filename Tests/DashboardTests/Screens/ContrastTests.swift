import TerminalUI
import Testing

@testable import Dashboard

/// Whether all that is drawn can be told from its ground, as terminals show it.
@Suite struct ContrastTests {
    /// A terminal's sixteen colours, and what it makes of bold in one of the first eight.
    struct Terminal: Sendable, CustomTestStringConvertible {
        var name: String
        var palette: [UInt32]
        var brightensBold: Bool
        var testDescription: String { name }
    }

    private static let console: [UInt32] = [
        0x000000, 0xAA0000, 0x00AA00, 0xAA5500, 0x0000AA, 0xAA00AA, 0x00AAAA, 0xAAAAAA,
        0x555555, 0xFF5555, 0x55FF55, 0xFFFF55, 0x5555FF, 0xFF55FF, 0x55FFFF, 0xFFFFFF,
    ]

    static let terminals = [
        Terminal(name: "xterm", palette: Color.xterm, brightensBold: true),
        Terminal(name: "one with xterm's colours that leaves bold alone", palette: Color.xterm, brightensBold: false),
        Terminal(name: "the console", palette: console, brightensBold: true),
    ]

    private struct Ground { var text, paper: UInt32 }

    private func grounds(_ name: ThemeName) -> [Ground] {
        let dark: [Ground] = [0x000000, 0x14171C, 0x1E1E1E].map { Ground(text: 0xD0D0D0, paper: $0) }
        let light: [Ground] = [0xFFFFFF, 0xFDFDFB].map { Ground(text: 0x1C1F24, paper: $0) }
        return switch name {
        case .dark: dark
        case .light: light
        case .mono: dark + light
        }
    }

    private func shown(_ color: Color?, _ depth: ColorDepth, _ terminal: Terminal, isBold: Bool) -> UInt32? {
        let number = Int(depth.number(of: color))
        guard number >= 0 else { return nil }
        switch depth {
        case .direct: return UInt32(number)
        case .palette256: return Self.cube(number)
        default: return terminal.palette[isBold && terminal.brightensBold && number < 8 ? number + 8 : number]
        }
    }

    /// The colours 16 to 255 that all terminals of 256 have.
    private static func cube(_ number: Int) -> UInt32 {
        if number >= 232 { return UInt32(8 + (number - 232) * 10) * 0x010101 }
        let levels: [UInt32] = [0, 95, 135, 175, 215, 255]
        return levels[(number - 16) / 36] << 16 | levels[(number - 16) / 6 % 6] << 8 | levels[(number - 16) % 6]
    }

    private func contrast(_ style: Style, _ depth: ColorDepth, _ terminal: Terminal, _ ground: Ground) -> Double {
        let isBold = style.attributes.contains(.bold) && !style.attributes.contains(.steady)
        var ink = shown(style.foreground, depth, terminal, isBold: isBold) ?? ground.text
        let paper = shown(style.background, depth, terminal, isBold: false) ?? ground.paper
        // Dim takes a third of it.
        if style.attributes.contains(.dim) {
            ink = [16, 8, 0].reduce(0) { $0 | (((ink >> $1 & 0xFF) * 2 + (paper >> $1 & 0xFF)) / 3) << $1 }
        }
        return Luminance(ink).contrast(to: Luminance(paper))
    }

    private func texts(_ theme: Theme) -> [(String, Style)] {
        let states = [
            ("plain", theme.plain), ("strong", theme.strong), ("title", theme.title), ("muted", theme.muted),
            ("accent", theme.accent), ("good", theme.good), ("warning", theme.warning), ("bad", theme.bad),
        ]
        return states + states.map { ($0.0 + " bold", $0.1.adding(.bold)) }
            + states.map { ($0.0 + " reversed", $0.1.adding([.reverse, .bold])) }
            + theme.shards.enumerated().map { ("shard \($0.offset)", $0.element.adding(.bold)) }
    }

    /// Lines, bars and dots.
    private func pictures(_ theme: Theme) -> [(String, Style)] {
        [("frame", theme.frame), ("track", theme.track.style)]
            + theme.shards.enumerated().map { ("bar of shard \($0.offset)", $0.element) }
    }

    @Test(arguments: ThemeName.allCases, terminals)
    func everythingStandsOutAtEveryDepth(name: ThemeName, terminal: Terminal) {
        for depth in [ColorDepth.none, .basic8, .basic16, .palette256, .direct] {
            // Such a terminal's user chose the palette with the ground: these two are what it comes with.
            let grounds = depth == .basic8 || depth == .basic16 ? [grounds(name)[0]] : grounds(name)
            let theme = Theme.named(name, depth: depth)
            for ground in grounds {
                for (role, style) in texts(theme) {
                    let contrast = contrast(style, depth, terminal, ground)
                    #expect(contrast >= 4.5, "\(role) on \(String(ground.paper, radix: 16)), \(depth)")
                }
                for (role, style) in pictures(theme) {
                    let contrast = contrast(style, depth, terminal, ground)
                    #expect(contrast >= 3, "\(role) on \(String(ground.paper, radix: 16)), \(depth)")
                }
            }
        }
    }

    @Test func contrastIsWhatTheGuidelinesSay() {
        let (black, white) = (Luminance(0x000000), Luminance(0xFFFFFF))
        #expect(abs(black.contrast(to: white) - 21) < 0.001)
        #expect(abs(white.contrast(to: Luminance(0x777777)) - 4.48) < 0.01)
        #expect(white.isLight && !black.isLight)
        #expect(!Luminance(0x002B36).isLight && Luminance(0xFDF6E3).isLight)
    }

    @Test(arguments: [
        (UInt32?.some(0xFFFFFF), String?.none, ThemeName.light), (0x14171C, nil, .dark), (0x002B36, "0;15", .dark),
        (nil, "0;15", .light), (nil, "0;default;15", .light), (nil, "15;0", .dark), (nil, "0;7", .light),
        (nil, "7;8", .dark),
        (nil, "15;default", .dark), (nil, "", .dark), (nil, "0;99", .dark), (nil, nil, .dark),
    ])
    func theThemeSuitsTheGround(background: UInt32?, environment: String?, name: ThemeName) {
        #expect(ThemeName.suited(background: background, colorFgBg: environment) == name)
    }

    @Test func aLateAnswerChangesTheThemeUnlessSomebodyChoseIt() {
        var model = DashboardModel(name: "demo")
        _ = model.reduce(.ground(isLight: true))
        #expect(model.themeName == .light)
        _ = model.reduce(.key(.character("t")))
        let chosen = model.themeName
        _ = model.reduce(.ground(isLight: false))
        #expect(model.themeName == chosen)
    }
}
