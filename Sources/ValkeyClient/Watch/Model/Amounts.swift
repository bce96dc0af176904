/// Figures for people.
enum Amounts {
    private static let units = ["B", "kB", "MB", "GB", "TB", "PB"]

    /// "512 B", "1.8 MB": of 1,024 each, as the servers count.
    static func bytes(_ count: UInt64) -> String {
        var amount = Double(count)
        var unit = 0
        while amount >= 1_000, unit < units.count - 1 {
            amount /= 1_024
            unit += 1
        }
        return "\(unit == 0 || amount >= 100 ? String(Int(amount.rounded())) : tenths(amount)) \(units[unit])"
    }

    /// "97.3 %".
    static func percent(_ share: Double) -> String { tenths(min(max(share, 0), 1) * 100) + " %" }

    /// "3 days", "5 h", "12 min", "40 s".
    static func span(seconds: UInt64) -> String {
        switch seconds {
        case ..<120: "\(seconds) s"
        case ..<7_200: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3_600) h"
        default: "\(seconds / 86_400) days"
        }
    }

    private static func tenths(_ amount: Double) -> String {
        let tenths = Int((amount * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }
}
