import TerminalUI

/// The styles of a theme's meanings on a terminal with so many colours. Each stands out from the backgrounds that its
/// theme is for: text by 4.5 to 1, lines and bars by 3 to 1.
struct ThemeColors: Hashable, Sendable {
    var muted = Style()
    var frame = Style()
    var accent: Style
    var good = Style()
    var warning: Style
    var bad: Style
    var shards: [Style]

    static func of(_ name: ThemeName, _ depth: ColorDepth) -> ThemeColors {
        switch (name, depth) {
        case (.mono, _), (_, .none): mono
        case (.dark, .basic8): dark8
        case (.dark, .basic16): dark16
        case (.dark, _): dark
        case (.light, .basic8), (.light, .basic16): lightBasic
        case (.light, _): light
        }
    }

    private static let dark = ThemeColors(
        muted: Style(Color(0x8A919C)), frame: Style(Color(0x6B7485)), accent: Style(Color(0x5FB3F5)),
        good: Style(Color(0x7CC47F)), warning: Style(Color(0xE8B04A)), bad: Style(Color(0xF0646B), on: nil, .bold),
        shards: [0x5FB3F5, 0xE59A5B, 0x9CCB6A, 0xC792EA, 0x56C8C0, 0xE0709C, 0xD9C55A, 0x8FA3FF].map {
            Style(Color($0))
        })

    private static let light = ThemeColors(
        muted: Style(Color(0x5B6270)), frame: Style(Color(0x7D8490)), accent: Style(Color(0x1764B0)),
        good: Style(Color(0x1F7A1F)), warning: Style(Color(0x8F5B00)), bad: Style(Color(0xB3202A), on: nil, .bold),
        shards: [0x1764B0, 0xB0571A, 0x2F6B10, 0x7D3FB0, 0x006E78, 0xAE2F63, 0x7A6A00, 0x3D52C4].map {
            Style(Color($0))
        })

    /// The bright ones of sixteen colours, without the blue and the grey, which are too dark on many terminals.
    private static let dark16 = ThemeColors(
        muted: basic(7), frame: basic(7), accent: basic(14), good: basic(10), warning: basic(11), bad: basic(9, .bold),
        shards: [basic(14), basic(11), basic(10), basic(13), basic(6), basic(7)])

    /// Of eight colours, blue, red and magenta are too dark for text. Bold makes the brown of some terminals a yellow.
    private static let dark8 = ThemeColors(
        accent: basic(6), good: basic(2), warning: basic(3, .bold), bad: alarm,
        shards: [basic(6), basic(3, .bold), basic(2), basic(7)])

    /// Green, yellow and cyan are too light on a light background, as are bold red and magenta on many terminals.
    private static let lightBasic = ThemeColors(
        accent: basic(4), warning: basic(5, .steady), bad: alarm,
        shards: [basic(4), basic(5, .steady), basic(1, .steady), Style()])

    /// Without colours: bold, dim, underlined and reversed, beside words and signs.
    private static let mono = ThemeColors(
        muted: Style(nil, on: nil, .dim), frame: Style(nil, on: nil, .dim), accent: Style(nil, on: nil, .bold),
        warning: Style(nil, on: nil, .underline), bad: Style(nil, on: nil, [.bold, .reverse]), shards: [Style()])

    /// White on red: the one red that can be read on any background.
    private static let alarm = Style(Color(basic: 7), on: Color(basic: 1), .bold)

    private static func basic(_ number: UInt8, _ attributes: Style.Attributes = []) -> Style {
        Style(Color(basic: number), on: nil, attributes)
    }
}
