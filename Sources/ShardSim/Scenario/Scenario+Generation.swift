import ShardCore

extension Scenario {
    /// The scenario that `seed` stands for under `profile`.
    public init(seed: UInt64, profile: Profile) {
        var random = SeededRandom(seed: seed &* 0x9E37_79B9 ^ 0x5CE0)
        var founders = Int.random(in: 3...9, using: &random)
        // With an even number of nodes, one voter alone does not turn the scale.
        if profile == .amnesia { founders = [3, 3, 5, 5, 7].randomElement(using: &random) ?? 3 }
        var author = Author(
            random: random, founderCount: founders,
            joinerCount: profile == .membership || profile == .everything ? Int.random(in: 0...2, using: &random) : 0)
        author.write(profile)
        random = author.random
        self.seed = seed
        self.profile = profile
        founderCount = founders
        joinerCount = author.joinerCount
        let isForgetful = profile == .forgetting
        let shardsMax = max(1, min(4, founders / 2))
        shardCount = isForgetful ? shardsMax : Int.random(in: 1...shardsMax, using: &random)
        sessionCount = Int.random(in: 3...8, using: &random)
        let keys = Int.random(in: isForgetful ? 1...6 : 3...24, using: &random)
        let thinks: [ClosedRange<UInt64>] =
            isForgetful ? [2...20, 40...200, 200...1_000, 400...2_000] : [2...20, 10...60, 40...200]
        let think = thinks.randomElement(using: &random) ?? 10...60
        let latency: ClosedRange<UInt64> =
            [50...500, 50...500, 1_000...5_000, 5_000...40_000].randomElement(using: &random) ?? 50...500
        diskMicroseconds = [100...6_000, 100...6_000, 5_000...60_000].randomElement(using: &random) ?? 100...6_000
        lengthMilliseconds = author.endMilliseconds
        let pace = random.chance(0.4) ? [20, 60, 200].randomElement(using: &random) : nil
        // So many that a portion takes many batches, with clients and a network quick enough to fill them.
        let isLarge = !isForgetful && random.chance(0.08)
        keyCount = isLarge ? Int.random(in: 100...250, using: &random) : keys
        thinkMilliseconds = isLarge ? 2...20 : think
        latencyMicroseconds = isLarge ? 50...500 : latency
        keysPerSecondMax = isLarge ? pace.map { $0 * 10 } : pace
        batchBytesMax = isLarge || random.chance(0.25) ? Int.random(in: 800...4_000, using: &random) : nil
        deletePercent = isForgetful ? 35 : 15
        tombstoneMilliseconds = isForgetful ? [120, 200, 400].randomElement(using: &random) : nil
        heartbeatMilliseconds = isForgetful ? [50, 100, 250].randomElement(using: &random) : nil
        steps = author.steps.sorted { $0.atMilliseconds < $1.atMilliseconds }
    }
}

/// Writes the steps of one scenario.
private struct Author {
    var random: SeededRandom
    let founderCount: Int
    let joinerCount: Int
    var steps: [Scenario.Step] = []
    var nowMilliseconds: UInt64 = 300
    var endMilliseconds: UInt64 = 0

    init(random: SeededRandom, founderCount: Int, joinerCount: Int) {
        self.random = random
        self.founderCount = founderCount
        self.joinerCount = joinerCount
    }

    mutating func write(_ profile: Profile) {
        let rounds = Int.random(in: 2...4, using: &random)
        for _ in 0..<rounds {
            if !profile.parts.isEmpty {
                for _ in 0..<Int.random(in: 1...3, using: &random) {
                    round(of: profile.parts.randomElement(using: &random) ?? .lossy)
                    if random.chance(0.4) { nowMilliseconds -= min(nowMilliseconds, pick(0...2_500)) }
                }
            } else {
                round(of: profile)
            }
        }
        endMilliseconds = max(nowMilliseconds, steps.map(\.atMilliseconds).max() ?? 0) + 300
    }

    private mutating func pick(_ range: ClosedRange<UInt64>) -> UInt64 { UInt64.random(in: range, using: &random) }
    private mutating func node() -> Int { Int.random(in: 1...founderCount + joinerCount, using: &random) }
    private mutating func shardCount() -> Int {
        Int.random(in: 1...max(1, (founderCount + joinerCount) / 2), using: &random)
    }

    private mutating func add(_ action: Scenario.Action, after delay: UInt64 = 0) {
        steps.append(Scenario.Step(atMilliseconds: nowMilliseconds + delay, action: action))
    }

