import Foundation

/// Numbers and times for people.
enum Words {
    /// 12,345
    static func count(_ value: some BinaryInteger) -> String {
        var text = ""
        for (index, digit) in String(value.magnitude).reversed().enumerated() {
            if index > 0, index.isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return (value < 0 ? "-" : "") + String(text.reversed())
    }

    /// 0.8 ms, 12 ms, 3.4 s
    static func time(microseconds: some BinaryInteger) -> String {
        let value = Double(microseconds)
        if value < 10_000 { return String(format: "%.1f ms", value / 1_000) }
        if value < 1_000_000 { return String(format: "%.0f ms", value / 1_000) }
        return String(format: "%.1f s", value / 1_000_000)
    }

    /// 512 B, 4.0 KiB
    static func bytes(_ value: Int) -> String {
        var amount = Double(value)
        var unit = "B"
        for next in ["KiB", "MiB", "GiB"] where amount >= 1_024 {
            amount /= 1_024
            unit = next
        }
        return unit == "B" ? "\(value) B" : String(format: "%.1f %@", amount, unit)
    }

    static func share(_ part: Int, of whole: Int) -> String {
        whole == 0 ? "0 %" : String(format: "%.1f %%", Double(part) * 100 / Double(whole))
    }

    static func plural(_ count: Int, _ word: String) -> String {
        "\(self.count(count)) \(word)\(count == 1 ? "" : "s")"
    }

    /// A question mark for what is not known.
    static func count(_ value: Int?) -> String { value.map { count($0) } ?? "?" }

    /// "? keys" for what is not known.
    static func plural(_ count: Int?, _ word: String) -> String {
        count.map { plural($0, word) } ?? "? \(word)s"
    }

    static func padded(_ text: String, _ width: Int) -> String {
        text.count >= width ? text : text + String(repeating: " ", count: width - text.count)
    }

    static func clock(milliseconds: UInt64) -> String {
        let formatter = DateFormatter()
        formatter.dateFormat = "HH:mm:ss.SSS"
        return formatter.string(from: Date(timeIntervalSince1970: Double(milliseconds) / 1_000))
    }
}
