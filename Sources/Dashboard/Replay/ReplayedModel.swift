import ClusterModel

/// The model of a dashboard at a time of a recording: the same by whatever way that time is reached.
///
/// Going forward feeds the polls in between; going back begins at a checkpoint, or at the beginning.
struct ReplayedModel: Sendable {
    private struct Checkpoint: Sendable {
        /// Polls that had been fed.
        var count: Int
        var model: DashboardModel
    }

    private let recording: Recording
    private(set) var model: DashboardModel
    /// Polls fed so far.
    private var fed = 0
    /// In the order of their counts, from 0 on.
    private var checkpoints: [Checkpoint]
    /// Polls between two checkpoints.
    private var interval: Int
    private let checkpointsMax: Int

    /// Starts before the first poll.
    init(_ recording: Recording, interval: Int = 32, checkpointsMax: Int = 128) {
        self.recording = recording
        self.interval = interval
        self.checkpointsMax = checkpointsMax
        model = DashboardModel(name: recording.header.name, isReadOnly: true)
        checkpoints = [Checkpoint(count: 0, model: model)]
    }

    /// - Parameter milliseconds: since 1970, by the recording's clock.
    mutating func move(toMilliseconds milliseconds: UInt64) {
        let wanted = recording.count { $0 <= milliseconds }
        if wanted < fed || milliseconds < model.nowMilliseconds {
            let start = checkpoints.last { $0.count <= wanted } ?? checkpoints[0]
            model = start.model
            fed = start.count
        } else if let ahead = checkpoints.last(where: { $0.count <= wanted }), ahead.count > fed {
            model = ahead.model
            fed = ahead.count
        }
        while fed < wanted {
            feed(recording.poll(fed))
            fed += 1
            if fed.isMultiple(of: interval), fed > checkpoints[checkpoints.count - 1].count { keepCheckpoint() }
        }
        _ = model.reduce(.tick(milliseconds: milliseconds))
    }

    private mutating func feed(_ poll: RecordedPoll) {
        if let events = poll.events { _ = model.reduce(.events(events, atMilliseconds: poll.atMilliseconds)) }
        if let demo = poll.demo { _ = model.reduce(.demo(demo)) }
        if let read = poll.readBack { _ = model.reduce(.readBack(operation: read.operation, read.check)) }
        if let milliseconds = poll.pollMilliseconds { model.pollMilliseconds = milliseconds }
        guard let snapshot = poll.snapshot, let features = poll.features else { return }
        _ = model.reduce(.snapshot(snapshot, .ofRecording(features)))
    }

    /// Keeps a checkpoint; if there are too many, drops every second one.
    private mutating func keepCheckpoint() {
        checkpoints.append(Checkpoint(count: fed, model: model))
        guard checkpoints.count > checkpointsMax else { return }
        interval *= 2
        checkpoints.removeAll { !$0.count.isMultiple(of: interval) }
    }
}

extension Recording {
    /// The number of polls for which the condition holds; these must be the first ones.
    fileprivate func count(while isBefore: (UInt64) -> Bool) -> Int {
        var low = 0
        var high = times.count
        while low < high {
            let middle = (low + high) / 2
            if isBefore(times[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension Features {
    /// The features of a recording: it can be asked nothing, and has the events that were polled.
    static func ofRecording(_ recorded: Self) -> Self {
        var features = Features.none
        features.events = recorded.events
        return features
    }
}
