import Dashboard
import Foundation
import Wording

/// Numbers and times for people.
enum Words {
    /// 12,345
    static func count(_ value: some BinaryInteger) -> String { Plural.grouped(value) }

    /// 0.8 ms, 12 ms, 3.4 s
    static func time(microseconds: some BinaryInteger) -> String {
        let value = Double(microseconds)
        if value < 10_000 { return String(format: "%.1f ms", value / 1_000) }
        if value < 1_000_000 { return String(format: "%.0f ms", value / 1_000) }
        return String(format: "%.1f s", value / 1_000_000)
    }

    /// 512 B, 4.0 KiB
    static func bytes(_ value: some BinaryInteger) -> String { Figures.bytes(value) }

    static func share(_ part: Int, of whole: Int) -> String {
        whole == 0 ? "0 %" : String(format: "%.1f %%", Double(part) * 100 / Double(whole))
    }

    /// 1 shard, 21 tries
    static func plural(_ count: Int, _ word: String) -> String { Plural.words(count, word) }

    /// A question mark for what is not known.
    static func count(_ value: Int?) -> String { value.map { count($0) } ?? "?" }

    /// "? keys" for what is not known.
    static func plural(_ count: Int?, _ word: String) -> String {
        count.map { plural($0, word) } ?? "? " + Plural.noun(word, 0)
    }

    static func padded(_ text: String, _ width: Int) -> String {
        text.count >= width ? text : text + String(repeating: " ", count: width - text.count)
    }

    /// 23:59:59.999 in this machine's zone, under the offset that it had then.
    static func clock(milliseconds: UInt64, _ timeOfDay: TimeOfDay = .local) -> String {
        timeOfDay.words(milliseconds: milliseconds, hasMilliseconds: true)
    }
}
