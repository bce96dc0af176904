import ShardCore

extension SimulationRun {
    /// Asks a node to stop gracefully, like SIGTERM.
    func stop(_ node: NodeAddress) {
        guard cluster.start(of: node) != nil, !cluster.isPaused(node) else { return }
        hit("graceful stop")
        note("\(node) is asked to stop")
        activeFaults.insert("node down")
        cluster.feed(.drain, to: node)
        touchFaults()
    }

    /// Ends the processes of the nodes that have nothing left to do.
    func endStopped() {
        for node in cluster.drained.sorted() {
            note("\(node) has stopped")
            crash(node)
            if !hasFaults, let number = allNodes.firstIndex(of: node) { start(number + 1) }
        }
    }
}
