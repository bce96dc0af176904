import ValkeyClient

/// The keys of a trial of a Valkey or Redis cluster, and what each must hold.
struct EngineKeys: Sendable {
    let count: Int
    private let slots: [HashSlot]
    /// Values in these slots are larger, so that it takes a while to move them.
    private let large: SlotSet
    private let largeBytes: Int
    private static let smallBytes = 64
    private static let pageKeys = 500
    private static let limit = Duration.seconds(30)

    init(count: Int, large: SlotSet, largeBytes: Int) {
        self.count = count
        (self.large, self.largeBytes) = (large, largeBytes)
        slots = (0..<count).map { HashSlot(key: Self.key($0)) }
    }

    static func key(_ number: Int) -> [UInt8] { Array("trial:\(number)".utf8) }

    private func value(_ number: Int) -> [UInt8] {
        let text = Array("value of \(number) ".utf8)
        let size = large.contains(slots[number]) ? largeBytes : Self.smallBytes
        return text + [UInt8](repeating: UInt8(ascii: "."), count: size - text.count)
    }

    /// The numbers of those in these slots.
    func numbers(in wanted: SlotSet) -> [Int] { slots.indices.filter { wanted.contains(slots[$0]) } }

    /// Stores all or some, and returns once a replica of every owner has them.
    func load(_ topology: Topology, _ servers: Servers, only numbers: [Int]? = nil) async throws {
        try await eachOwner(topology, of: numbers ?? Array(slots.indices)) { owner, page, isLast in
            var commands = page.map { Command(bytes: [Array("SET".utf8), Self.key($0), value($0)]) }
            // Of all that came by this connection before.
            if isLast { commands.append(Command("WAIT", "1", "20000")) }
            var replies = try await servers.send(commands, to: owner, lane: 2, within: Self.limit)
            if isLast, let copies = replies.popLast()?.integer, copies < 1 {
                throw TrialError("no replica of \(owner) has what was loaded")
            }
            guard replies.allSatisfy(\.isOK) else { throw TrialError("\(owner) did not take the keys in") }
            return []
        }
    }

    /// The numbers of the keys that their owners lack, or hold with another value.
    func differing(_ topology: Topology, _ servers: Servers) async throws -> [Int] {
        try await eachOwner(topology, of: Array(slots.indices)) { owner, page, _ in
            let commands = page.map { Command(bytes: [Array("GET".utf8), Self.key($0)]) }
            let replies = try await servers.send(commands, to: owner, lane: 2, within: Self.limit)
            return zip(page, replies).filter { $1.bytes != value($0) }.map(\.0)
        }
    }

    /// Asks the owners page by page, side by side.
    @discardableResult
    private func eachOwner(
        _ topology: Topology, of numbers: [Int],
        _ ask: @escaping @Sendable (ServerAddress, ArraySlice<Int>, _ isLast: Bool) async throws -> [Int]
    ) async throws -> [Int] {
        var owners = [ServerAddress?](repeating: nil, count: HashSlot.count)
        for node in topology.primaries { for slot in node.slots { owners[slot.number] = node.address } }
        let byOwner = Dictionary(grouping: numbers) { owners[slots[$0].number] }
        return try await withThrowingTaskGroup { group in
            for (owner, numbers) in byOwner {
                guard let owner else { throw TrialError("the owner of a slot is not known") }
                group.addTask {
                    var found: [Int] = []
                    var rest = numbers[...]
                    while !rest.isEmpty {
                        let page = rest.prefix(Self.pageKeys)
                        rest = rest.dropFirst(Self.pageKeys)
                        found += try await ask(owner, page, rest.isEmpty)
                    }
                    return found
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }
}
