/// Going on a step at a time. The cluster serves meanwhile; writes are never held between steps, since the freeze is one.
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

    /// Everything is with its new owners but for what changes from now on: the presenter says when to freeze.
    mutating func mayFreeze() -> Bool {
        guard presenter.pacer.isStepped, !presenter.isFreezeReleased else { return true }
        presenter.awaitsFreeze = true
        return false
    }

    /// What changed during the wait is passed on first, so that the freeze is as short as ever.
    private mutating func releaseFreeze(now: Instant) {
        presenter.awaitsFreeze = false
        presenter.isFreezeReleased = true
        if step == .changing {
            broadcast.changeRounds = 0
            askChanges(now: now)
        }
    }
}
