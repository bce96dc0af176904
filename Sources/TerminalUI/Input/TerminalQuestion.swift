/// The questions that a terminal is asked, and the reading of its answers.
enum TerminalQuestion {
    /// The colour of its ground (xterm's OSC 11), and then what it is (DA1): all that are asked answer the second, so
    /// that nobody waits for a terminal which does not know the first.
    static let background = "\u{1B}]11;?\u{07}\u{1B}[c"

    /// 0xRRGGBB of an answer like `11;rgb:ffff/ffff/ffff`; nil for any other text.
    static func background(in answer: String) -> UInt32? {
        guard answer.hasPrefix("11;rgb") else { return nil }
        let parts = answer.drop { $0 != ":" }.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        // A fourth would be how opaque it is.
        guard (3...4).contains(parts.count) else { return nil }
        var rgb: UInt32 = 0
        for part in parts.prefix(3) {
            guard (1...4).contains(part.count), let value = UInt32(part, radix: 16) else { return nil }
            let highest = UInt32(1) << (4 * UInt32(part.count)) - 1
            rgb = rgb << 8 | (value * 255 + highest / 2) / highest
        }
        return rgb
    }
}
