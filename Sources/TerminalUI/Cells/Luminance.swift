#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// How bright a colour is, and how well two can be told apart, after the Web Content Accessibility Guidelines 2.2.
public struct Luminance: Hashable, Sendable {
    /// 0 for black to 1 for white.
    public let value: Double

    /// - Parameter rgb: 0xRRGGBB
    public init(_ rgb: UInt32) {
        func linear(_ shift: UInt32) -> Double {
            let part = Double(rgb >> shift & 0xFF) / 255
            return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
        }
        value = 0.2126 * linear(16) + 0.7152 * linear(8) + 0.0722 * linear(0)
    }

    /// 1 for no difference to 21 for black on white.
    public func contrast(to other: Luminance) -> Double {
        (max(value, other.value) + 0.05) / (min(value, other.value) + 0.05)
    }

    /// True for a ground that black stands out from better than white.
    public var isLight: Bool { contrast(to: Luminance(0x000000)) > contrast(to: Luminance(0xFFFFFF)) }
}
