import ShardCore
import Testing
import Wording

@Suite struct PluralTests {
    @Test(arguments: [
        (1, "try", "1 try"), (21, "try", "21 tries"), (2, "copy", "2 copies"), (3, "day", "3 days"),
        (0, "shard", "0 shards"), (1, "shard", "1 shard"), (2, "box", "2 boxes"), (2, "address", "2 addresses"),
        (2, "batch", "2 batches"), (2, "more line", "2 more lines"), (12_345, "key", "12,345 keys"),
        (-1, "key", "-1 keys"), (2, "entry", "2 entries"), (2, "index", "2 indices"),
    ])
    func aNounAgreesWithItsNumber(count: Int, word: String, words: String) {
        #expect(Plural.words(count, word) == words)
    }

    @Test(arguments: [
        (0, "0"), (999, "999"), (1_000, "1,000"), (1_000_007, "1,000,007"), (Int.min, "-9,223,372,036,854,775,808"),
    ])
    func digitsAreGrouped(value: Int, text: String) { #expect(Plural.grouped(value) == text) }
}
