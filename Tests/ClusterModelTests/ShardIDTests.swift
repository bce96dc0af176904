import ClusterModel
import Foundation
import Testing

@Suite struct ShardIDTests {
    private func id(_ text: String) -> ShardID { ShardID(text: text)! }

    @Test func `numbers stand by value, then texts by the numbers in them`() {
        let wanted = ["-3", "0", "2", "10", "a", "s2", "s02", "s10", "s10a", "s10b", "shard-9", "shard-11"]
        let sorted = wanted.map(id).shuffled().sorted().map(\.text)
        #expect(sorted.count == wanted.count)
        // Two that compare alike but for their bytes may stand either way, but always the same.
        #expect(sorted == wanted.map(id).sorted().map(\.text))
        #expect(sorted.filter { $0 != "s02" } == wanted.filter { $0 != "s02" })
    }

    @Test func `the order is a total one, whatever the texts`() {
        let texts = [
            "", "0", "00", "1", "01", "s", "s0", "s00", "s1", "S1", "é1", "1é", "s1s", "s1s2", "s1s10", "-", "+1",
        ]
        let ids = texts.compactMap { ShardID(text: $0) }
        for first in ids {
            for second in ids {
                #expect([first < second, second < first, first == second].count { $0 } == 1, "\(first), \(second)")
                for third in ids where first < second && second < third { #expect(first < third) }
            }
        }
    }

    @Test func `a number and a text that read the same are one shard`() {
        #expect(ShardID(7) == id("7"))
        #expect(Set([ShardID(7), id("7")]).count == 1)
        #expect(ShardID(7).isNumber && !id("7").isNumber)
    }

    @Test func `what no path can hold is none`() {
        #expect(ShardID(text: "") == nil)
        #expect(ShardID(text: String(repeating: "x", count: 257)) == nil)
    }

    @Test func `each goes into JSON as it came, and old recordings have numbers`() throws {
        let ids = try JSONDecoder().decode([ShardID].self, from: Data(#"[3,"s0","4"]"#.utf8))
        #expect(ids == [3, id("s0"), id("4")])
        #expect(String(decoding: try JSONEncoder().encode(ids), as: UTF8.self) == #"[3,"s0","4"]"#)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([ShardID].self, from: Data(#"[""]"#.utf8)) }
    }

    @Test func `control characters are not shown`() {
        #expect(id("s\u{1B}[2J\u{202E}1").description == "s\u{FFFD}[2J\u{FFFD}1")
        #expect(id("s\u{1B}").text == "s\u{1B}")
    }
}
