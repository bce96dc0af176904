/// Numbers as people read them, always of the same form.
public enum Figures {
    /// 1,234,567
    public static func count(_ value: Int) -> String { Plural.grouped(value) }

    /// 1 shard, 21 tries
    public static func plural(_ value: Int, _ word: String) -> String { Plural.words(value, word) }

    /// One digit after the point: 49.8
    public static func tenths(_ value: Double) -> String {
        guard value.isFinite else { return "-" }
        let tenths = Int((value * 10).rounded())
        return "\(tenths < 0 ? "-" : "")\(tenths.magnitude / 10).\(tenths.magnitude % 10)"
    }

    public static func percent(_ fraction: Double) -> String { tenths(fraction * 100) + " %" }

    /// With its sign, unless it rounds to nothing.
    public static func signedPercent(_ fraction: Double) -> String {
        let text = percent(fraction)
        return (fraction > 0 && text != percent(0) ? "+" : "") + text
    }

    /// The unit that fits: 850 µs, 12.3 ms, 4.2 s, 3 min 05 s.
    public static func duration(microseconds: UInt64) -> String {
        switch microseconds {
        case ..<1_000: return "\(microseconds) µs"
        case ..<1_000_000: return tenths(Double(microseconds) / 1_000) + " ms"
        case ..<60_000_000: return tenths(Double(microseconds) / 1_000_000) + " s"
        default:
            let seconds = microseconds / 1_000_000
            return "\(seconds / 60) min \(seconds % 60 < 10 ? "0" : "")\(seconds % 60) s"
        }
    }

    /// 512 B, 4.0 KiB, 1.5 GiB
    public static func bytes(_ value: some BinaryInteger) -> String {
        guard value >= 1_024 else { return "\(value) B" }
        var (amount, unit) = (Double(value) / 1_024, 0)
        while amount >= 1_024, unit < byteUnits.count - 1 { (amount, unit) = (amount / 1_024, unit + 1) }
        return "\(tenths(amount)) \(byteUnits[unit])"
    }

    private static let byteUnits = ["KiB", "MiB", "GiB", "TiB", "PiB"]

    /// How long something has been so: 40 s, 12 min, 5 h, 3 days.
    public static func span(seconds: UInt64) -> String {
        switch seconds {
        case ..<120: "\(seconds) s"
        case ..<7_200: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3_600) h"
        default: "\(seconds / 86_400) days"
        }
    }

    /// Operations a second, short: 950, 12.3k
    public static func rate(_ value: Double) -> String {
        value < 1_000
            ? "\(Int(value.rounded()))"
            : value < 1_000_000 ? tenths(value / 1_000) + "k" : tenths(value / 1_000_000) + "M"
    }
}
