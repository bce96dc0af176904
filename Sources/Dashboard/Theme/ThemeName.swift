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
        case .dark, .mono: (Color(0xD7DAE0), Color(0x14171C))
        case .light: (Color(0x1C1F24), Color(0xFDFDFB))
        }
    }

    /// The one for a terminal's ground, where nobody has chosen: what the terminal answered, else what its environment
    /// says in `COLORFGBG`, else the dark one.
    ///
    /// - Parameter background: 0xRRGGBB
    public static func suited(background: UInt32?, colorFgBg: String?) -> ThemeName {
        if let background { return Luminance(background).isLight ? .light : .dark }
        // Foreground and ground, with a third between them in some terminals: numbers of the sixteen, or a word.
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
