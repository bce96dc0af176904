import ClusterModel
import Wording

extension DashboardModel {
    /// Takes in one action, and returns the effects that it asks for.
    public mutating func reduce(_ action: Action) -> [Effect] {
        if isFrozen, hold(action) { return [] }
        switch action {
        case .key(let key): return press(key)
        case .pasted(let paste): return take(paste)
        case .unreadable: takeUnreadable()
        case .ground(let isLight): if !isThemeChosen { themeName = isLight ? .light : .dark }
        case .drawn(let overflow): bound(by: overflow)
        case .mouse(let kind, let place): return take(kind, at: place)
        case .cost(let cost): self.cost = cost
        case .tick(let milliseconds): pass(milliseconds)
        case .demo(let state): take(state)
        case .snapshot(let snapshot, let features):
            take(snapshot, features)
            return askForFollowed() + askForKeys() + watchVerdict()
        case .events(let new, let time): take(new.map { placed($0, readMilliseconds: time) })
        case .planned(let goal, let plan):
            setPlan(goal, .ready(plan))
            setPreview(goal, .ready(plan))
        case .planFailed(let goal, let problem):
            setPlan(goal, .failed(problem))
            setPreview(goal, .failed(problem))
        case .located(let location):
            setAnswer(.found(location), of: location.key)
        case .locateFailed(let key, let problem): setAnswer(.failed(problem), of: key)
        case .readBack(let operation, let check):
            if readBack?.operation == operation { readBack?.end(check, atMilliseconds: nowMilliseconds) }
        // A step shows by its result.
        case .ended(.step, nil), .ended(.alert, nil): break
        case .replayed(let moment): take(moment)
        case .recordingEnded(let problem):
            isRecording = false
            recordingProblem = problem
            note(problem, isProblem: true)
        case .ended(let effect, let problem):
            note("\(effect.words): \(problem ?? effect.success)", isProblem: problem != nil)
        }
        return []
    }

    /// Time never goes back.
    private mutating func pass(_ milliseconds: UInt64) {
        startedMilliseconds = startedMilliseconds ?? milliseconds
        nowMilliseconds = max(nowMilliseconds, milliseconds)
    }

    private mutating func take(_ snapshot: Cluster, _ features: Features) {
        pass(snapshot.takenMilliseconds)
        let before = self.snapshot
        noteOwnLimit(snapshot)
        self.snapshot = snapshot
        self.features = features
        let chosen = chosen
        arrange(snapshot)
        flow.add(snapshot.change, keys: snapshot.keys, atMilliseconds: snapshot.takenMilliseconds)
        noteOwnWork(atMilliseconds: snapshot.takenMilliseconds)
        history.add(
            snapshot, atMilliseconds: snapshot.takenMilliseconds, holdsMilliseconds: holdMilliseconds,
            isOwn: snapshot.takenMilliseconds < ownWorkUntilMilliseconds)
        choose(chosen)
        if before?.change?.id != change?.id || before?.change?.stage != change?.stage
            || before?.change?.isOver != change?.isOver
        {
            migrationScroll = 0
        }
        noteCutOff(before)
        watchChange(before)
        countKeys(before)
        judge()
    }

    /// Notes once why this program cannot poll nodes, as its own trouble and not as theirs.
    private mutating func noteOwnLimit(_ new: Cluster) {
        // Usually there is no such node, and then nothing is copied.
        guard new.hasMember(where: { $0.notAsked != nil }), snapshot?.hasMember(where: { $0.notAsked != nil }) != true
        else { return }
        let left = new.members.filter { $0.notAsked != nil }
        guard let words = left.first?.notAsked else { return }
        note("\(Figures.plural(left.count, "node")) \(words)", isProblem: true, of: "shardtop")
    }

    /// Bounds each scroll position by the end of its list, so that every key back has an effect.
    private mutating func bound(by overflow: [Place: Int]) {
        if let most = overflow[.pane(.events)] { eventScroll = min(eventScroll, most) }
        if let most = overflow[.pane(.migration)] { migrationScroll = min(migrationScroll, most) }
        if let most = overflow[.dialog] { overlayScroll = min(overlayScroll, most) }
    }

    /// Keeps the selection on its node, wherever that is now.
    mutating func choose(_ address: MemberID?) {
        let members = self.members
        selection =
            members.firstIndex { $0.id == address } ?? min(selection, max(0, members.count - 1))
    }

    mutating func sort(by order: SortOrder) {
        sortOrder = order
        note("sorted by \(order.rawValue)")
        guard let snapshot else { return }
        let chosen = chosen
        arrange(snapshot)
        choose(chosen)
    }

    /// Puts the snapshot in the order of the screen; a shard keeps the colour of its place among the ids.
    private mutating func arrange(_ snapshot: Cluster) {
        var arranged = snapshot
        arranged.notePlaces()
        arranged.sort(by: sortOrder)
        overview = arranged
    }

    private mutating func setPlan(_ goal: Goal, _ plan: PlanPreview) {
        guard case .reshard(var dialog)? = overlay, dialog.goal == goal else { return }
        dialog.plan = plan
        overlay = .reshard(dialog)
    }

    private mutating func setAnswer(_ answer: LocateDialog.Answer, of key: String) {
        if followed?.key == key {
            followed?.isAsking = false
            switch answer {
            case .found(let location):
                noteMove(to: location)
                followed?.location = location
                followed?.problem = nil
            case .failed(let problem): followed?.problem = problem
            case .none, .asking: break
            }
        }
        guard case .locate(var dialog)? = overlay, dialog.key == key else { return }
        dialog.answer = answer
        overlay = .locate(dialog)
    }

    private mutating func noteMove(to location: KeyPlace) {
        guard let last = followed?.location, last.shard != location.shard || last.epoch != location.epoch else {
            return
        }
        note(
            last.shard == location.shard
                ? "\(location.key) stayed in shard \(location.shard), now of epoch \(location.epochWords)"
                : "\(location.key) moved from shard \(last.shard) to shard \(location.shard)")
    }

    /// Asks with every poll where the followed key is, one question at a time.
    private mutating func askForFollowed() -> [Effect] {
        guard let followed, !followed.isAsking, !isFrozen, features.locate.isOffered else { return [] }
        self.followed?.isAsking = true
        return [.locate(key: followed.key)]
    }
}
