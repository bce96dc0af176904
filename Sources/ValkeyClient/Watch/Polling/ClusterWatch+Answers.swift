/// Taking in answers.
extension ClusterWatch {
    /// - Returns: what else is to be asked in the same round: nodes that were not known, and what a sign is worth.
    mutating func answered(
        _ ask: ServerAsk, _ answer: ServerAnswer, tookMicroseconds: UInt64, _ now: UInt64
    ) -> [ServerAsk] {
        guard var record = records[ask.key] else { return [] }
        record.asking = nil
        record.revision += 1
        if let id = answer.id, let expected = record.id, id != expected, !isNewID(of: record, answer) {
            let other = ServerError(
                .broken, at: ask.dialled, "another node answers there than the cluster knows by this address",
                advice: "Where addresses are translated on the way, say where to reach each node with --reach.")
            return failed(ask, other, now)
        }
        let isSameRun = answer.info == nil || record.info == nil || answer.info?.runID == record.info?.runID
        if record.problem != nil, record.answeredMilliseconds != nil, isSameRun {
            note(.nodeUp, record, "\(name(of: record)) answers again", now)
        }
        record.change {
            $0.id = answer.id ?? $0.id
            $0.problem = nil
            $0.answeredMilliseconds = now
            $0.pollMicroseconds = tookMicroseconds
            if ask.parts.contains(.figures) { $0.refusals = answer.refusals }
            $0.state = answer.state ?? $0.state
            $0.keys = answer.keys ?? answer.info?.keys ?? $0.keys
            $0.jobs = answer.jobs ?? $0.jobs
            $0.heat = answer.heat ?? $0.heat
        }
        var isHot = record.jobs.contains { $0.state == .running }
        if let info = answer.info {
            note(changesOf: record, to: info, now)
            if record.take(info: info, now) { isHot = true }
        }
        if let view = answer.view {
            hasNewView = hasNewView || record.view != view
            record.take(view: view, now)
            if !view.openSlots.isEmpty { isHot = true }
        }
        let wasHot = record.hotUntilMilliseconds > now
        if isHot { record.hotUntilMilliseconds = now + ServerRecord.hotMilliseconds }
        records[ask.key] = record
        if record.info != nil { learn(answer, record.kind) }
        if let shards = answer.shards { shardNames.learn(shards, of: topology) }
        let key = answer.view?.own.map { rename(record, $0.endpoint) } ?? record.key
        var more = followUps(key, ask, answer, isNewlyHot: isHot && !wasHot, now)
        if let view = answer.view { more += discover(view, now) }
        return more
    }

    private mutating func learn(_ answer: ServerAnswer, _ kind: String) {
        if let told = answer.features { features[kind] = told }
        if let trials = answer.trials { features[kind]?.learn(trials: trials) }
        for (feature, reply) in answer.refused { features[kind]?.learn(feature, from: reply) }
    }

    /// A node that was reset hard has a new id under its old address, and says so itself.
    private func isNewID(of record: ServerRecord, _ answer: ServerAnswer) -> Bool {
        guard let own = answer.view?.own?.endpoint.address ?? answer.view.map({ _ in record.key }) else { return false }
        return own == record.key
    }

    /// The questions that its answer makes worth asking at once.
    private mutating func followUps(
        _ key: ServerAddress, _ ask: ServerAsk, _ answer: ServerAnswer, isNewlyHot: Bool, _ now: UInt64
    ) -> [ServerAsk] {
        guard let record = records[key], record.info != nil else { return [] }
        var parts: ServerAsk.Parts = []
        let isFirst = featuresAsked.insert(record.kind).inserted
        if isFirst { parts.insert(.features) }
        if isNewlyHot || ask.parts.contains(.features) {
            parts.formUnion(jobsPart(of: record).subtracting(ask.parts))
            if isWide, isNewlyHot, !ask.parts.contains(.view) { parts.insert(.view) }
        }
        let canName =
            features(of: record)[.shards].isPresent && !ask.parts.isDisjoint(with: [.view, .features])
        let isDue = shardsAskedMilliseconds.map { now >= $0 + Self.shardsMilliseconds } ?? true
        if canName, isDue, shardNames.lacksAny(of: topology) {
            shardsAskedMilliseconds = now
            parts.insert(.shards)
        }
        if answer.user != nil, features(of: record)[.trial].isPresent { parts.insert(.permissions) }
        guard var next = self.ask(record, parts, now) else { return [] }
        next.user = answer.user
        return [next]
    }

