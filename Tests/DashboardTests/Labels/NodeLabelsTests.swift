import ClusterModel
import ShardClient
import ShardCore
import TerminalUI
import Testing

@testable import Dashboard

@Suite struct NodeLabelsTests {
    private func addresses(_ texts: [String]) -> [MemberID] { texts.map { MemberID($0) } }

    private func labels(_ texts: [String], width: Int) -> [String] {
        let labels = NodeLabels(Set(addresses(texts)), width: width)
        return texts.map { labels[MemberID($0)] }
    }

    @Test func whatAllEndWithGoesFirst() {
        let nodes = (0..<4).map { "kv-store-\($0).kv-store.production.svc.cluster.local:21730" }
        #expect(labels(nodes, width: 60) == nodes)
        #expect(labels(nodes, width: 21) == ["kv-store-0", "kv-store-1", "kv-store-2", "kv-store-3"])
        let short = NodeLabels(Set(addresses(nodes)), width: 21)
        #expect(short.commonEnd == ".kv-store.production.svc.cluster.local:21730")
        #expect(labels(nodes, width: 9) == ["…0", "…1", "…2", "…3"])
        #expect(NodeLabels(Set(addresses(nodes)), width: 9).commonStart == "kv-store-")
    }

    @Test(arguments: [
        // Of an IP address no part goes but for the last resort.
        (["10.0.0.1:8081", "10.0.1.1:8081"], 12, ["10.0.0.1", "10.0.1.1"]),
        (["127.0.0.1:8081", "127.0.0.1:8082"], 13, ["…8081", "…8082"]),
        (["[fd00:0:0:1::1]:8081", "[fd00:0:0:1::2]:8081"], 16, ["[fd00:0:0:1::1]", "[fd00:0:0:1::2]"]),
        (["[fd00:0:0:1::1]:8081", "[fd00:0:0:1::2]:8081"], 12, ["…1]", "…2]"]),
        // Names by chance, as of pods.
        (
            ["kv-7f9c8d6b5-x2x4z.prod:80", "kv-7f9c8d6b5-9k2lm.prod:80"], 20,
            ["kv-7f9c8d6b5-x2x4z", "kv-7f9c8d6b5-9k2lm"]
        ),
        (["kv-7f9c8d6b5-x2x4z.prod:80", "kv-7f9c8d6b5-9k2lm.prod:80"], 14, ["…x2x4z", "…9k2lm"]),
        // One that is not like the others.
        (["a.example.com:8081", "b.example.com:8081", "localhost:9000"], 14, ["a…", "b…", "localhost…"]),
        // The same host in two places.
        (
            ["kv-0.east.example.com:8081", "kv-0.west.example.com:8081"], 14, ["kv-0.east", "kv-0.west"]
        ),
        (["kv-store-0.production.svc:21730"], 12, ["kv-store-0…"]),
        (["kv-store-0:21730"], 12, ["kv-store-0"]),
    ])
    func whatDiffersStays(nodes: [String], width: Int, wanted: [String]) {
        #expect(labels(nodes, width: width) == wanted)
    }

    @Test func whereNothingElseTellsThemApartTheyAreNumbered() {
        let nodes = ["averyveryverylongname:1", "averyveryverylongnama:1", "averyveryverylongnamb:1"]
        let found = labels(nodes, width: 10)
        #expect(found == ["averyve…#3", "averyve…#1", "averyve…#2"])
    }

    @Test func addressesInWordsBecomeLabelsToo() {
        let nodes = addresses((0..<3).map { "kv-store-\($0).kv-store.production.svc.cluster.local:21730" })
        let labels = NodeLabels(Set(nodes), width: 21)
        #expect(
            labels.shortened("waiting for \(nodes[0]), \(nodes[2]); (\(nodes[1])) 'kv-store-1' x:1")
                == "waiting for kv-store-0, kv-store-2; (kv-store-1) 'kv-store-1' x:1")
        #expect(labels.shortened("\(nodes[0]): no answer  within 2 s") == "kv-store-0: no answer  within 2 s")
    }

    /// Whatever the addresses: no two have the same label, none is wider than there is room for.
    @Test func labelsAreUniqueAndFit() async {
        var random = RandomCluster(seed: 7)
        for _ in 0..<300 {
            await Task.yield()
            let nodes = random.addresses().map { MemberID($0) }
            let width = 8 + random.next(50)
            let labels = NodeLabels(Set(nodes), width: width)
            let found = nodes.map { labels[$0] }
            #expect(Set(found).count == nodes.count, "\(nodes) at \(width): \(found)")
            #expect(found.allSatisfy { !$0.isEmpty && $0.columns <= width }, "\(nodes) at \(width): \(found)")
            #expect(labels.columns == found.map(\.columns).max() ?? 0)
        }
    }
}
