/// A shard none of whose members is whole: going on with what is left.
///
/// That is so where all of them lost their memory at once, or one did and the other before it had fetched everything.
/// Each would wait for another for ever. So once all members are up and say that they wait, and every other node says
/// that it takes part in no open change that could bring a portion, the first of them in the layout gathers what each
/// holds, and serves; the others fetch from it as usual.
///
/// A member that is down may have the data, and is waited for. Where it is gone for good, a new node at its address
/// ends the wait.
extension Replica {
    /// Begins to gather where this node has to; the only member has nobody to ask.
    mutating func beginRescue() {
        let members = shardPeers
        guard !members.isEmpty, !makes(.servesWhatIsLeftAtOnce) else { return finishCatchUp(reach: vector) }
        guard epochState.catchUp == nil, isShardWithoutWholeMember else { return }
        note(.rescuesShard(shard))
        ask(members)
    }

    /// All pages of one member are in: goes on with the next where there is one, and ends the fetch where there is none.
    mutating func endPages(reach: VersionVector) {
        guard let running = epochState.catchUp else { return }
        guard let rescue = running.rescue else { return finishCatchUp(reach: reach) }
        let gathered = rescue.gathered.merging(reach)
        guard !rescue.next.isEmpty else { return finishCatchUp(reach: gathered) }
        ask(rescue.next, gathered: gathered, records: running.records)
    }

    private mutating func ask(_ members: [NodeAddress], gathered: VersionVector = VersionVector(), records: Int = 0) {
        epochState.catchUp = CatchUp(
            id: queries.ids.next(), source: members[0], sourceIncarnation: peers[members[0]]?.incarnation, have: nil,
            askedMicroseconds: now.monotonicMicroseconds, records: records,
            rescue: CatchUp.Rescue(next: Array(members.dropFirst()), gathered: gathered))
        askPage()
    }

    /// True if nobody has the shard's data and nobody can bring it, and this node is the one to go on.
    private var isShardWithoutWholeMember: Bool {
        guard let shard, layout.shards[shard].first == address, changing.isOutsideChanges,
            !makes(.lostShardsWaitForEver)
        else {
            return false
        }
        return isTrueOfAllPeers(sinceLastStart: \.said.isOutsideChangesAfter) { peer in
            layout.shard(of: peer.address) != shard || peer.state == .catchingUp
        }
    }
}
