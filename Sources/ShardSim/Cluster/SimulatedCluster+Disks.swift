import ShardCore

/// The disks of a simulated cluster, written like those of real nodes by `DiskWriter`.
extension SimulatedCluster {
    /// The time between two groups that nobody waits for, as in `DiskWriter`.
    static let groupMicroseconds: UInt64 = 20_000

    /// Takes a node's disk away, if it has one.
    public func loseDisk(of node: NodeAddress) { disks[node] = nil }

    /// Makes the disk of a node refuse everything, or take changes again.
    public func setDisk(of node: NodeAddress, isFailing: Bool) { disks[node]?.isFailing = isFailing }

    /// A copy of a node's disk as it is now; nil if it has none.
    public func disk(of node: NodeAddress) -> SimulatedDisk? { disks[node] }

    /// Gives another disk, such as an earlier copy of its own, to a node that does not run.
    public func put(_ disk: SimulatedDisk, into node: NodeAddress) { disks[node] = disk }

    func isDiskFailing(_ node: NodeAddress) -> Bool { disks[node]?.isFailing ?? false }

    /// The contents that a node would find on its disk if it were started now; nil if it has none.
    func diskImage(of node: NodeAddress) -> DiskImage? { disks[node].map { $0.read() ?? DiskImage() } }

    /// Begins a commit of the changes that have come together: at once if somebody waits for it, else a moment later,
    /// with the changes that come until then.
    func wantCommit(of node: NodeAddress) {
        guard nodes[node]?.gate.pendingCount ?? 0 > 0, let target = nodes[node], target.committing.isEmpty else {
            return
        }
        if target.gate.isAwaited { return beginCommit(of: node) }
        guard !target.isGathering else { return }
        nodes[node]?.isGathering = true
        let isLate = target.configuration.plantedBug == .commitsAreLate
        schedule(
            .group(node, start: target.start), afterMicroseconds: isLate ? 400_000 : Self.groupMicroseconds)
    }

    func beginCommit(of node: NodeAddress) {
        nodes[node]?.isGathering = false
        guard let start = nodes[node]?.start, let changes = nodes[node]?.gate.beginCommit() else { return }
        nodes[node]?.committing = changes
        // The planted mistake shows only if the disk is slow.
        let delay: UInt64 = nodes[node]?.configuration.plantedBug == .answersBeforeTheDisk ? 300_000 : 0
        schedule(
            .commit(node, start: start), afterMicroseconds: delay + UInt64.random(in: diskMicroseconds, using: &random))
    }

    func endCommit(of node: NodeAddress) {
        guard let disk = disks[node], let target = nodes[node] else { return }
        let wasFailing = target.gate.isFailing
        if disk.isFailing {
            nodes[node]?.committing = []
            carryOut(nodes[node]?.gate.failCommit() ?? [], of: node)
            if !wasFailing { feed(.disk(isWritable: false), to: node) }
            return wantCommit(of: node)
        }
        disks[node]?.commit(target.committing)
        nodes[node]?.committing = []
        carryOut(nodes[node]?.gate.endCommit() ?? [], of: node)
        if wasFailing { feed(.disk(isWritable: true), to: node) }
        wantCommit(of: node)
    }

    /// Ends a commit under way when the node dies: all of it is on the disk, or nothing.
    func endDisk(of node: NodeAddress) {
        guard let committing = nodes[node]?.committing, !committing.isEmpty, random.chance(0.5) else { return }
        if nodes[node]?.configuration.plantedBug == .commitsAreTorn {
            disks[node]?.commit(committing.map { DiskChange(records: [], state: $0.state, isVital: $0.isVital) })
        } else {
            disks[node]?.commit(committing)
        }
    }
}
