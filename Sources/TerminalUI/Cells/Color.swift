/// A colour.
public struct Color: Hashable, Sendable {
    /// 0xRRGGBB
    public let rgb: UInt32
    /// The number among the sixteen colours of the terminal's own palette, 0 ... 15; nil for a colour that is none of them,
    /// and that a terminal without others shows as its own.
    public let basic: UInt8?

    public init(_ rgb: UInt32) {
        self.rgb = rgb & 0xFFFFFF
        basic = nil
    }

    /// One of the sixteen, 0 ... 15; in pictures it is what xterm makes of it.
    public init(basic: UInt8) {
        self.basic = basic & 15
        rgb = Self.xterm[Int(basic & 15)]
    }

    /// The sixteen colours of xterm.
    public static let xterm: [UInt32] = [
        0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD, 0x00CDCD, 0xE5E5E5,
        0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00, 0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF,
    ]

    /// RRGGBB
    var hex: String {
        let digits = String(rgb, radix: 16)
        return String(repeating: "0", count: 6 - digits.count) + digits
    }

    /// As a style sheet names it.
    var css: String { "#" + hex }

    /// The nearest of the fixed colours 16 ... 255 of a terminal of 256; the first sixteen belong to its user.
    public var palette256: UInt8 {
        let red = Int(rgb >> 16 & 0xFF)
        let green = Int(rgb >> 8 & 0xFF)
        let blue = Int(rgb & 0xFF)
        let steps = (Self.cubeStep(red), Self.cubeStep(green), Self.cubeStep(blue))
        let cube = (Self.cubeLevels[steps.0], Self.cubeLevels[steps.1], Self.cubeLevels[steps.2])
        let greyStep = min(23, max(0, ((red + green + blue) / 3 - 3) / 10))
        let grey = 8 + 10 * greyStep
        func distance(_ other: (Int, Int, Int)) -> Int {
            let parts = (red - other.0, green - other.1, blue - other.2)
            return parts.0 * parts.0 + parts.1 * parts.1 + parts.2 * parts.2
        }
        if distance((grey, grey, grey)) < distance(cube) { return UInt8(232 + greyStep) }
        return UInt8(16 + 36 * steps.0 + 6 * steps.1 + steps.2)
    }

    private static let cubeLevels = [0, 95, 135, 175, 215, 255]

    private static func cubeStep(_ value: Int) -> Int {
        value < 48 ? 0 : value < 115 ? 1 : min(5, (value - 35) / 40)
    }
}

/// How many colours a terminal has.
public enum ColorDepth: Int, Sendable, Comparable {
    /// No colour is written at all; attributes are.
    case none, basic8, basic16, palette256, direct

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// - Parameter colors: what the terminal's description says, 0 or less for none.
    public init(colors: Int) {
        switch colors {
        case ..<8: self = .none
        case ..<16: self = .basic8
        case ..<256: self = .basic16
        case 256: self = .palette256
        case 0x100_0000...: self = .direct
        default: self = .palette256
        }
    }

    /// The terminal's number for `color`; -1, its own default, if there is none.
    public func number(of color: Color?) -> Int32 {
        guard let color else { return -1 }
        switch self {
        case .none: return -1
        case .basic8: return color.basic.map { Int32($0 & 7) } ?? -1
        case .basic16: return color.basic.map { Int32($0) } ?? -1
        case .palette256: return Int32(color.palette256)
        // The lowest eight numbers of such a terminal are its eight basic colours.
        case .direct: return Int32(max(color.rgb, 8))
        }
    }
}