    private mutating func reshard(within delay: ClosedRange<UInt64>) {
        add(.reshard(shardCount: shardCount(), at: node()), after: pick(delay))
    }

    private mutating func round(of profile: Profile) {
        switch profile {
        case .reshard, .liars: reshard(within: 0...50)
        case .rivals: rivals()
        case .membership: membership()
        case .coordinator: coordinatorDies()
        case .decision: decision()
        case .amnesia: amnesia()
        case .force: force()
        case .lossy: lossy()
        case .forgetting: forgetting()
        case .partition: partition()
        case .crash, .acks: crash()
        case .pause: pause()
        case .clock: clock()
        case .clogged: clogged()
        case .sync, .batched: restarts()
        case .ruin: ruin()
        case .rolling: rolling()
        case .neighbours: neighbours()
        case .founders: reshard(within: 0...500)
        case .stops, .stopsOnDisk: stops(canBeAll: profile == .stopsOnDisk)
        case .fullDisk: fullDisk()
        case .syncFaults, .batchedFaults, .acksFaults, .acksOnDisk, .everything: break
        }
        nowMilliseconds += pick(400...2_500)
    }

    private mutating func rivals() {
        for _ in 0..<Int.random(in: 2...3, using: &random) {
            switch pick(0...3) {
            case 0: add(.removeMember(node(), at: node()), after: pick(0...60))
            case 1: add(.abort(at: node()), after: pick(0...60))
            default: reshard(within: 0...60)
            }
        }
        reshard(within: 0...5)
    }

