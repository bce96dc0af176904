import TerminalUI

/// The themes that can be chosen.
public enum ThemeName: String, Hashable, Sendable, CaseIterable {
    /// For light text on a dark background.
    case dark
    /// For dark text on a light background.
    case light
    /// Without colour: bold, dim and reverse, beside words and signs.
    case mono

    /// The default colours of the terminals that the theme is made for, used in pictures of the screen.
    public var paper: (foreground: Color, background: Color) {
        switch self {
        case .dark, .mono: (Color(0xD7DAE0), Color(0x14171C))
        case .light: (Color(0x1C1F24), Color(0xFDFDFB))
        }
    }

    /// The theme for a terminal's background, if the user chose none: by the terminal's own answer, else by `COLORFGBG`
    /// in its environment, else the dark one.
    ///
    /// - Parameter background: 0xRRGGBB
    public static func suited(background: UInt32?, colorFgBg: String?) -> ThemeName {
        if let background { return Luminance(background).isLight ? .light : .dark }
        // Foreground and background, in some terminals a third value between them: one of 16 numbers, or a word.
        guard let ground = colorFgBg?.split(separator: ";").last.flatMap({ Int($0) }), (0...15).contains(ground) else {
            return .dark
        }
        return ground == 7 || ground >= 9 ? .light : .dark
    }

    var next: ThemeName {
        let all = Self.allCases
        return all[((all.firstIndex(of: self) ?? 0) + 1) % all.count]
    }
}
