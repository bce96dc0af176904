/// Nouns that a number stands before, in the one form that goes with it.
public enum Plural {
    /// The form of `word` for `count` of it: key, keys; try, tries; box, boxes; its last word alone changes.
    public static func noun(_ word: String, _ count: Int) -> String {
        if count == 1 { return word }
        for (ending, plural) in irregular where word.hasSuffix(ending) {
            return word.dropLast(ending.count) + plural
        }
        if ["s", "x", "z", "ch", "sh"].contains(where: word.hasSuffix) { return word + "es" }
        // Day, days; but copy, copies.
        let vowels: Set<Character> = ["a", "e", "i", "o", "u"]
        if word.last == "y", let before = word.dropLast().last, !vowels.contains(before) {
            return word.dropLast() + "ies"
        }
        return word + "s"
    }

    /// The number, in groups of three digits, and the noun: 1 shard, 21 tries, 12,345 keys.
    public static func words(_ count: Int, _ word: String) -> String { "\(grouped(count)) \(noun(word, count))" }

    /// 1,234,567
    public static func grouped(_ value: some BinaryInteger) -> String {
        var groups: [String] = []
        var rest = value.magnitude
        repeat {
            let digits = String(rest % 1_000)
            rest /= 1_000
            groups.insert(rest > 0 ? String(repeating: "0", count: 3 - digits.count) + digits : digits, at: 0)
        } while rest > 0
        return (value < 0 ? "-" : "") + groups.joined(separator: ",")
    }

    private static let irregular = [("index", "indices")]
}
