import ClusterModel

extension DashboardModel {
    mutating func take(_ state: DemoState) {
        if let traffic = state.traffic, let problem = traffic.problem, traffic.errors > demo?.traffic?.errors ?? 0 {
            note(problem, isProblem: true, of: "client")
        }
        let before = demo?.traffic
        demo = state
        guard let traffic = state.traffic else {
            trafficHistory = RateSeries()
            return
        }
        countClients(traffic, before: before)
        trafficHistory.add(
            traffic.operationsPerSecond, atMilliseconds: snapshot?.takenMilliseconds ?? nowMilliseconds,
            holdsMilliseconds: holdMilliseconds)
    }

    /// Stops a running reshard before its next batch, then lets it do one batch at a time; if none runs, the next
    /// reshard begins in steps.
    mutating func stepOn() -> [Effect] {
        let wasStepping = isStepping
        isStepping = true
        guard let change, !change.isOver else {
            if !wasStepping { note("the next reshard waits for . before each step; , ends that") }
            return []
        }
        return [.step(change.step == nil ? .on : .next)]
    }

    mutating func stepOff() -> [Effect] {
        guard isStepping else { return [] }
        isStepping = false
        if isMigrating { return [.step(.off)] }
        note("reshards go on by themselves")
        return []
    }
}
