import ShardCore
import ShardWire

/// Attackers that reach the nodes' port and say what cannot be true.
struct Liars {
    var overheard: Overheard
    let lies: Lies
    var random: SeededRandom

    init(seed: UInt64, nodes: [NodeAddress]) {
        var random = SeededRandom(seed: seed ^ 0x11E5)
        overheard = Overheard(random: SeededRandom(seed: random.next()))
        lies = Lies(random: SeededRandom(seed: random.next()), nodes: nodes)
        self.random = random
    }
}

extension SimulationRun {
    /// The share of the lies for which the whole state is compared, which takes long.
    private static let comparedShare = 0.01

    /// Tells a lie that is beyond the bounds, if one is found. A lie within them would do what it says.
    func tellLies() {
        guard var liars else { return }
        defer { self.liars = liars }
        for _ in 0..<2 {
            guard let (envelope, receiver) = liars.overheard.any(),
                let lie = try? MessageCodec.decode(liars.lies.frame(envelope))
            else { continue }
            let isCompared = liars.random.chance(Self.comparedShare)
            switch cluster.judge(lie, at: receiver, isCompared: isCompared) {
            case .within: continue
            case .refused: break
            case .believed(let text):
                return fail(.liesChangeNothing, "\(receiver): \(text): \(MessageText.brief(lie)) from \(lie.from)")
            }
            cluster.feed(.message(lie), to: receiver)
        }
    }
}
