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
    mutating func salvage() {
        let members = shardPeers
        guard !members.isEmpty, !makes(.servesWhatIsLeftAtOnce) else { return finishCatchUp(reach: vector) }
        guard catchUp == nil, isShardWithoutWholeMember else { return }
        note(
            .warning, node: address,
            "all members of shard \(shard ?? -1) lost its data; \(address) gathers what each still has")
        ask(members)
    }

    /// Goes on with the next member. False where all have been asked, or none has to be.
    mutating func salvageNext() -> Bool {
        guard let running = catchUp, !running.next.isEmpty else { return false }
        ask(running.next, after: running)
        return true
    }

    private mutating func ask(_ members: [NodeAddress], after last: CatchUp? = nil) {
        catchUp = CatchUp(
            id: newQuestion(), source: members[0], sourceIncarnation: peers[members[0]]?.incarnation, have: nil,
            askedMicroseconds: now.monotonicMicroseconds, reach: last?.reach, records: last?.records ?? 0,
            next: Array(members.dropFirst()), isSalvage: true)
        askPage()
    }

    /// True where nobody has the shard's data and nobody can bring it, and this node is the one to go on.
    private var isShardWithoutWholeMember: Bool {
        guard let shard, layout.shards[shard].first == address, isOutsideChanges, !makes(.lostShardsWaitForEver) else {
            return false
        }
        let lastStart = peers.values.map(\.startHeartbeat).max() ?? 0
        return peerAddresses.allSatisfy { node in
            if isRemoved(node) { return true }
            guard let peer = peers[node], peer.isUp, peer.epoch == layout.epoch, let state = peer.state,
                peer.outsideChangesAfter > lastStart
            else { return false }
            return layout.shard(of: node) != shard || state == .catchingUp
        }
    }
}
