import ClusterModel

/// Telling of events.
extension ClusterWatch {
    func name(of record: ServerRecord) -> String {
        record.id.flatMap { id in topology?.nodes[id] == nil ? nil : topology?.name(of: id) } ?? "\(record.key)"
    }

    mutating func note(_ sighting: Sighting, _ now: UInt64) {
        guard events.count < Self.eventsMax else { return }
        events.append(
            Event(
                milliseconds: now, kind: sighting.kind, node: sighting.node, text: sighting.text,
                recordedBy: sighting.by))
    }

    mutating func note(
        _ kind: Event.Kind, _ record: ServerRecord, by: MemberID? = nil, _ text: String, _ now: UInt64
    ) {
        note(Sighting(kind: kind, node: MemberID(name(of: record)), text: text, by: by), now)
    }

    /// Notes the news that a server tells of itself.
    mutating func note(changesOf record: ServerRecord, to info: ServerInfo, _ now: UInt64) {
        guard let before = record.info else { return }
        let name = name(of: record)
        let member = MemberID(name)
        if let old = before.runID, let new = info.runID, old != new {
            note(.nodeUp, record, by: member, "\(name) was started anew", now)
        }
        if !before.persistence.isLoading, info.persistence.isLoading {
            note(.catchingUp, record, by: member, "\(name) loads its data", now)
        } else if before.persistence.isLoading, !info.persistence.isLoading {
            note(.serving, record, by: member, "\(name) has loaded its data", now)
        }
        if before.replication?.isLinkUp == true, info.replication?.isLinkUp == false {
            note(.warning, record, by: member, "\(name) lost the link to its primary", now)
        } else if before.replication?.isLinkUp == false, info.replication?.isLinkUp == true {
            note(.serving, record, by: member, "\(name) follows its primary again", now)
        }
        if before.persistence.failure == nil, let failure = info.persistence.failure {
            note(.warning, record, by: member, "\(name): \(failure)", now)
        }
    }
}
