/// A change in steps: the coordinator waits for the presenter between them. The cluster serves meanwhile; writes are
/// never held between steps, since the freeze is a single step.
extension Coordinator {
    mutating func step(_ command: StepCommand, now: Instant) {
        guard !isPastNoReturn else { return }
        switch command {
        case .on: presenter.pacer.setStepped(true, now: now)
        case .off: presenter.pacer.setStepped(false, now: now)
        case .next:
            presenter.pacer.setStepped(true, now: now)
            presenter.pacer.step(now: now)
        }
        if command != .on, presenter.awaitsFreeze { releaseFreeze(now: now) }
        note(progressAt: now)
        noteSteps()
    }

    mutating func noteSteps() {
        guard presenter.pacer.isStepped, step != .ended else {
            progress.step = nil
            return
        }
        let isInHand = step == .freezing || step == .finishing || isPastNoReturn || step == .checking
        progress.step = !isInHand && (presenter.awaitsFreeze || presenter.pacer.isHeld) ? .waiting : .running
    }

    /// True if the freeze may begin. In steps, the presenter says when, once the new owners have everything but later
    /// changes.
    mutating func mayFreeze() -> Bool {
        guard presenter.pacer.isStepped, !presenter.isFreezeReleased else { return true }
        presenter.awaitsFreeze = true
        return false
    }

    /// Passes on the changes made during the wait, so that the freeze itself stays short.
    private mutating func releaseFreeze(now: Instant) {
        presenter.awaitsFreeze = false
        presenter.isFreezeReleased = true
        if step == .changing {
            broadcast.changeRounds = 0
            askChanges(now: now)
        }
    }
}