    mutating func failed(_ ask: ServerAsk, _ error: ServerError, _ now: UInt64) -> [ServerAsk] {
        guard var record = records[ask.key] else { return [] }
        record.asking = nil
        record.revision += 1
        // A server that was never connected may be reached at another of its places.
        if error.kind == .unreachable || error.kind == .broken, record.tryNextPlace() {
            records[ask.key] = record
            return self.ask(record, ask.parts, now).map { [$0] } ?? []
        }
        if ask.parts.contains(.features) { featuresAsked.remove(record.kind) }
        if record.problem == nil, record.answeredMilliseconds != nil {
            note(.nodeDown, record, "\(name(of: record)) does not answer: \(error.what)", now)
        }
        record.problem = error
        record.jobs = record.jobs.filter { $0.state != .running }
        if record.view != nil {
            record.dropView()
            hasNewView = true
        }
        records[ask.key] = record
        return []
    }

    /// A seed may be dialled under another name than it goes by.
    mutating func rename(_ record: ServerRecord, _ endpoint: NodesView.Endpoint) -> ServerAddress {
        guard record.isSeed, let name = endpoint.name, name != record.key else { return record.key }
        var places = places(of: endpoint)
        if !places.contains(record.dialled) { places.append(record.dialled) }
        records[record.key] = nil
        if records[name] != nil {
            records[name]?.add(place: record.dialled)
            records[name]?.isSeed = true
            return name
        }
        records[name] = record.renamed(to: name, places: places)
        return name
    }

    /// Nodes may call one by different addresses.
    private func answersElsewhere(_ id: NodeID) -> Bool { records.values.contains { $0.id == id && $0.isReachable } }

    private func places(of endpoint: NodesView.Endpoint) -> [ServerAddress] {
        guard let port = endpoint.port, let name = endpoint.name else { return [] }
        if let place = setup.reach[name] { return [place] }
        let hostName = endpoint.hostName.map { ServerAddress(host: $0, port: port) }
        if let hostName, let place = setup.reach[hostName] { return [place] }
        let places = [endpoint.address, hostName].compactMap { $0 }
        return setup.prefersHostNames ? places.reversed() : places
    }

    private mutating func discover(_ view: NodesView, _ now: UInt64) -> [ServerAsk] {
        var asks: [ServerAsk] = []
        for node in view.nodes {
            guard node.id != view.myself, let name = node.endpoint.name,
                node.flags.isDisjoint(with: [.handshake, .noAddress])
            else { continue }
            if records[name] != nil {
                records[name]?.namedMilliseconds = now
                if records[name]?.id == nil { records[name]?.id = node.id }
            } else if records.count < setup.nodesMax, !answersElsewhere(node.id) {
                var record = ServerRecord(
                    key: name, places: places(of: node.endpoint), isSeed: false, namedMilliseconds: now)
                record.id = node.id
                records[name] = record
            }
        }
        let new = records.values.filter { $0.asking == nil && $0.figuresAskedMilliseconds == 0 }.map(\.key).sorted()
        for key in new {
            guard let record = records[key] else { continue }
            let parts = isWide ? figures(of: record) : everything(of: record, now)
            if let ask = ask(record, parts, now) { asks.append(ask) }
        }
        return asks
    }
}

extension NodesView.Endpoint {
    /// The name by which a node goes: its address, or, where it keeps that to itself, the host name that it announces.
    var name: ServerAddress? {
        if let address { return address }
        guard let hostName, let port else { return nil }
        return ServerAddress(host: hostName, port: port)
    }
}
