import TerminalUI

/// The looks that can be chosen.
public enum ThemeName: String, Hashable, Sendable, CaseIterable {
    /// For light text on a dark ground.
    case dark
    /// For dark text on a light ground.
    case light
    /// Without colour: bold, dim and reverse, beside words and signs.
    case mono

    /// What a terminal of the kind it is made for has where nothing is coloured: for pictures of the screen.
    public var paper: (foreground: Color, background: Color) {
        switch self {
        case .dark, .mono: (Color(0xD7DAE0, basic: 7), Color(0x14171C, basic: 0))
        case .light: (Color(0x1C1F24, basic: 0), Color(0xFDFDFB, basic: 15))
        }
    }

    var next: ThemeName {
        let all = Self.allCases
        return all[((all.firstIndex(of: self) ?? 0) + 1) % all.count]
    }
}

extension Theme {
    /// - Parameter isASCII: for terminals and locales that show nothing beyond it.
    public static func named(_ name: ThemeName, isASCII: Bool = false) -> Theme {
        switch name {
        case .dark: return .standard(isASCII: isASCII)
        case .light: return .light(isASCII: isASCII)
        case .mono: return .mono(isASCII: isASCII)
        }
    }

    private static func light(isASCII: Bool) -> Theme {
        var theme = Theme.standard(isASCII: isASCII)
        let faint = Style(Color(0xB4B9C2, basic: 7))
        theme.muted = Style(Color(0x5B6270, basic: 8))
        theme.frame = faint
        theme.accent = Style(Color(0x1764B0, basic: 4))
        theme.good = Style(Color(0x1F7A1F, basic: 2))
        theme.warning = Style(Color(0x8F5B00, basic: 3))
        theme.bad = Style(Color(0xB3202A, basic: 1), on: nil, .bold)
        theme.shards = [
            Style(Color(0x1764B0, basic: 4)), Style(Color(0xB0571A, basic: 3)), Style(Color(0x4C7F17, basic: 2)),
            Style(Color(0x7D3FB0, basic: 5)), Style(Color(0x0B7C76, basic: 6)), Style(Color(0xAE2F63, basic: 1)),
            Style(Color(0x7A6A00, basic: 3)), Style(Color(0x3D52C4, basic: 4)),
        ]
        theme.track = Cell(theme.track.character, style: faint)
        return theme
    }

    private static func mono(isASCII: Bool) -> Theme {
        var theme = Theme.standard(isASCII: isASCII)
        let dim = Style(nil, on: nil, .dim)
        theme.muted = dim
        theme.frame = dim
        theme.accent = Style(nil, on: nil, .bold)
        theme.good = Style()
        theme.warning = Style(nil, on: nil, .underline)
        theme.bad = Style(nil, on: nil, [.bold, .reverse])
        theme.shards = [Style()]
        theme.track = Cell(theme.track.character, style: dim)
        return theme
    }
}
