import ClusterModel
import Testing

@testable import ValkeyClient

/// Moves slot by slot, and repairs, in made-up clusters with clients at work.
@Suite struct ClassicMoveTests {
    private func move(
        _ world: SlotWorld, to target: Int = 3, abortAfter: Int? = nil
    ) async -> (ClassicBatch, AbortSignal) {
        var terms = MoveTerms()
        (terms.keysEach, terms.migratesAtOnce, terms.pauseMilliseconds) = (2, 3, 0)
        terms.spreadMilliseconds = 0
        terms.closesOneByOne = world.state.withLock(\.chances.isValkey)
        let signal = AbortSignal()
        let runner = ProcedureRunner(calls: world, pacer: Pacer(), signal: signal)
        let slots = SlotWorld.activeSlots.filter { $0 % 3 == 0 }.map { HashSlot(unchecked: $0) }
        let batch = ClassicBatch(slots, from: world.peer(0), to: world.peer(target), terms: terms)
        let ended = await runner.run(batch, lane: 1) { _ in
            if let abortAfter, world.state.withLock({ $0.calls }) >= abortAfter { signal.raise() }
        }
        return (ended, signal)
    }

    private func repair(
        _ world: SlotWorld, after batch: ClassicBatch? = nil, _ way: Goal.Repair = .finish
    ) async -> Repairer.Outcome {
        world.state.withLock {
            ($0.chances.lostAnswer, $0.chances.lostMigrate, $0.chances.death) = (0, 0, nil)
        }
        let seeds = world.state.withLock { $0.nodes.map(\.address) }
        let runner = ProcedureRunner(calls: world, pacer: Pacer(), signal: AbortSignal())
        var repairer = Repairer(
            surveyor: Surveyor(calls: world, seeds: seeds), runner: runner, login: .open, pause: .milliseconds(0))
        // Of the world's time, not of the clock's: whoever died comes back long before that.
        repairer.returnPatience = .seconds(120)
        if let batch {
            for slot in batch.virgins {
                repairer.knowledge.virgins[slot] = .init(node: batch.from.id, other: batch.to.id)
            }
            for index in 0..<4 {
                repairer.knowledge.replicas[world.peer(index).id] = [world.peer(index + 4).id]
            }
        }
        return await repairer.repair(way: way, patience: .seconds(120))
    }

    private func faults(_ world: SlotWorld) -> [String] {
        world.state.withLock { state in
            for index in state.nodes.indices { state.spread(from: index) }
            return state.faults
        }
    }

    @Test(arguments: 0..<30 as Range<UInt64>)
    func `every key goes with its slot while clients write, and none is read wrongly`(seed: UInt64) async {
        let world = SlotWorld(seed: seed)
        let (batch, _) = await move(world)
        #expect(batch.fates.values.allSatisfy { $0 == .moved })
        #expect(batch.keysMoved > 10)
        #expect(faults(world) == [])
    }

    @Test(arguments: 0..<30 as Range<UInt64>)
    func `a MIGRATE whose answer is lost leaves no key old or doubled`(seed: UInt64) async {
        let world = SlotWorld(seed: seed, chances: .init(deletes: 0, lostMigrate: 20))
        let (batch, _) = await move(world)
        if !batch.fates.values.allSatisfy({ $0 == .moved }) {
            let outcome = await repair(world)
            #expect(outcome.left == [])
        }
        #expect(faults(world) == [])
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func `whatever is ended at any time is closed, and every key is found`(seed: UInt64) async {
        let world = SlotWorld(seed: seed)
        let (batch, _) = await move(world, abortAfter: Int(seed % 20))
        #expect(
            batch.fates.values.allSatisfy { fate in
                if case .putBack = fate { return true }
                return fate == .moved
            })
        #expect(faults(world) == [])
    }

    @Test(arguments: 0..<50 as Range<UInt64>)
    func `what is left after an answer was lost is repaired without loss`(seed: UInt64) async {
        let world = SlotWorld(
            seed: seed,
            chances: .init(deletes: seed % 2 == 0 ? 0 : 1, lostAnswer: 12, lostMigrate: seed % 2 == 0 ? 10 : 0))
        let (batch, _) = await move(world)
        let outcome = await repair(world, after: batch)
        #expect(outcome.left == [])
        #expect(faults(world) == [])
    }

    @Test(arguments: 0..<80 as Range<UInt64>)
    func `a source or a target that dies in the middle costs no key that its replica had`(seed: UInt64) async {
        let world = SlotWorld(
            seed: seed,
            chances: .init(
                clientsRestAfterDeath: true, death: (call: Int(seed / 2) % 30 + 1, node: [0, 3][Int(seed % 2)]),
                replicationLagMax: seed % 3 == 0 ? 2 : 0))
        let (batch, _) = await move(world)
        let outcome = await repair(world, after: batch)
        #expect(outcome.left == [])
        #expect(faults(world) == [])
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func `what clients write before a replica is told of open slots is kept`(
        seed: UInt64
    ) async {
        let world = SlotWorld(seed: seed, chances: .init(deletes: 0, death: (call: Int(seed) % 30 + 1, node: 0)))
        let (batch, _) = await move(world)
        let outcome = await repair(world, after: batch)
        #expect(outcome.left == [])
        // Until the repair, the new primary serves the slot without what had gone: that is in the nature of moving key by
        // key. But whatever was written last is there in the end.
        let lost = faults(world).filter { $0.contains("lost or old") || $0.contains("dropped") }
        #expect(lost == [])
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func `in Valkey, what a target is given that took the place of another is not lost when that one comes back`(
        seed: UInt64
    ) async {
        let world = SlotWorld(
            seed: seed,
            chances: .init(
                clientsRestAfterDeath: true, death: (call: Int(seed) % 40 + 1, node: 2),
                replicationLagMax: seed % 3 == 0 ? 2 : 0, isValkey: true))
        let (batch, _) = await move(world, to: 2)
        let outcome = await repair(world, after: batch)
        #expect(outcome.left == [])
        #expect(faults(world) == [])
    }
}
