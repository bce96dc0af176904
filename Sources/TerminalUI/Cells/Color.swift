/// A colour, and what stands for it where the terminal has only sixteen.
public struct Color: Hashable, Sendable {
    /// 0xRRGGBB
    public let rgb: UInt32
    /// The number among the sixteen colours of the terminal's own palette, 0 ... 15.
    public let basic: UInt8

    public init(_ rgb: UInt32, basic: UInt8) {
        self.rgb = rgb & 0xFFFFFF
        self.basic = basic & 15
    }

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

    /// True for a colour that this terminal has not, and shows best as its own colour made dim.
    public func isDimmed(_ color: Color?) -> Bool { self == .basic8 && color?.basic == 8 }

    /// The terminal's number for `color`; -1, its own default, where there is none.
    public func number(of color: Color?) -> Int32 {
        guard let color else { return -1 }
        switch self {
        case .none: return -1
        // The eighth stands for a grey; its lower bits are black, which a dark ground swallows.
        case .basic8: return isDimmed(color) ? -1 : Int32(color.basic & 7)
        case .basic16: return Int32(color.basic)
        case .palette256: return Int32(color.palette256)
        // The lowest eight numbers of such a terminal are its eight basic colours.
        case .direct: return Int32(max(color.rgb, 8))
        }
    }
}
