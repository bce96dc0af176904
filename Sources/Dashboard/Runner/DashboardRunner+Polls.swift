import ClusterModel

/// Polls the nodes again and again, and records their answers if a recorder is there.
extension DashboardRunner {
    /// The time between polls while something moves.
    private static let migrationPollMilliseconds: UInt64 = 120

    func startPolling() {
        poller?.cancel()
        guard replay == nil else { return }
        let source = source
        poller = Task { [weak self] in
            // The state of a demo, which this program itself knows, is shown before any node has answered.
            if self?.model.snapshot == nil { _ = await self?.tellDemo() }
            while !Task.isCancelled {
                let snapshot = await source.snapshot()
                let features = await source.features
                let events = features.events.isOffered ? await source.events() : []
                guard let self else { return }
                // Nodes tell each event once, so a poll that was overtaken must still pass its events on.
                if !events.isEmpty { self.feed(.events(events, atMilliseconds: self.nowMilliseconds())) }
                let demo = await self.tellDemo()
                self.record(events, demo, Task.isCancelled ? nil : (snapshot, features))
                guard !Task.isCancelled else { return }
                // Before the snapshot, so that one frame shows both.
                if let cost = self.meter.measure(bytesExchanged: await source.bytesExchanged) { self.feed(.cost(cost)) }
                guard !Task.isCancelled else { return }
                self.feed(.snapshot(snapshot, features))
                try? await Task.sleep(for: .milliseconds(self.pollDelayMilliseconds))
            }
        }
    }

    private func tellDemo() async -> DemoState? {
        guard let state = await controls?.state() else { return nil }
        feed(.demo(state))
        return state
    }

    /// Records what a poll fed to the model, in the same order.
    private func record(
        _ events: [Event], _ demo: DemoState?, _ shown: (Cluster, Features)?
    ) {
        guard let recorder else { return }
        var poll = RecordedPoll(atMilliseconds: nowMilliseconds())
        poll.events = events.isEmpty ? nil : events
        poll.demo = demo
        poll.pollMilliseconds = model.pollMilliseconds
        (poll.snapshot, poll.features) = (shown?.0, shown?.1)
        recorder.keep(poll)
    }

    func record(readBack operation: String, _ check: KeyCheck?) {
        var poll = RecordedPoll(atMilliseconds: nowMilliseconds())
        poll.readBack = RecordedPoll.ReadBack(operation: operation, check: check)
        recorder?.keep(poll)
    }

    private var pollDelayMilliseconds: UInt64 {
        let isLoading = model.demo?.loading.map { $0.problem == nil } == true
        let isBusy = model.isMigrating || operations > 0 || isLoading || model.demo?.starting != nil
        return isBusy ? min(Self.migrationPollMilliseconds, model.pollMilliseconds) : model.pollMilliseconds
    }
}