    private mutating func membership() {
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let delay = pick(0...1_200)
            switch pick(0...4) {
            case 0, 1: add(.addMember(node(), shard: Int(pick(0...3)), at: node()), after: delay)
            case 2: add(.removeMember(node(), at: node()), after: delay)
            case 3: add(.putBack(node(), at: node()), after: delay)
            default: reshard(within: 0...1_200)
            }
        }
    }

    private mutating func coordinatorDies() {
        let kind = MessageKind.allCases.randomElement(using: &random) ?? .accept
        add(.armDeath(kind, count: Int.random(in: 1...founderCount + 1, using: &random)))
        reshard(within: 5...10)
        let back = pick(1_000...9_000)
        for number in 1...founderCount + joinerCount { add(.restart(number), after: back) }
        if random.chance(0.5) { reshard(within: random.chance(0.5) ? 12...400 : 1_000...6_000) }
        nowMilliseconds += back + 1_500
    }

    private mutating func decision() {
        let kind: MessageKind = random.chance(0.5) ? .accept : .commit
        add(.armDeath(kind, count: Int.random(in: 1...founderCount + 1, using: &random)))
        reshard(within: 5...10)
        if random.chance(0.7) {
            let group = (1...founderCount).shuffled(using: &random).prefix(Int(pick(1...UInt64(founderCount + 1) / 2)))
            add(.isolate(Array(group)), after: pick(5...200))
        }
        let back = pick(100...2_500)
        for number in 1...founderCount + joinerCount { add(.restart(number), after: back) }
        for _ in 0..<pick(1...3) { reshard(within: 20...5_500) }
        nowMilliseconds += pick(3_000...8_000)
        add(.heal)
    }

    private mutating func amnesia() {
        add(.heal)
        add(.armAmnesia(restartMilliseconds: pick(50...1_500)))
        reshard(within: 5...400)
        for _ in 0..<pick(2...4) { reshard(within: 2_500...9_000) }
        nowMilliseconds += pick(8_000...12_000)
        add(.heal)
        for number in 1...founderCount + joinerCount { add(.restart(number)) }
    }

    private mutating func force() {
        if random.chance(0.5) { reshard(within: 0...300) }
        add(.loseMajority, after: pick(0...1_500))
        // One forced reshard may come before the silence of the dead is noticed.
        add(.forceReshard, after: pick(1_500...5_000))
        add(.forceReshard, after: pick(5_500...7_000))
        let back = pick(5_000...9_000)
        for number in 1...founderCount + joinerCount { add(.restart(number), after: back + pick(0...2_000)) }
        nowMilliseconds += 11_000
        if random.chance(0.6) { reshard(within: 0...1_000) }
    }

    private mutating func lossy() {
        add(
            .network(
                lossPercent: Int(pick(0...12)), duplicationPercent: Int(pick(0...15)),
                delayPercent: Int(pick(0...15)), delayMilliseconds: 400))
        reshard(within: 0...500)
        if random.chance(0.3) { reshard(within: 0...3_000) }
        nowMilliseconds += pick(2_000...5_000)
        if random.chance(0.7) { addQuietNetwork() }
    }

    private mutating func addQuietNetwork() {
        add(.network(lossPercent: 0, duplicationPercent: 0, delayPercent: 0, delayMilliseconds: 400))
    }

    private mutating func forgetting() {
        if random.chance(0.5) {
            add(
                .network(
                    lossPercent: Int(pick(0...12)), duplicationPercent: Int(pick(30...90)),
                    delayPercent: Int(pick(10...60)), delayMilliseconds: Int(pick(600...1_200))))
            if random.chance(0.3) { reshard(within: 0...2_000) }
            nowMilliseconds += pick(3_000...6_000)
            return addQuietNetwork()
        }
        // Nodes that the coordinator cannot reach are left out, and it dies with all that its shard knew of the
        // proposal.
        let coordinator = node()
        add(.cutFromShard(coordinator))
        nowMilliseconds += pick(2_300...3_000)
        // So few accept that it comes back without hearing of the proposal, and they finish alone.
        add(.armDeath(.accept, count: Int(pick(2...4))))
        add(.reshard(shardCount: shardCount(), at: coordinator))
        let back = pick(100...900)
        for number in 1...founderCount + joinerCount { add(.restart(number), after: back) }
        add(.heal, after: back)
        if random.chance(0.3) { reshard(within: 2_500...6_000) }
        nowMilliseconds += pick(5_000...7_000)
    }

    private mutating func clogged() {
        if random.chance(0.8) { reshard(within: 0...200) }
        for _ in 0..<Int(pick(1...UInt64(founderCount * 2))) {
            let isLossy = random.chance(0.5)
            add(
                .clog(
                    from: node(), to: node(), lossPercent: isLossy ? Int(pick(5...70)) : 0,
                    delayMilliseconds: Int([20, 150, 700, 2_500].randomElement(using: &random) ?? 150)),
                after: pick(0...400))
        }
        if random.chance(0.5) { reshard(within: 300...4_500) }
        nowMilliseconds += pick(1_500...6_000)
        add(.heal)
    }

    private mutating func partition() {
        let all = Array(1...founderCount + joinerCount)
        if random.chance(0.7) { reshard(within: 0...200) }
        let delay = pick(0...250)
        switch pick(0...5) {
        case 0, 4, 5:
            add(.isolate(Array(all.shuffled(using: &random).prefix(Int(pick(1...3))))), after: delay)
        case 1:
            for _ in 0..<Int(pick(1...12)) { add(.cut(from: node(), to: node()), after: delay + pick(0...300)) }
        case 2:
            let one = node()
            let isInward = random.chance(0.5)
            for other in all where other != one {
                add(isInward ? .cut(from: other, to: one) : .cut(from: one, to: other), after: delay)
            }
        default:
            // Nodes flap, faster and slower than a silence is noticed.
            let group = Array(all.shuffled(using: &random).prefix(Int(pick(1...3))))
            var moment = delay
            for _ in 0..<Int(pick(2...5)) {
                add(.isolate(group), after: moment)
                moment += pick(100...2_600)
                add(.heal, after: moment)
                moment += pick(50...800)
            }
        }
        // Long enough for the rest to notice, and to change the layout without the nodes that are cut off.
        let isLong = random.chance(0.6)
        if random.chance(isLong ? 0.9 : 0.3) { reshard(within: 2_300...4_500) }
        if isLong { reshard(within: 2_300...4_500) }
        nowMilliseconds += isLong ? pick(5_000...9_000) : pick(300...4_000)
        add(.heal)
    }

    private mutating func crash() {
        let victim = node()
        if random.chance(0.7) { reshard(within: 0...100) }
        add(.crash(victim), after: pick(0...150))
        let back = pick(200...5_000)
        add(.restart(victim), after: 150 + back)
        if random.chance(0.4) { reshard(within: 200...4_000) }
        nowMilliseconds += back + 800
    }

    private mutating func restarts() {
        if random.chance(0.8) { reshard(within: 0...150) }
        let delay = pick(0...250)
        let back = pick(50...4_000)
        if random.chance(0.5) {
            add(.crashAll, after: delay)
        } else {
            let victim = node()
            add(.crash(victim), after: delay)
            if random.chance(0.3) { add(.loseDisk(victim), after: delay + 1) }
        }
        for number in 1...founderCount + joinerCount {
            add(.restart(number), after: delay + back + (random.chance(0.5) ? 0 : pick(0...3_000)))
        }
        if random.chance(0.4) { reshard(within: 200...6_000) }
        nowMilliseconds += back + 3_500
    }

    private mutating func ruin() {
        if random.chance(0.7) { reshard(within: 0...1_500) }
        let delay = pick(0...2_000)
        add(.loseShard, after: delay)
        let back = pick(100...4_000)
        for number in 1...founderCount + joinerCount { add(.restart(number), after: delay + back + pick(0...2_500)) }
        if random.chance(0.5) { reshard(within: 200...8_000) }
        nowMilliseconds += delay + back + 6_000
    }

    /// Changes of the layout come only before all nodes have lost it: a cluster that begins anew counts its epochs
    /// anew.
    private mutating func rolling() {
        if nowMilliseconds < 1_000, random.chance(0.6) { reshard(within: 0...300) }
        var moment = pick(400...2_000)
        let longest: UInt64 = [100, 400, 2_000].randomElement(using: &random) ?? 400
        for number in (1...founderCount + joinerCount).shuffled(using: &random) {
            add(.kill(number), after: moment)
            if random.chance(0.2) { add(.setClockBack(number), after: moment) }
            add(.restart(number), after: moment + pick(5...600))
            moment += pick(50...longest)
        }
        nowMilliseconds += moment + pick(1_000...5_000)
    }

    private mutating func neighbours() {
        for _ in 0..<Int(pick(3...7)) {
            let delay = pick(0...2_500)
            switch pick(0...7) {
            case 0: add(.addStranger(Int(pick(0...3)), at: node()), after: delay)
            case 1: add(.addToStrangers(node()), after: delay)
            case 2, 3: add(.reshardStrangers(shardCount: Int(pick(1...2))), after: delay)
            case 4: reshard(within: 0...2_500)
            default: add(.writeToStrangers, after: delay)
            }
        }
        if random.chance(0.5) {
            let taken = node()
            let delay = pick(0...1_500)
            let back = pick(200...5_000)
            add(.takeAddress(taken), after: delay)
            add(.addToStrangers(taken), after: delay + 50)
            add(.reshardStrangers(shardCount: 1), after: delay + pick(100...3_000))
            add(.giveAddressBack(taken), after: delay + back)
            add(.restart(taken), after: delay + back + pick(0...1_500))
            nowMilliseconds += back
        }
        nowMilliseconds += 2_500
    }

    private mutating func stops(canBeAll: Bool) {
        if random.chance(0.7) { reshard(within: 0...150) }
        let delay = pick(0...250)
        let back = pick(50...6_000)
        add(canBeAll && random.chance(0.5) ? .stopAll : .stop(node()), after: delay)
        for number in 1...founderCount + joinerCount {
            add(.restart(number), after: delay + back + (random.chance(0.5) ? 0 : pick(0...3_000)))
        }
        if random.chance(0.4) { reshard(within: 200...6_000) }
        nowMilliseconds += back + 3_500
    }

    private mutating func fullDisk() {
        if random.chance(0.6) { reshard(within: 0...300) }
        let full = node()
        let delay = pick(0...300)
        let back = pick(100...4_000)
        add(.disk(full, isFailing: true), after: delay)
        if random.chance(0.3) {
            add(.crash(full), after: delay + pick(0...back))
            add(.restart(full), after: delay + back + 200)
        }
        add(.disk(full, isFailing: false), after: delay + back)
        if random.chance(0.3) { reshard(within: 0...4_000) }
        nowMilliseconds += back + 800
    }

    private mutating func pause() {
        let paused = node()
        if random.chance(0.8) { reshard(within: 0...120) }
        add(.pause(paused), after: pick(0...150))
        let back = pick(100...7_000)
        add(.goOn(paused), after: 150 + back)
        if random.chance(0.4) { reshard(within: 200...6_000) }
        nowMilliseconds += back + 300
    }

    private mutating func clock() {
        for _ in 0..<Int(pick(1...3)) {
            let bound: Int64 = [5, 2_000, 50_000, 600_000].randomElement(using: &random) ?? 5
            let offset = Int64.random(in: -bound...bound, using: &random)
            add(.clock(node(), offsetMilliseconds: offset), after: pick(0...800))
        }
        if random.chance(0.8) { reshard(within: 0...800) }
    }
}
