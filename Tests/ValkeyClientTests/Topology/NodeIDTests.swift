import Testing
import ValkeyClient

@Suite struct NodeIDTests {
    @Test func textGoesInAndOut() {
        for text in ["338291fed469425c7e01fb1647da862783316b0d", id(0), id(1), String(repeating: "f", count: 40)] {
            #expect(NodeID(text)?.description == text)
        }
        #expect(NodeID("338291fed469425c7e01fb1647da862783316b0d")?.short == "338291fe")
    }

    @Test(arguments: ["", "338291fed469425c7e01fb1647da862783316b0", id(1) + "0", "G" + id(1).dropFirst()])
    func otherTextIsNone(text: String) {
        #expect(NodeID(text) == nil)
    }

    @Test func theOrderIsThatOfTheText() {
        let ids = ["00", "7f", "80", "ff"].compactMap { NodeID($0 + id(5).dropFirst(2)) }
        #expect(ids.shuffled().sorted() == ids)
    }
}
