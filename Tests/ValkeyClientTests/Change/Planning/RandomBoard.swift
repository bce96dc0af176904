import ClusterModel

@testable import ValkeyClient

/// A generator of which one seed gives one row of numbers.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension NodeID {
    /// The id of the nth node of a test.
    static func test(_ number: Int) -> NodeID {
        let digits = String(number, radix: 16)
        return NodeID(String(repeating: "0", count: 40 - digits.count) + digits)!
    }
}

extension ServerAddress {
    static func test(_ number: Int) -> ServerAddress { ServerAddress(host: "127.0.0.1", port: 7000 + number) }
}

extension Board {
    /// Primaries whose slots lie in pieces of all lengths, some with none, with keys in some slots.
    static func random(_ generator: inout SeededGenerator, owners: Int, spares: Int = 0, replicas: Int = 1) -> Board {
        var sides = (0..<(owners + spares)).map { number in
            Side(
                id: .test(number), address: .test(number), shard: ShardID(number), slots: SlotSet(),
                replicas: (0..<replicas).map {
                    Replica(id: .test(1000 + number * 10 + $0), address: .test(1000 + number * 10 + $0))
                })
        }
        var first = 0
        while first < HashSlot.count {
            let length = Int.random(in: 1...(1 << Int.random(in: 0...12, using: &generator)), using: &generator)
            let last = min(HashSlot.count - 1, first + length - 1)
            sides[Int.random(in: 0..<owners, using: &generator)].slots.insert(first...last)
            first = last + 1
        }
        var keys = [Int](repeating: 0, count: HashSlot.count)
        for slot in keys.indices where Bool.random(using: &generator) {
            keys[slot] = Int.random(in: 0...20, using: &generator)
        }
        for index in sides.indices { sides[index].bytes = sides[index].slots.reduce(0) { $0 + keys[$1.number] } * 100 }
        var board = Board(sides: sides)
        board.slotKeys = keys
        return board
    }

    /// Primaries with so many slots each, one after the other.
    static func plain(_ slots: [Int], replicas: Int = 1) -> Board {
        var first = 0
        return Board(
            sides: slots.enumerated().map { number, count in
                defer { first += count }
                return Side(
                    id: .test(number), address: .test(number), shard: ShardID(number),
                    slots: count == 0 ? SlotSet() : SlotSet(first...(first + count - 1)),
                    replicas: (0..<replicas).map {
                        Replica(id: .test(1000 + number * 10 + $0), address: .test(1000 + number * 10 + $0))
                    })
            })
    }
}
