import ClusterModel
import Foundation
import ShardClient
import ShardCore
import ShardWire

@testable import Dashboard

extension Fixture {
    /// Names as a cluster manager gives them: alike but for a few characters in their middle.
    static func longName(_ number: Int) -> String {
        "kv-store-\(number - 1).kv-store.production.svc.cluster.local:21730"
    }

    /// The same with other addresses in place of those of ``node(_:)``.
    static func renamed<Value: Codable>(_ value: Value, _ name: (Int) -> String = longName) -> Value {
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .withoutEscapingSlashes
            var text = String(decoding: try encoder.encode(value), as: UTF8.self)
            for number in (1...9) where text.contains("10.0.0.\(number):8081") {
                text = text.replacing("10.0.0.\(number):8081", with: name(number))
            }
            var renamed = try JSONDecoder().decode(Value.self, from: Data(text.utf8))
            if var snapshot = renamed as? ClusterSnapshot {
                snapshot.nodes.sort { $0.address < $1.address }
                renamed = (snapshot as? Value) ?? renamed
            }
            return renamed
        } catch {
            preconditionFailure("\(error)")
        }
    }

    /// One node that hears none of the others, and is heard by none; with the others' words, as each saw it.
    static func cutOff(_ lone: Int, layout: [[Int]] = two, keys: [Int] = [5_013, 4_987]) -> ClusterSnapshot {
        split([[lone]], layout: layout, keys: keys)
    }

    /// Groups of nodes that hear one another and no other; nodes of no group hear one another.
    static func split(_ groups: [[Int]], layout: [[Int]] = two, keys: [Int] = [5_013, 4_987]) -> ClusterSnapshot {
        var snapshot = snapshot(layout: layout, keys: keys, operations: 120)
        func group(_ address: NodeAddress) -> Int { groups.firstIndex { $0.map(node).contains(address) } ?? -1 }
        for index in snapshot.nodes.indices {
            guard case .full(var state)? = snapshot.nodes[index].answer else { continue }
            for peer in state.replica.peers.indices
            where group(state.replica.peers[peer].address) != group(state.replica.address) {
                state.replica.peers[peer].health = .down
            }
            snapshot.nodes[index].answer = .full(state)
        }
        return snapshot
    }

    /// What nodes record when one is cut off: each other that it is silent, and it that all are.
    static func cutOffEvents(_ lone: Int, of count: Int = 6) -> [ClusterModel.Event] {
        func event(_ about: Int, by sayer: Int) -> ClusterModel.Event {
            ClusterModel.Event(
                sequence: 3, milliseconds: start - 500 + UInt64(about), kind: .nodeDown, node: node(about),
                text: "\(node(about)) is down: silent for over 2 s", recordedBy: node(sayer))
        }
        let others = (1...count).filter { $0 != lone }
        return others.map { event(lone, by: $0) } + others.map { event($0, by: lone) }
    }
}
