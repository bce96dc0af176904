import ClusterModel

extension DashboardModel {
    /// Takes in the replay's state of the cluster; the user's choices on the screen stay.
    mutating func take(_ moment: ReplayMoment) {
        let watched = moment.watched
        if watched.nowMilliseconds < nowMilliseconds {
            // Going back: later log lines have not happened yet, and a report that was put away comes again.
            log.removeAll { $0.milliseconds > watched.nowMilliseconds }
            dismissed = nil
        }
        let lines = eventScroll > 0 ? eventLines.count : 0
        replay = moment.position
        nowMilliseconds = watched.nowMilliseconds
        if change?.stage != watched.change?.stage || change?.isOver != watched.change?.isOver { migrationScroll = 0 }
        snapshot = watched.snapshot
        let chosen = chosen
        var arranged = watched.overview
        arranged.sort(by: sortOrder)
        overview = arranged
        history = watched.history
        flow = watched.flow
        demo = watched.demo
        trafficHistory = watched.trafficHistory
        features = watched.features
        events = watched.events
        if eventScroll > 0 { scrollEvents(by: eventLines.count - lines) }
        pollMilliseconds = watched.pollMilliseconds
        changeWatch = watched.changeWatch
        keysOfChange = watched.keysOfChange
        startedMilliseconds = watched.startedMilliseconds
        readBack = watched.readBack
        clientsOfChange = watched.clientsOfChange
        verdict = watched.verdict
        choose(chosen)
    }
}
